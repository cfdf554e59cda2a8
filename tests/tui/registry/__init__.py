"""The screens of the registry, over journals and files written at once."""
