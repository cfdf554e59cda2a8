"""Tables of data and of predictions: reading them, and statistics over them."""
