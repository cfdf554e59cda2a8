"""Tests of versions of datasets in the folder."""
