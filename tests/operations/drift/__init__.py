"""What a person can do about drift."""
