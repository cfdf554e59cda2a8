"""Tests of `workbench.sync`."""
