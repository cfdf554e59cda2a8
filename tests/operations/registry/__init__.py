"""What a person can do with registered models."""
