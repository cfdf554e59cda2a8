"""The pane of charts over many runs, and what its keys mean."""
