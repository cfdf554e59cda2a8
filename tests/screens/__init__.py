"""The compare screen as text, at two sizes, without colour.

`dumps/` holds what each scene of `scenes.py` looks like. A test fails when a screen no
longer looks like its file; ``python -m tests.screens`` writes the files anew and prints
which changed, so that somebody looks at them before they are kept.
"""
