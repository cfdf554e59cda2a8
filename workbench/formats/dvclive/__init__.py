"""DVCLive, whose folder the next run overwrites."""
