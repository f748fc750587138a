"""Which examples a batch is made of, and which part of them."""
