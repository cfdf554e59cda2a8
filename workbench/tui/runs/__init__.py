"""The runs screen: a table over everything, the curves of what is marked, and a filter."""
