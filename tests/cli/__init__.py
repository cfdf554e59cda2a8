"""Tests of `workbench.cli`."""
