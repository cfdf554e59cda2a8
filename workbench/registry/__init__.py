"""Models, versions and stages: the journal, what it means, and what may be added to it.

Arithmetic on values and files; nothing here knows of runs' formats, of SQL or of any screen.
"""
