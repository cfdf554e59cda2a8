"""Tests of what a training script uses."""
