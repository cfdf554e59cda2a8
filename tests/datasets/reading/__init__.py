"""Tests of data files of every format."""
