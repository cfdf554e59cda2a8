"""Throwing bytes at the readers of binary formats: ``python -m tests.fuzz tensorboard``."""
