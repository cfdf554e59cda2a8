"""The line under the table: the run, the name and the value under the cursor, each in full.

Columns are as narrow as numbers allow, so names of params and long texts are cut there.
"""

from typing import TYPE_CHECKING

from workbench import words
from workbench.operations import compared_text
from workbench.runs.comparing import MISSING, Fact
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.compare.state import Shown
from workbench.tui.folding import folded

if TYPE_CHECKING:
    from workbench.operations.compare import Compared

_MARGIN = "   "
_APART = "  "


def reading_lines(shown: Shown, line: int, column: int, width: int, most: int) -> list[Line]:
    """Return what stands under the cursor, folded to at most ``most`` lines."""
    fact, run = shown.fact(line), shown.run(column)
    head = [called(run)] if run else []
    if fact is not None:
        head.append(compared_text.titled(fact, fact.name))
    value = _value(shown, fact, column)
    return _folded(_APART.join(head), value, width - len(_MARGIN), most)


def called(run: "Compared") -> str:
    """Return a run's letter and its whole label: ``b lr=0.03 seed=0``."""
    return f"{run.letter} {words.visible(run.label)}"


def _value(shown: Shown, fact: Fact | None, column: int) -> str:
    """Return the whole value and how it differs; of the names, how many runs share one."""
    if fact is None:
        return ""
    place = column - shown.beside
    if not 0 <= place < len(shown.runs):
        runs = words.plural(len(fact.values), "run")
        return f"{fact.commonest} of {runs} have the same" if fact.differs else f"same in {runs}"
    run = shown.runs[place]
    if fact.values[run] is MISSING:
        return "is not there"
    found = compared_text.deltas(fact, shown.comparison.baseline)[run]
    return f"{compared_text.whole(fact, run)}  {compared_text.delta_text(found)}".rstrip()


def _folded(head: str, value: str, width: int, most: int) -> list[Line]:
    """Return both on a line, or the value on lines of its own, the last cut where it must be."""
    if len(head) + len(_APART) + len(value) <= width:
        return [(Cell(_MARGIN), Cell(head, "dim"), Cell(_APART), Cell(value))]
    parts = folded(value, max(1, width))
    room = max(1, most - 1)
    if len(parts) > room:
        parts = [*parts[: room - 1], cut(" ".join(parts[room - 1 :])[: 4 * width], width)]
    return [
        (Cell(_MARGIN), Cell(cut(head, width), "dim")),
        *((Cell(_MARGIN), Cell(part)) for part in parts if part),
    ]
