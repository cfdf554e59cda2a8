"""The reader of Trackio's databases."""
