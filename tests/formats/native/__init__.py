"""Tests of `workbench.formats.native`."""
