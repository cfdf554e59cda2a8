"""Facts under headings, drawn: columns aligned, the last one going on under itself."""

from collections.abc import Sequence

from workbench.operations.registry.sections import Section
from workbench.tui.cells import Cell, Line, fit, width_of
from workbench.tui.folding import folded
from workbench.tui.paragraphs import heading

_MOST_FIRST, _MOST_OTHER = 28, 16
_LEAST_LAST = 12


def sections_lines(sections: Sequence[Section], width: int) -> list[Line]:
    """Return sections one below the other, for a width."""
    return [line for each in sections for line in section_lines(each, width)]


def section_lines(section: Section, width: int) -> list[Line]:
    """Return a heading and what stands under it."""
    lines: list[Line] = heading(_titled(section.title))
    widths = _widths(section, width)
    if section.heads:
        lines += _row(section.heads, widths, width, "faint")
    for row in section.rows:
        lines += _row(row, widths, width, "")
    return lines


def _titled(title: str) -> str:
    """Return a heading with a capital; one that begins with a model's name stays as it is."""
    return title if ":" in title else title[:1].upper() + title[1:]


def _widths(section: Section, width: int) -> list[int]:
    """Return how wide all columns but the last are; together they leave room for that one."""
    rows = [row for row in (section.heads, *section.rows) if len(row) > 1]
    columns = max((len(row) for row in rows), default=1)
    widths = [
        min(
            _MOST_OTHER if place else _MOST_FIRST,
            max(width_of(r[place]) for r in rows if len(r) > place),
        )
        for place in range(columns - 1)
    ]
    while widths and sum(widths) + 2 * len(widths) + _LEAST_LAST > width and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(row: Sequence[str], widths: Sequence[int], width: int, style: str) -> list[Line]:
    if len(row) == 1:
        return [(Cell(part, style),) for part in folded(row[0], width)]
    before = widths[: len(row) - 1]
    cells = [
        Cell(f"{fit(text, wide)}  ", style or ("dim" if place == 0 else ""))
        for place, (text, wide) in enumerate(zip(row, before, strict=False))
    ]
    used = sum(before) + 2 * len(before)
    first, *rest = folded(row[-1], max(8, width - used)) or [""]
    margin = Cell(" " * used)
    return [(*cells, Cell(first, style)), *((margin, Cell(part, style)) for part in rest)]
