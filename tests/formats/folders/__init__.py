"""Tests of `workbench.formats.folders`."""
