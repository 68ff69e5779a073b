"""What the numbers of the documentation come from: one command each."""
