"""The plots as tables: the same numbers, cell by cell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench import words
from workbench.charts.drifting.categories import NONE_MISSING, pairs, rates
from workbench.charts.drifting.curves import gap_of, gap_said
from workbench.charts.drifting.over_time import Point, Promotion
from workbench.charts.drifting.shifting import shift_of, unit_said
from workbench.charts.drifting.sides import apart, why_none
from workbench.datasets.drift.report import Shape

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift

Cells = tuple[str, ...]


class Table(NamedTuple):
    """A title, rows, and what stands over their columns; a row of one cell is a sentence."""

    title: str
    rows: tuple[Cells, ...]
    heads: Cells


def table(column: "ColumnDrift", kind: str) -> Table:
    """Return one of the plots of a column as a table.

    Raises:
        KeyError: There is no such kind.
    """
    made = {
        "distributions": _bins,
        "cumulative": _cumulative,
        "quantile shift": _shift,
        "categories": _categories,
        "missing": _missing,
    }[kind]
    found = made(column, column.shape or _NO_SHAPE)
    if found is None or not found.rows:
        return Table(kind, ((NONE_MISSING if kind == "missing" else why_none(column),),), ())
    return found


def _bins(column: "ColumnDrift", shape: Shape) -> Table:  # noqa: ARG001 - as the others
    number = max(len(shape.reference_shares), len(shape.current_shares))
    edges = apart(shape.edges[: number - 1], 6)
    rows = [
        (edges[at - 1] if at else "", edges[at] if at < number - 1 else "",
         *_pair(_at(shape.reference_shares, at), _at(shape.current_shares, at)))
        for at in range(number)
    ]  # fmt: skip
    return Table("tenths of the reference", tuple(rows), ("above", "up to", *_SIDES, "change"))


_NO_SHAPE = Shape()
_SIDES = ("reference", "current")


def _at(values: Sequence[float], at: int) -> float | None:
    return values[at] if at < len(values) else None


def _pair(before: float | None, now: float | None) -> Cells:
    change = None if before is None or now is None else now - before
    return words.percent(before), words.percent(now), _points(change)


def _points(change: float | None) -> str:
    """Return a difference of two shares in percentage points."""
    if change is None:
        return words.UNKNOWN
    return f"{round(change * 100, 1):+g} pp" if round(change * 100, 1) else "="


def _cumulative(column: "ColumnDrift", shape: Shape) -> Table:
    rows: list[Cells] = [
        (words.percent(at), *(words.number(value, 6) for value in sides))
        for at, *sides in zip(shape.at, *_quantiles(shape), strict=False)
    ]
    gap = gap_of(column)
    if gap is not None:
        rows.insert(0, (f"greatest gap {gap_said(gap)}",))
    return Table("values up to which a share lies", tuple(rows), ("share", *_SIDES))


def _quantiles(shape: Shape) -> list[Sequence[float | None]]:
    none = [None] * len(shape.at)
    return [shape.reference_quantiles or none, shape.current_quantiles or none]


def _shift(column: "ColumnDrift", shape: Shape) -> Table | None:
    found = shift_of(column)
    if found is None:
        return None
    by_share = {at: pair for at, *pair in zip(shape.at, *_quantiles(shape), strict=False)}
    rows = [
        (words.percent(at / 100), *(words.number(one, 6) for one in _nearest(by_share, at / 100)),
         words.delta(float(by)))
        for at, by in zip(found.at.tolist(), found.by.tolist(), strict=True)
    ]  # fmt: skip
    return Table("where it moved", tuple(rows), ("share", *_SIDES, f"moved, {unit_said(found)}"))


def _nearest(by_share: dict[float, list[float]], at: float) -> list[float]:
    return by_share[min(by_share, key=lambda one: abs(one - at))]


def _categories(column: "ColumnDrift", shape: Shape) -> Table:  # noqa: ARG001 - as the others
    rows = [
        (words.visible(name), *_pair(before, now), sign) for name, before, now, sign in pairs(shape)
    ]
    return Table("categories", tuple(rows), ("category", *_SIDES, "change", ""))


def _missing(column: "ColumnDrift", shape: Shape) -> Table:  # noqa: ARG001 - as the others
    rows = [(name, *_pair(before, now)) for name, before, now in rates(column)]
    return Table("missing", tuple(rows), ("", *_SIDES, "change"))


def over_time_table(points: Sequence[Point], promotions: Sequence[Promotion] = ()) -> Table:
    """Return the effects over time as a table, promotions between the chunks they came before."""
    rows: list[Cells] = []
    waiting = sorted(promotions)
    for point in points:
        while waiting and point.start is not None and waiting[0].time <= point.start:
            rows.append(_promoted(waiting.pop(0)))
        effect = words.UNKNOWN if point.effect is None else words.number(point.effect, 3)
        rows.append((words.visible(point.label), effect, point.verdict, ""))
    rows += map(_promoted, waiting)
    return Table("effect over its limit", tuple(rows), ("chunk", "effect", "verdict", "promoted"))


def _promoted(one: Promotion) -> Cells:
    return words.iso(one.time)[:10], "", "", words.visible(one.words)
