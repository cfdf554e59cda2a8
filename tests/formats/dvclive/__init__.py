"""Tests of `workbench.formats.dvclive`."""
