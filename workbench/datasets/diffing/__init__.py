"""Two versions of a dataset beside each other: columns, rows, distributions."""
