"""Tests of tables of data and predictions."""
