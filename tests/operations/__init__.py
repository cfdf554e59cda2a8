"""Tests of `workbench.operations`."""
