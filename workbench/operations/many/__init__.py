"""Charts of many runs: which runs, which columns, which kind, and the same as a table.

`picture` is what the front ends call. The columns of the whole population are read as
arrays, runs outside the ranges fall away, what is left becomes a figure, and every
figure's numbers come along as rows. `choices` are the columns an axis may have,
`read_range` reads a range as people write it, `asked_of` what a saved view asks.
"""

from workbench.operations.many.asked import KINDS, Asked, Picture, Range, Summary
from workbench.operations.many.offered import choices
from workbench.operations.many.picture import picture
from workbench.operations.many.ranges import read_range
from workbench.operations.many.viewed import asked_of, carried, kept

__all__ = [
    "KINDS",
    "Asked",
    "Picture",
    "Range",
    "Summary",
    "asked_of",
    "carried",
    "choices",
    "kept",
    "picture",
    "read_range",
]
