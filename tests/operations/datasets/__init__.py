"""What a person can do with datasets."""
