"""Other tools' databases, read while they are written, without a trace."""
