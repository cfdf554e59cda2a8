"""Everything a person can do with datasets, each once."""
