"""Text in cells: measured, cut and padded as a terminal shows it.

A cell's text is never markup. What reaches the terminal went through `fit` or
`printable`, so no control character gets past this module.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from workbench.words import visible as visible  # noqa: PLC0414 - its other name here

Align = Literal["left", "right"]
ELLIPSIS = "…"


class Cell(NamedTuple):
    """A piece of text and the name of its style (see `inks`)."""

    text: str
    style: str = ""


Line = Sequence[Cell]


def width_of(text: str) -> int:
    """Return how many cells ``text`` takes."""
    return len(text) if text.isascii() else cell_len(text)


def width_of_line(line: Iterable[Cell]) -> int:
    """Return how many cells a line takes."""
    return sum(width_of(visible(cell.text)) for cell in line)


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells, ending in an ellipsis if it was longer."""
    shown = visible(text)
    if width_of(shown) <= width:
        return shown
    if width <= 0:
        return ""
    return set_cell_size(shown, width - 1).rstrip() + ELLIPSIS


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return ``text`` in exactly ``width`` cells."""
    shown = cut(text, width)
    blank = " " * (width - width_of(shown))
    return blank + shown if align == "right" else shown + blank


def shorten_line(line: Line, width: int) -> tuple[Cell, ...]:
    """Return ``line`` in at most ``width`` cells, the last piece cut with an ellipsis."""
    kept: list[Cell] = []
    left = width
    for cell in line:
        needed = width_of(visible(cell.text))
        if needed <= left:
            kept.append(cell)
            left -= needed
            continue
        if left > 0:
            kept.append(Cell(cut(cell.text, left), cell.style))
        break
    return tuple(kept)


def apart(left: Line, right: Line, width: int) -> tuple[Cell, ...]:
    """Return one line of ``width`` cells with ``left`` and ``right`` at its ends.

    The right end is kept whole; the left one is cut.
    """
    end = shorten_line(right, width)
    space = width - width_of_line(end)
    start = shorten_line(left, max(0, space - 2))
    gap = width - width_of_line(start) - width_of_line(end)
    return (*start, Cell(" " * gap), *end)
