"""Tests of the export to MLflow."""
