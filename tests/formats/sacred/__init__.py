"""Tests of `workbench.formats.sacred`."""
