"""Everything a person can do with registered models, one module a verb."""
