"""Tests of `workbench.formats.trainers`."""
