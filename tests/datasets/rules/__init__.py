"""Rules for data: reading, asking, proposing."""
