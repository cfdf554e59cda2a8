"""The screens: the only code that knows Textual.

Nothing heavier than Textual, DuckDB and msgspec may be imported by a module here
when it is loaded; charts and everything that needs numpy come inside functions,
after the first paint.
"""
