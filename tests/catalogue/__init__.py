"""Tests of `workbench.catalogue`."""
