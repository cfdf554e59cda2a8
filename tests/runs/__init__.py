"""Tests of the arithmetic on runs."""
