"""Two tables beside each other."""
