"""Event files: their frames, what is in them, and which folders are one run."""
