"""Ranges as people write them: a column, an equals sign, one value or two with dots between."""

import math
from typing import Final

from workbench.catalogue.query import Column
from workbench.errors import FilterError, UsageError
from workbench.filters import Names
from workbench.filters.literals import value_for
from workbench.filters.quoting import Word, unquote
from workbench.filters.tree import Instant, Number, Text, Truth
from workbench.operations import columns
from workbench.operations.many.asked import Range
from workbench.operations.many.brushing import field_of

_DOTS: Final = ".."


def read_range(text: str, names: Names, now: float) -> Range:
    """Return the range of ``lr=0.001..0.01``, ``lr=..0.01``, ``opt=adam`` or ``started=-2d..``.

    Args:
        text: A column, an equals sign, and one value or two with two dots between.
        names: The names there are.
        now: What relative times count from, in seconds since 1970.

    Raises:
        UsageError: It cannot be read, or there is no such column.
    """
    name, mark, written = text.partition("=")
    if not mark or not name.strip() or not written.strip():
        raise UsageError(f"{text!r} is no range.", hint="Write one such as lr=0.001..0.01.")
    column = columns.column(name, names)
    low, dots, high = _parted(written.strip())
    one = _end(column, low.strip(), -math.inf, now)
    return Range(column, one, _end(column, high.strip(), math.inf, now) if dots else one)


def _parted(written: str) -> tuple[str, str, str]:
    """Return both ends and the dots between; what stands in quotes as a whole is one value."""
    if written[0] in "'\"" and written.find(written[0], 1) == len(written) - 1:
        return written, "", ""
    return written.partition(_DOTS)


def _end(column: Column, text: str, default: float, now: float) -> float | str:
    """Return one end of a range, read as a filter would read it beside the column.

    What a param or a tag holds is known only with the runs; its end stays as it is written.
    """
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    if not text:
        return default
    if column.kind in ("param", "tag"):
        return unquote(text) if quoted else text
    try:
        value = value_for(field_of(column), Word(unquote(text) if quoted else text, 0, quoted))
    except FilterError as error:
        raise UsageError(error.message, hint=error.hint) from None
    match value:
        case Number(number):
            return number
        case Instant():
            return value.at(now)
        case Truth(truth):
            return str(truth).lower()
        case Text(words):
            return words
