"""The line at the top: where we are, how much there is, and whether it is live."""

from dataclasses import dataclass

from textual.reactive import reactive

from workbench.tui.cells import Cell, Line, apart, cut, width_of, width_of_line
from workbench.tui.widgets.lines import OneLine
from workbench.words import count

_GAP = 3
_LEAST_NAME, _MOST_NAME = 12, 40
"""Cells of the name of what the screen is about."""
_LEAST = 6
"""Cells in which the beginning of a filter still says that there is one."""


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the header says."""

    crumbs: tuple[str, ...] = ()
    """``("Runs",)``, or ``("Runs", "gbm-baseline")``."""
    workspace: str = ""
    facts: tuple[str, ...] = ()
    """``5,051 runs``, ``3 marked``, ``/auc>0.9``; the first are kept longest, a filter is cut."""
    watch: str = ""
    """``watching``, or ``polled 14:02:10``."""
    busy: str = ""
    """What is going on and for how long, ``reading 3s``; takes the watcher's place."""
    work: str = ""
    """What somebody asked for and for how long, ``Promote churn@3 4s …``; before `busy`."""
    new: int = 0
    """Rows that came and are not in sight."""
    read_only: bool = False
    asked: int = 0
    """Requests that wait for whoever looks at the screen."""


class Header(OneLine):
    """Show the header."""

    DEFAULT_CSS = "Header { dock: top; height: 1; background: $surface; }"

    facts: reactive[HeaderFacts] = reactive(HeaderFacts(), init=False)

    def line(self, width: int) -> Line:
        """Return the header for a width."""
        return header_line(self.facts, width)


def header_line(facts: HeaderFacts, width: int) -> tuple[Cell, ...]:
    """Return the header in ``width`` cells; the least important facts go first."""
    right = _right(facts)
    room = width - width_of_line(right) - 2
    first = width_of(facts.facts[0]) + _GAP if facts.facts else 0
    left = _crumbs(facts, room - first)
    for fact in facts.facts:
        gap = Cell(" " * _GAP if fact == facts.facts[0] else " · ", "faint")
        spare = room - width_of_line((*left, gap))
        said = cut(fact, spare) if fact.startswith("/") and spare >= _LEAST else fact
        if width_of(said) <= spare:
            left = (*left, gap, Cell(said, "dim"))
    name = (Cell("   ", "faint"), Cell(cut(facts.workspace, 28), "dim italic"))
    if facts.workspace and width_of_line((*left, *name)) <= room:
        left = (*left, *name)
    return apart(left, right, width)


def _crumbs(facts: HeaderFacts, room: int) -> tuple[Cell, ...]:
    """Return where this is; of the longest name the beginning, so that a fact has its place."""
    crumbs = [cut(crumb, _MOST_NAME) for crumb in facts.crumbs]
    begin, gap = Cell(" workbench", "bold accent"), Cell(" › ", "faint")
    longest = max(crumbs, key=width_of, default="")
    taken = width_of_line((begin, *(Cell(f"{gap.text}{crumb}") for crumb in crumbs)))
    least = max(_LEAST_NAME, width_of(longest) - max(0, taken - room))
    line = [begin]
    for place, crumb in enumerate(crumbs, start=1):
        said = cut(crumb, least) if crumb == longest else crumb
        line += (gap, Cell(said, "bold" if place == len(crumbs) else "dim"))
    return tuple(line)


def _right(facts: HeaderFacts) -> tuple[Cell, ...]:
    line: list[Cell] = []
    if facts.read_only:
        line += (Cell("read only", "warn"), Cell("  "))
    if facts.asked:
        verb = "asks" if facts.asked == 1 else "ask"
        line += (Cell(f"{count(facts.asked)} {verb} you", "bold warn"), Cell("  "))
    if facts.new:
        line += (Cell(f"{count(facts.new)} new ↑ ", "bold accent"), Cell("f", "key"), Cell("  "))
    if busy := facts.work or facts.busy:
        line += (Cell("◌ ", "accent"), Cell(busy, "accent"))
    elif facts.watch:
        live = facts.watch == "watching"
        line += (Cell("● " if live else "○ ", "good" if live else "warn"), Cell(facts.watch, "dim"))
    return (*line, Cell(" "))
