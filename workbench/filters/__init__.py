"""The filter language: text to a frozen tree, the same for screen, command line and notebook.

`parse` reads a text, `parse_rule` a rule of a check, `parse_rows` a filter over the rows of a
table, `resolve` looks bare names of a filter up,
`render` writes either again, `complete` offers what could come next in a filter. What a tree
means, missing values and NaN included, is said in `workbench.filters.tree`. Nothing here knows of
SQL, of any run or of any model.

Importing this loads no parser; the first filter read does.
"""

from workbench.filters.completion import Completion, complete
from workbench.filters.names import Names, resolve
from workbench.filters.reading import caret, parse, parse_expression, parse_rows, parse_rule
from workbench.filters.row_completion import complete_rows
from workbench.filters.writing import render, render_value

__all__ = [
    "Completion",
    "Names",
    "caret",
    "complete",
    "complete_rows",
    "parse",
    "parse_expression",
    "parse_rows",
    "parse_rule",
    "render",
    "render_value",
    "resolve",
]
