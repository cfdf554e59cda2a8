"""Screens of drift: what is watched, and one monitor's columns over its chunks."""
