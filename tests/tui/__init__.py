"""The screens' parts, each shown with honest data."""
