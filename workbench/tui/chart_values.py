"""The values of a chart as text: under the crosshair, and as a table."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench import words
from workbench.operations.traces import standing
from workbench.runs.alignment import band_at
from workbench.runs.series import Floats
from workbench.tui.cells import Cell, fit, visible, width_of
from workbench.tui.cells import Line as Row
from workbench.tui.chart_axis import axis_label, place_words
from workbench.tui.chart_curves import Drawn
from workbench.tui.chart_settings import Group, Line

_MOST_PLACES = 1000
_STD_DIGITS = 2
"""Of a deviation; the third one of a few seeds is chance."""
_MARK, _GAP = "▸ ", "  "
_LEAST = 8
"""Cells of a column, so that something of its head can be read."""
_MOST_LABEL = 24


class Value(NamedTuple):
    """What a run stands at under the crosshair."""

    who: Line | Group
    words: str
    """``0.3124``; with ``@900`` behind it where its last point is before the crosshair."""


class ReadOut(NamedTuple):
    """The values of one metric at one place."""

    metric: str
    place: str
    values: tuple[Value, ...]


def read_out(title: str, drawn: Sequence[Drawn], at: float, x: str) -> ReadOut:
    """Return what every curve of a chart stands at in a place."""
    values = tuple(Value(one.who, _standing(one, at, x)) for one in drawn)
    return ReadOut(title, place_words(at, x), values)


def _standing(one: Drawn, at: float, x: str) -> str:
    last = _last(one)
    place = np.asarray([min(at, last)])
    if np.isnan(standing(one.trace, place).since[0]):
        return words.UNKNOWN
    (said,) = _values(one, place)
    return f"{said} @{_bare(last, x)}" if last < at else said


def _values(one: Drawn, places: Floats) -> list[str]:
    """Return the values of a curve in words; of a group the mean, ± its std, and of how many."""
    if not one.parts:
        return [words.number(value) for value in standing(one.trace, places).values.tolist()]
    found = band_at(one.parts, places)
    rows = zip(found.mean.tolist(), found.std.tolist(), found.n, strict=True)
    return [_mean(mean, std, n, one.n) for mean, std, n in rows]


def _mean(mean: float, std: float, n: int, of: int) -> str:
    """Return ``0.65 ±0.02 n=3``; how many there are only where they are not all there."""
    around = f" ±{words.number(std, _STD_DIGITS)}" if np.isfinite(std) else ""
    return f"{words.number(mean)}{around}" + (f" n={n}" if n < of else "")


def _bare(at: float, x: str) -> str:
    return place_words(at, x).removeprefix(axis_label(x)).strip()


def read_out_lines(shown: ReadOut, width: int, most: int) -> tuple[Row, ...]:
    """Return a read-out in at most so many lines; labels only where all of it fits with them."""
    head = (Cell(shown.metric, "bold"), Cell(f" at {shown.place}", "dim"))
    whole = _wrapped([head, *(_part(value, labelled=True) for value in shown.values)], width)
    if len(whole) == 1:
        return whole
    return _wrapped([head, *(_part(value, labelled=False) for value in shown.values)], width)[:most]


def _part(value: Value, *, labelled: bool) -> Row:
    who = value.who
    ink = f"#{who.color:06x}"
    letter = visible(who.letter) or "─"
    label = f" {visible(who.label)[:_MOST_LABEL]}" if labelled or not who.letter else ""
    style = f"bold {ink}" if who.focused else ink
    return (Cell(letter, f"bold {ink}"), Cell(label, style), Cell(f" {value.words}", "plain"))


def _wrapped(parts: Sequence[Row], width: int) -> tuple[Row, ...]:
    """Return parts in lines, none of them broken in two."""
    lines: list[tuple[Cell, ...]] = [()]
    used = 0
    for part in parts:
        size = sum(width_of(cell.text) for cell in part)
        gap = 2 if used else 0
        if used and used + gap + size > width:
            lines.append(())
            used = gap = 0
        lines[-1] = (*lines[-1], *([Cell("  ")] if gap else []), *part)
        used += gap + size
    return tuple(lines)


class Table(NamedTuple):
    """The values of one metric in many places, as lines."""

    lines: tuple[Row, ...]
    here: int | None = None
    """The line of the crosshair's place, or of the last one before."""
    read: ReadOut | None = None
    """The values under the crosshair."""


def table_of(
    title: str, drawn: Sequence[Drawn], x: str, *, at: float | None = None, width: int = 80
) -> Table:
    """Return the values side by side, one line for each place on the x-axis, the last one first.

    Where a run has no point of its own in a place, what it stands at there is in brackets.

    Args:
        title: What the values are of.
        drawn: The curves.
        x: What stands on the axis.
        at: Where the crosshair stands; of very many places those around it are shown.
        width: Cells the columns share.
    """
    finite = [one.trace.x[np.isfinite(one.trace.x)] for one in drawn]
    places = np.unique(np.concatenate([np.empty(0), *finite]))
    here = None if at is None else max(int(np.searchsorted(places, at, side="right")) - 1, 0)
    first = _first(len(places), here)
    shown = places[first : first + _MOST_PLACES]
    marked = None if here is None or not len(shown) else here - first
    head, *rows = _sheet(drawn, shown, x, marked, width)
    lines = (
        (Cell(_which(title, len(shown), len(places), here), "dim"),),
        (Cell("(in brackets): no point there, the last value before", "faint"),),
        head,
        *reversed(rows),
    )
    read = None if at is None else read_out(title, drawn, at, x)
    return Table(lines, None if marked is None else len(lines) - 1 - marked, read)


def _first(places: int, here: int | None) -> int:
    """Return the first of the places to show: the last ones, or those around the crosshair."""
    last = max(places - _MOST_PLACES, 0)
    return last if here is None else min(max(here - _MOST_PLACES // 2, 0), last)


def _which(title: str, shown: int, places: int, here: int | None) -> str:
    if shown == places:
        return title
    what = "the last" if here is None else "around the crosshair"
    return f"{title}: {what} {shown} of {words.plural(places, 'place')}"


def _sheet(
    drawn: Sequence[Drawn], places: Floats, x: str, marked: int | None, width: int
) -> list[Row]:
    """Return the heads and a line for each place; the crosshair's has a mark before it."""
    said = [_bare(float(at), x) for at in places]
    first = max(map(width_of, (axis_label(x), *said))) + len(_MARK)
    columns = [_column(one, places) for one in drawn]
    sizes = _sizes([_heading(one) for one in drawn], columns, width - first)
    heads = (
        Cell(f"{_GAP}{fit(_heading(one), size - 1, 'right')} ", "bold")
        for one, size in zip(drawn, sizes, strict=True)
    )
    rows: list[Row] = [(Cell(fit(axis_label(x), first, "right"), "dim"), *heads)]
    for n, at in enumerate(said):
        mark = _MARK if n == marked else " " * len(_MARK)
        cells = (
            Cell(_GAP + fit(column[n].text, size, "right"), column[n].style)
            for column, size in zip(columns, sizes, strict=True)
        )
        style = "accent" if n == marked else "dim"
        rows.append((Cell(mark + fit(at, first - len(mark), "right"), style), *cells))
    return rows


def _sizes(heads: Sequence[str], columns: Sequence[Sequence[Cell]], width: int) -> list[int]:
    """Return the width of each column: what its values need, and what its head has room for.

    What a narrow column leaves of its share goes to the wider ones.
    """
    needed = [max((width_of(cell.text) for cell in column), default=1) for column in columns]
    wanted = [width_of(head) + 1 for head in heads]
    left, sizes = width, dict.fromkeys(range(len(heads)), 0)
    for done, n in enumerate(sorted(sizes, key=lambda n: wanted[n])):
        share = left // (len(heads) - done) - len(_GAP)
        sizes[n] = max(needed[n], _LEAST, min(wanted[n], share))
        left -= sizes[n] + len(_GAP)
    return list(sizes.values())


def _heading(one: Drawn) -> str:
    return f"{one.who.letter} {one.curve.label}".strip()


def _column(one: Drawn, places: Floats) -> list[Cell]:
    since = standing(one.trace, places).since
    over = places > _last(one)
    return [
        Cell(_said(value, none=none, own=own), ("dim", "plain")[own])
        for value, none, own in zip(
            _values(one, places),
            (over | np.isnan(since)).tolist(),
            (since == places).tolist(),
            strict=True,
        )
    ]


def _said(value: str, *, none: bool, own: bool) -> str:
    """Return a value with a blank at its end where others have the end of their bracket."""
    if none:
        return f"{words.UNKNOWN} "
    return f"{value} " if own else f"({value})"


def _last(one: Drawn) -> float:
    """Return the x of a curve's last point; minus infinity where it has none."""
    finite = one.trace.x[np.isfinite(one.trace.x)]
    return float(finite.max()) if len(finite) else -np.inf
