"""Runs and models of other tools, copied into the workspace for good."""
