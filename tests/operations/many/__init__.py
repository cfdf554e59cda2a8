"""Tests of `workbench.operations.many`."""
