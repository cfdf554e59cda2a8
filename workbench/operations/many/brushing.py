"""Ranges on columns: which runs lie inside, and the filter that finds the same runs.

The chart tests arrays, the filter asks the catalogue, and both must find exactly the same
runs: what a missing value, a NaN or a text means to a range is said here for both. A range
holds neither missing values nor NaN; of a column of numbers it holds no texts.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from workbench.catalogue.expressions import NUMERIC
from workbench.catalogue.query import Column
from workbench.catalogue.values import Flags
from workbench.errors import UsageError
from workbench.filters.fields import ATTRIBUTES, PARTS
from workbench.filters.literals import number_of
from workbench.filters.tree import (
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Node,
    Number,
    Text,
    Truth,
    Value,
    conjunction,
    disjunction,
)
from workbench.operations.many.measured import Key, Measured
from workbench.words import UNKNOWN, moment, number

_FILTER_NAMES: Final = {"commit": "git"}
_TRUTHS: Final = frozenset(("dirty", "archived"))


def inside(what: Measured, low: float | str, high: float | str) -> Flags:
    """Return which runs lie in a range of a column, both ends included."""
    first, last = ends(what, low, high)
    found: Flags = what.there & (what.places >= first) & (what.places <= last)
    return found


def ends(what: Measured, low: float | str, high: float | str) -> tuple[float, float]:
    """Return where a range begins and ends on the axis, the lower end first.

    Raises:
        UsageError: The column has no such category, or is of numbers.
    """
    first, last = (_place(what, end) for end in (low, high))
    return (last, first) if last < first else (first, last)


def _place(what: Measured, end: float | str) -> float:
    """Return where an end lies on the axis.

    Raises:
        UsageError: The column has no such category, or is of numbers.
    """
    if not isinstance(end, str):
        return float(end)
    if end in what.names:
        return float(what.names.index(end))
    number = number_of(end)
    if number is not None and (not what.names or number.value in what.keys):
        return float(what.keys.index(number.value)) if what.names else number.value
    if not what.names:
        raise UsageError(f"{what.label} has numbers, and {end!r} is none.")
    raise UsageError(
        f"{what.label} has no value {end!r}.", hint=f"Take one of {', '.join(what.names)}."
    )


def said_range(what: Measured, low: float | str, high: float | str) -> str:
    """Return a range in words: ``lr 0.001 … 0.01``, or ``opt adam, sgd`` of names."""
    first, last = ends(what, low, high)
    if what.names:
        chosen = [name for place, name in enumerate(what.names) if first <= place <= last]
        return f"{what.label} {', '.join(chosen) or UNKNOWN}"
    say = moment if what.is_time else number
    parts = [say(one) if math.isfinite(one) else "" for one in (first, last)]
    return f"{what.label} {' … '.join(parts).strip()}"


def condition(what: Measured, low: float | str, high: float | str) -> Node:
    """Return the filter that finds the runs `inside` a range, whatever else they are.

    Raises:
        UsageError: A filter cannot ask for the column.
    """
    field = field_of(what.column)
    first, last = ends(what, low, high)
    if what.names or (field.kind == "attribute" and what.column.name not in NUMERIC):
        return _of_categories(field, what, first, last)
    if what.is_time:
        return _of_times(field, first, last)
    return conjunction([Compare(field, ">=", Number(first)), Compare(field, "<=", Number(last))])


def _of_times(field: Field, first: float, last: float) -> Node:
    """Return a range of moments; a moment without end is no value, so an open end is none."""
    tests: list[Node] = [IsNull(field, negated=True)]
    if math.isfinite(first):
        tests.append(Compare(field, ">=", Instant(first)))
    if math.isfinite(last):
        tests.append(Compare(field, "<=", Instant(last)))
    return conjunction(tests[1:] or tests)


def _of_categories(field: Field, what: Measured, first: float, last: float) -> Node:
    """Return the categories of a range by name; what is shown as other, as none of the rest."""
    chosen = [key for place, key in enumerate(what.keys) if first <= place <= last]
    found: list[Node] = []
    if chosen:
        found.append(In(field, tuple(_value(field, key) for key in chosen)))
    if len(what.names) > len(what.keys) and first <= len(what.keys) <= last:
        named = tuple(_value(field, key) for key in what.keys)
        found.append(In(field, named, negated=True))
    if not found:
        return conjunction([IsNull(field), IsNull(field, negated=True)])
    return disjunction(found)


def _value(field: Field, key: Key) -> Value:
    if field.kind == "attribute" and field.name in _TRUTHS:
        return Truth(key == "true")
    return Number(math.nan if np.isnan(key) else key) if isinstance(key, float) else Text(key)


def field_of(column: Column) -> Field:
    """Return a column as a filter names it.

    Raises:
        UsageError: It cannot.
    """
    if column.kind == "metric":
        part = next((part for part in PARTS if part == column.part), None)
        if part is not None:
            return Field("metric", column.name, part)
    elif column.kind != "attribute":
        return Field(column.kind, column.name)
    elif _FILTER_NAMES.get(column.name, column.name) in ATTRIBUTES:
        return Field("attribute", _FILTER_NAMES.get(column.name, column.name))
    raise UsageError(
        f"A filter cannot ask for {column.title}, so no range of it can be taken.",
        hint="Take a range of another column.",
    )


def together(base: Node | None, conditions: Sequence[Node]) -> Node | None:
    """Return the filter of the runs that match ``base`` and lie inside every range."""
    parts = [*([] if base is None else [base]), *conditions]
    return conjunction(parts) if parts else None
