"""The screens of registered models."""
