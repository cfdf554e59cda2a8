"""The command line: parse, call one operation, print.

No module here knows DuckDB, a format or a screen. `main` alone turns errors into
sentences and exit codes, `output` alone writes to stdout, and `screen` alone
imports the screens. Command modules import nothing heavy at their top, so that
``workbench --help`` can read their docstrings.
"""
