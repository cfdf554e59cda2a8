"""Shares of categories as pairs: the reference a filled bar, the current a bright line over it."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.charts.bars import Bar, bars
from workbench.charts.drifting.sides import (
    FILLED,
    PERCENT,
    aside,
    empty,
    entries,
    joined,
    missing,
    said,
)
from workbench.charts.figure import Figure, nothing
from workbench.charts.palette import DARK, Theme

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, Shape

NEW, GONE = "new", "gone"
OTHER: Final = "(other)"
_LONG: Final = 3.0
NONE_MISSING: Final = "No value is missing on either side."


def categories(column: "ColumnDrift", *, theme: Theme = DARK) -> Figure:
    """Return the shares of categories on both sides, those that moved most first."""
    shape = column.shape
    if shape is None or not shape.categories:
        return empty(column)
    found = pairs(shape)
    named = found[:-1] if _rest(shape) else found
    longest = max(max(before, now) for _, before, now, _ in named)
    rows = [
        Bar(name, now * PERCENT, said=_said(before, now, sign), before=before * PERCENT)
        for name, before, now, sign in named
    ]
    rows += [_others(before, now, longest) for _, before, now, _ in found[len(named) :]]
    notes = joined(
        said(column, "tvd", "total variation"), said(column, "psi", "PSI"), missing(column)
    )
    made = bars(rows, title=column.name, label="% of values", aside=aside(column), notes=notes,
                theme=theme)  # fmt: skip
    return replace(made, entries=entries(theme, FILLED))


def _rest(shape: "Shape") -> bool:
    return bool(shape.reference_other or shape.current_other)


def _others(before: float, now: float, longest: float) -> Bar:
    """Return all other categories: without a bar where no other one would be seen beside it."""
    if max(before, now) > _LONG * longest:
        return Bar(OTHER, math.nan, said=f"{_said(before, now, '')}, no bar", before=0.0)
    return Bar(OTHER, now * PERCENT, said=_said(before, now, ""), before=before * PERCENT)


def missing_values(column: "ColumnDrift", *, theme: Theme = DARK) -> Figure:
    """Return the shares of rows without a value, beside those with one."""
    if not rates(column):
        return nothing(column.name, NONE_MISSING)
    rows = [
        Bar(name, now * PERCENT, said=_said(before, now, ""), before=before * PERCENT)
        for name, before, now in rates(column)
    ]
    made = bars(
        rows, title=column.name, label="% of rows", aside=aside(column),
        notes=said(column, "missing", "change of missing"), theme=theme,
    )  # fmt: skip
    return replace(made, entries=entries(theme, FILLED))


def rates(column: "ColumnDrift") -> list[tuple[str, float, float]]:
    """Return the shares of rows with and without a value; nothing where none is missing."""
    before, now = column.reference_missing, column.current_missing
    if not (before or now):
        return []
    return [("missing", before, now), ("has a value", 1 - before, 1 - now)]


def _said(before: float, now: float, sign: str) -> str:
    marked = f"  {sign}" if sign else ""
    return f" {words.percent(before)} → {words.percent(now)}{marked}"


def pairs(shape: "Shape") -> list[tuple[str, float, float, str]]:
    """Return each category with its two shares, and whether it is new or gone."""
    found = []
    for at, name in enumerate(shape.categories):
        before, now = _at(shape.reference_parts, at), _at(shape.current_parts, at)
        new = at < len(shape.new) and shape.new[at]
        found.append((name, before, now, NEW if new else GONE if before and not now else ""))
    if _rest(shape):
        found.append((OTHER, shape.reference_other, shape.current_other, ""))
    return found


def _at(parts: tuple[float, ...], at: int) -> float:
    return parts[at] if at < len(parts) else 0.0
