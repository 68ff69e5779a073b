"""The documents: what is generated of them, and what runs of them."""
