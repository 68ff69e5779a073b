"""Results reach their readers: files now, mail later."""
