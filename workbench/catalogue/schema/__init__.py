"""Numbered schema files; together they make an empty catalogue."""
