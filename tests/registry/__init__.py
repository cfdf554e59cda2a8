"""The journal of a model, what it means, and what may be added to it."""
