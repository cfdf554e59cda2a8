"""Projects of Trackio, read without Trackio: a database each."""
