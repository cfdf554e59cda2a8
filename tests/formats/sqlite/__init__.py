"""Tests of `workbench.formats.sqlite`."""
