"""Arithmetic on runs: series, spreads, deltas, edits, status. Values in, values out."""
