"""What to read: feeds, record files, stdin. Bytes become entries or pages; nothing here opens a socket."""
