"""Tests of the screen on which marked runs stand side by side."""
