"""Tests of the two dialects."""
