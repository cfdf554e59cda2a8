"""Widgets that two or more screens share. They know values, never operations."""
