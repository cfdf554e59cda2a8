"""The lines of the heat strip: labels of chunks, the whole of each, then a line per column."""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from workbench.charts.labels import cut_middle
from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.report import FEATURE, LABEL, PREDICTION, VERDICTS
from workbench.tui.cells import Cell, Line, cut, fit, visible, width_of
from workbench.tui.drift.grid import Grid
from workbench.tui.drift.scales import Window
from workbench.tui.drift.verdicts import heat_of, letter_of, style_of

HEADS: Final = 3
"""Lines above the columns: labels, the whole, and what happened."""
_LEAST_NAME, _MOST_NAME = 12, 26
_BESIDE: Final = 4
"""Cells before a name: the cursor's bar, a mark, what the column is to the model, a blank."""
_KINDS: Final = {PREDICTION: "ŷ", LABEL: "y", FEATURE: " "}
_APART: Final = 1
_FOOT: Final = 3
"""A blank line and both legends."""


class Cursor(NamedTuple):
    """Where the cursor is, and whether the keys go there."""

    row: int
    at: int
    lit: bool = True


def names_wide(grid: Grid, width: int) -> int:
    """Return the cells for names of columns, with what stands before them."""
    longest = max((width_of(column.name) for column in grid.series.columns), default=0)
    most = min(_MOST_NAME, max(_LEAST_NAME, width // 3))
    return _BESIDE + max(_LEAST_NAME, min(longest, most)) + 1


def label_line(grid: Grid, seen: Window, cursor: Cursor, names: int) -> Line:
    """Return the labels of chunks that have room; the one under the cursor always has it."""
    room = seen.steps * seen.wide
    line = [" "] * room
    here = grid.chunk(cursor.at).label
    text = cut(here, room)
    start = max(0, min(seen.step_of(cursor.at) * seen.wide, room - width_of(text)))
    free = start, start + width_of(text)
    last = 0
    for step in range(seen.steps):
        label, place = grid.chunk(seen.chunks(step).start).label, step * seen.wide
        end = place + width_of(label)
        apart = end + _APART <= free[0] or place >= free[1] + _APART
        if place >= last and apart and end <= room and label.isprintable():
            line[place:end] = [label, *[""] * (end - place - 1)]
            last = end + _APART
    before, after = "".join(line[: free[0]]), "".join(line[free[1] :])
    head = Cell(fit("", names))
    return head, Cell(before, "dim"), Cell(text, "bold accent"), Cell(after, "dim")


def whole_line(grid: Grid, seen: Window, cursor: Cursor, names: int) -> Line:
    """Return the verdict on each chunk as a whole."""
    line = [Cell(fit(" " * _BESIDE + "whole", names), "dim")]
    for step in range(seen.steps):
        chunks = [grid.chunk(at) for at in seen.chunks(step)]
        worst = max(chunks, key=lambda chunk: rank(chunk.verdict))
        under = " underline" if seen.step_of(cursor.at) == step else ""
        style = f"{heat_of(worst.verdict, 0.0)}{under}"
        line.append(Cell(_in_step(letter_of(worst.verdict), seen.wide), style))
    return line


def events_line(grid: Grid, seen: Window, names: int) -> Line:
    """Return where alerts are, and where the model's stage was given to another version."""
    promoted = _promoted(grid, seen)
    line = [Cell(fit("", names))]
    for step in range(seen.steps):
        sign, style = " ", ""
        if any(grid.chunk(at).alert for at in seen.chunks(step)):
            sign, style = "▲", "bold warn"
        elif step in promoted:
            sign, style = "↑", "accent"
        line.append(Cell(_in_step(sign, seen.wide), style))
    return line


def column_line(grid: Grid, row: int, seen: Window, cursor: Cursor, names: int) -> Line:
    """Return a column's judgements in the chunks in sight."""
    here = row == cursor.row
    line = list(_name(grid, row, names, here=here, lit=cursor.lit))
    under = seen.step_of(cursor.at) if here else -1
    for step, (text, style) in enumerate(_judged(grid, row, seen)):
        shown = style
        if step == under:
            shown = f"{style} {'reverse' if cursor.lit else 'underline'} bold"
        elif step - 1 != under and line[-1].style == style and step:
            line[-1] = Cell(line[-1].text + text, style)
            continue
        line.append(Cell(text, shown))
    return line


def _judged(grid: Grid, row: int, seen: Window) -> Iterator[tuple[str, str]]:
    """Yield what stands in each step in sight, and its style."""
    if seen.per == 1:
        cells, places = grid.series.cells[grid.rows[row]], grid.places
        found = [cells[places[at]] for at in seen.seen]
    else:
        found = [grid.gravest(row, seen.chunks(step)) for step in range(seen.steps)]
    blank = " " * seen.wide
    for cell in found:
        if cell is None:
            yield blank, ""
        else:
            yield _sign(cell.verdict, seen.wide), heat_of(cell.verdict, cell.effect)


@cache
def _sign(verdict: str, wide: int) -> str:
    return _in_step(letter_of(verdict), wide)


def _name(grid: Grid, row: int, names: int, *, here: bool, lit: bool) -> Line:
    column = grid.column(row)
    bar = Cell("▌" if here else " ", "accent" if lit else "dim")
    mark = Cell("●", "accent bold") if column.name in grid.marked else Cell(" ")
    muted = bool(column.muted_until)
    style = "bold" if here else ("faint" if muted else "")
    kind = Cell("∅" if muted else _KINDS.get(column.part, " "), "dim")
    room = names - _BESIDE - 1
    name = fit(cut_middle(visible(column.name), room), room)
    return bar, mark, kind, Cell(f" {name} ", style)


def _in_step(sign: str, wide: int) -> str:
    """Return a sign in the cells of a step, the gap between two steps among them."""
    if wide <= 2:  # noqa: PLR2004 - too narrow for a gap before
        return sign.ljust(wide)
    return sign.center(wide)


def _promoted(grid: Grid, seen: Window) -> frozenset[int]:
    """Return the steps in which a promotion fell."""
    found = set()
    for step in range(seen.steps):
        chunks = [grid.chunk(at) for at in seen.chunks(step)]
        start, end = chunks[0].start, chunks[-1].end
        if start is not None and end is not None:
            found |= {step for moment, *_ in grid.series.promotions if start <= moment < end}
    return frozenset(found)


def legend() -> Line:
    """Return what the letters mean."""
    line: list[Cell] = []
    for verdict in VERDICTS:
        line += [Cell(f" {letter_of(verdict)}", f"bold {style_of(verdict)}")]
        line += [Cell(f" {verdict} ", "dim")]
    return line


def events_legend() -> Line:
    """Return what the other signs mean."""
    signs = (("▲", "alert"), ("↑", "promotion"), ("∅", "muted"), ("ŷ", "prediction"),
             ("y", "label"))  # fmt: skip
    return [cell for sign, word in signs for cell in (Cell(f" {sign}"), Cell(f" {word} ", "dim"))]


def head_lines(grid: Grid, seen: Window, cursor: Cursor, names: int) -> tuple[Line, ...]:
    """Return the lines above the columns."""
    return (
        label_line(grid, seen, cursor, names),
        whole_line(grid, seen, cursor, names),
        events_line(grid, seen, names),
    )


def foot_lines(left: int) -> tuple[Line, ...]:
    """Return what stands below the columns in so many lines: what the signs mean."""
    return ((), legend(), events_legend()) if left >= _FOOT else ()


def strip_lines(grid: Grid, seen: Window, cursor: Cursor, *, shown: int, names: int) -> list[Line]:
    """Return the lines of the first columns.

    Args:
        grid: What there is.
        seen: The chunks in sight.
        cursor: Where it is.
        shown: How many columns.
        names: Cells for names.
    """
    rows = range(min(len(grid.rows), shown))
    columns = (column_line(grid, row, seen, cursor, names) for row in rows)
    return [*head_lines(grid, seen, cursor, names), *columns]
