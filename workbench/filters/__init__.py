"""The filter language: text to a frozen tree, the same for screen, command line and notebook.

`parse` reads a text, `resolve` looks its bare names up, `render` writes it again, `complete`
offers what could come next. What a tree means, missing values and NaN included, is said in
`workbench.filters.tree`. Nothing here knows of SQL or of any run.

Importing this loads no parser; the first filter read does.
"""

from workbench.filters.completion import Completion, complete
from workbench.filters.names import Names, resolve
from workbench.filters.reading import caret, parse
from workbench.filters.writing import render, render_value

__all__ = ["Completion", "Names", "caret", "complete", "parse", "render", "render_value", "resolve"]
