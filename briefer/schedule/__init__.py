"""When issues are due, the units of other schedulers, and a scheduler of our own."""
