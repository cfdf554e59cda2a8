"""One value of a comparison as a cell, said as everywhere else on the screens."""

from typing import Any

from workbench import words
from workbench.runs.comparing import MISSING, Fact
from workbench.tui import present
from workbench.tui.cells import Cell

_MOMENTS = frozenset(("started", "ended"))


def shown_value(fact: Fact, value: Any) -> Cell:
    """Return a value as a cell; what a run does not have is a faint dash."""
    if value is MISSING:
        return Cell(words.UNKNOWN, "faint")
    if fact.section == "metrics":
        return Cell(words.number(value, pad=isinstance(value, float)))
    if fact.section == "run":
        return _of_run(fact.name, value)
    return Cell(words.value(value))


def _of_run(name: str, value: Any) -> Cell:
    if value is None:
        return Cell(words.UNKNOWN, "faint")
    if name == "status":
        return present.status(str(value))
    if name == "duration" and isinstance(value, int | float):
        return Cell(words.duration(value))
    if name in _MOMENTS and isinstance(value, int | float):
        return Cell(words.moment(value))
    if name == "size" and isinstance(value, int):
        return Cell(words.size(value))
    return Cell(words.value(value))
