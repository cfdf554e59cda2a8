"""What is held against profiles of datasets."""
