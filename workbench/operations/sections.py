"""Facts under headings: what a page, a print-out and a file show of a thing."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from workbench.words import visible

_LEAST: Final = 32
"""Cells in which a sentence is still read; with less it stands below what it is about."""
_BELOW: Final = "     "


class Section(NamedTuple):
    """A heading and what stands under it."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    """Cells; one cell alone is a sentence."""
    heads: tuple[str, ...] = ()
    """Over the columns; none where the first cell names what the second says."""


def section(
    title: str, rows: Sequence[Sequence[str]], heads: Sequence[str] = ()
) -> tuple[Section, ...]:
    """Return the section, or none where nothing stands in it."""
    told = tuple(tuple(visible(cell) for cell in row) for row in rows if any(row[1:] or row))
    return (Section(visible(title), told, tuple(heads)),) if told else ()


def text(sections: Sequence[Section], room: int | None = None) -> Iterator[str]:
    """Yield sections as lines, columns aligned.

    Args:
        sections: What is shown.
        room: Cells of a line, in which sentences are folded; None where lines are as they come.
    """
    for number, one in enumerate(sections):
        if number:
            yield ""
        yield one.title
        yield from (f"  {line}" for line in _aligned(one, room))


def _aligned(one: Section, room: int | None) -> Iterator[str]:
    rows = [one.heads, *one.rows] if one.heads else list(one.rows)
    widths: dict[int, int] = {}
    for row in rows:
        for n, cell in enumerate(row[:-1]):
            widths[n] = max(widths.get(n, 0), len(cell))
    for row in rows:
        cells = [cell.ljust(widths[n]) for n, cell in enumerate(row[:-1])]
        if room is None:
            yield "  ".join([*cells, *row[-1:]]).rstrip()
        else:
            yield from _folded("".join(f"{cell}  " for cell in cells), row[-1], room - 2)


def _folded(before: str, last: str, room: int) -> Iterator[str]:
    """Yield a line, its last cell folded beside the others, or below them where that is narrow."""
    if len(before) + len(last) <= room:
        yield (before + last).rstrip()
        return
    beside = room - len(before) >= _LEAST
    indent = " " * len(before) if beside else _BELOW
    folded = wrap(last, max(room - len(indent), _LEAST))
    if not beside:
        yield before.rstrip()
    for number, line in enumerate(folded):
        yield (before if beside and not number else indent) + line
