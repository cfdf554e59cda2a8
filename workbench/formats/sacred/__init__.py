"""Sacred's file storage."""
