"""Tests of the screens of drift."""
