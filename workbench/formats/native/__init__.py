"""The workbench's own run folders, read and written."""
