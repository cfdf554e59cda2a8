"""The generated parts of the manual."""
