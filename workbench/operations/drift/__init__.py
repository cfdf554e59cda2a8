"""What a person can do about drift: check, watch, list, acknowledge, mute; each once."""
