"""The examples, built as their users build them."""
