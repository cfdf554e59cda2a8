"""Runs that are folders, of all formats at once: one walk, one run however many tools wrote it."""
