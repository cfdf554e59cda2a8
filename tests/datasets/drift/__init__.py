"""Tests of the arithmetic of drift."""
