"""The screens of datasets."""
