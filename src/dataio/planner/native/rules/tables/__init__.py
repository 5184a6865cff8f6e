"""Relations, and what hangs on them."""
