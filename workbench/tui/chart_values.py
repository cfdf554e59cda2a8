"""The values of a chart as text: under the crosshair, and as a table."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench import words
from workbench.operations.traces import standing
from workbench.runs.series import Floats
from workbench.tui.cells import Cell, fit, visible, width_of
from workbench.tui.cells import Line as Row
from workbench.tui.chart_axis import axis_label, place_words
from workbench.tui.chart_curves import Drawn
from workbench.tui.chart_settings import Group, Line

_MOST_PLACES = 1000
_PLACE, _VALUE = 20, 16
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
    found = standing(one.trace, np.asarray([at]))
    since = float(found.since[0])
    if np.isnan(since):
        return words.UNKNOWN
    said = words.number(float(found.values[0]))
    last = _last(one)
    return f"{said} @{_bare(last, x)}" if last < at else said


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


def table_lines(title: str, drawn: Sequence[Drawn], x: str) -> tuple[Row, ...]:
    """Return the values side by side, one line for each place on the x-axis, the last one first.

    Where a run has no point of its own in a place, what it stands at there is in brackets.
    """
    finite = [one.trace.x[np.isfinite(one.trace.x)] for one in drawn]
    places = np.unique(np.concatenate([np.empty(0), *finite]))
    shown = places[-_MOST_PLACES:]
    said = f"{title}: the last {len(shown)} of {words.plural(len(places), 'place')}"
    head = (
        Cell(fit(axis_label(x), _PLACE, "right"), "dim"),
        *(Cell(f"  {fit(_heading(one), _VALUE - 1, 'right')} ", "bold") for one in drawn),
    )
    columns = [_column(one, shown) for one in drawn]
    rows = [
        (Cell(fit(_bare(float(at), x), _PLACE, "right"), "dim"), *(column[n] for column in columns))
        for n, at in reversed(list(enumerate(shown)))
    ]
    return (
        (Cell(said if len(shown) < len(places) else title, "dim"),),
        (Cell("(in brackets): no point there, the last value before", "faint"),),
        head,
        *rows,
    )


def _heading(one: Drawn) -> str:
    return f"{one.who.letter} {one.curve.label}".strip()


def _column(one: Drawn, places: Floats) -> list[Cell]:
    found = standing(one.trace, places)
    over = places > _last(one)
    return [
        Cell("  " + fit(_said(value, none=none, own=own), _VALUE, "right"), ("dim", "plain")[own])
        for value, none, own in zip(
            found.values.tolist(),
            (over | np.isnan(found.since)).tolist(),
            (found.since == places).tolist(),
            strict=True,
        )
    ]


def _said(value: float, *, none: bool, own: bool) -> str:
    """Return a value with a blank at its end where others have the end of their bracket."""
    if none:
        return f"{words.UNKNOWN} "
    return f"{words.number(value)} " if own else f"({words.number(value)})"


def _last(one: Drawn) -> float:
    """Return the x of a curve's last point; minus infinity where it has none."""
    finite = one.trace.x[np.isfinite(one.trace.x)]
    return float(finite.max()) if len(finite) else -np.inf
