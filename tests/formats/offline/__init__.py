"""Readers of what services left on disk."""
