"""Tests of `workbench.formats.tables`."""
