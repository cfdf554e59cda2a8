"""Facts under headings: what a page, a print-out and a file show of a thing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.words import visible


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
    return (Section(title, told, tuple(heads)),) if told else ()


def text(sections: Sequence[Section]) -> Iterator[str]:
    """Yield sections as lines, columns aligned."""
    for number, one in enumerate(sections):
        if number:
            yield ""
        yield one.title
        yield from (f"  {line}" for line in _aligned(one))


def _aligned(one: Section) -> Iterator[str]:
    rows = [one.heads, *one.rows] if one.heads else list(one.rows)
    widths: dict[int, int] = {}
    for row in rows:
        for n, cell in enumerate(row[:-1]):
            widths[n] = max(widths.get(n, 0), len(cell))
    for row in rows:
        cells = [cell.ljust(widths[n]) for n, cell in enumerate(row[:-1])]
        yield "  ".join([*cells, *row[-1:]]).rstrip()
