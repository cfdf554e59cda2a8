"""Readers of run folders, ours and other tools', one module each, one contract."""
