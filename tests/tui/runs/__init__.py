"""Tests of the runs screen."""
