"""Facts under headings, drawn: columns aligned, the last one going on under itself."""

from collections.abc import Sequence

from workbench.operations.sections import Section
from workbench.tui.cells import Cell, Line, fit, width_of
from workbench.tui.folding import folded
from workbench.tui.paragraphs import heading

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
    """Return a heading with a capital; one that names a model or a dataset stays as it is."""
    return title if set(":@") & set(title) else title[:1].upper() + title[1:]


def _widths(section: Section, width: int) -> list[int]:
    """Return how wide all columns but the last are: as they need, where there is room.

    The last one goes on under itself, so a third of the width is enough for it.
    """
    rows = [row for row in (section.heads, *section.rows) if len(row) > 1]
    columns = max((len(row) for row in rows), default=1)
    widths = [
        max(width_of(row[place]) for row in rows if len(row) > place)
        for place in range(columns - 1)
    ]
    last = max((width_of(row[-1]) for row in rows if len(row) == columns), default=0)
    kept = max(_LEAST_LAST, min(last, width // 3))
    while widths and sum(widths) + 2 * len(widths) + kept > width and max(widths) > 1:
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
