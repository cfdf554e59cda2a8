"""The catalogue: a private DuckDB index of a workspace, and all the SQL there is.

It may be deleted at any time without loss. Nothing outside this folder imports
duckdb or writes a statement; nothing in here knows a screen or a command.
"""
