"""What stands where the strip has no cell to look at: why there is none."""

from typing import TYPE_CHECKING

from workbench.tui.cells import Cell, Line, visible
from workbench.tui.drift.verdicts import told
from workbench.tui.paragraphs import bullets

if TYPE_CHECKING:
    from workbench.operations.drift.listing import WatchedLine
    from workbench.operations.drift.series import ChunkHead


def absent_lines(
    line: "WatchedLine | None", chunk: "ChunkHead | None", typed: str, width: int
) -> list[Line]:
    """Return why no column is shown.

    Args:
        line: How the monitor stands; None where it stands in the settings no more.
        chunk: The chunk under the cursor; None where nothing was checked.
        typed: The letters that narrow the columns.
        width: Cells.
    """
    if typed:
        return [(Cell("No column holds these letters. Esc shows all.", "dim"),)]
    if chunk is not None:
        return _of_chunk(chunk, width)
    if line is not None and line.reading:
        return [(Cell("Its reports are still being read.", "bold"),)]
    never: Line = (Cell("It was never checked.", "bold"),)
    if line is not None and line.fault:
        return [never]
    return [never, (Cell("!", "bold key"), Cell(" checks it now", "dim"))]


def _of_chunk(chunk: "ChunkHead", width: int) -> list[Line]:
    where = " ".join(visible(part) for part in (chunk.label, chunk.segment) if part)
    reason = visible(chunk.reason) or "no column of it was judged"
    return [
        (told(chunk.verdict), Cell(f"  {where}", "accent")),
        *bullets([reason], "", width),
    ]
