"""States and ids as cells; everything else is said by `workbench.words`."""

from workbench.ids import is_id
from workbench.tui.cells import Cell
from workbench.words import visible

_STATES: dict[str, tuple[str, str]] = {
    "RUNNING": ("▶", "running"),
    "FINISHED": ("✓", "finished"),
    "FAILED": ("✗", "failed"),
    "KILLED": ("■", "killed"),
    "STALE": ("?", "stale"),
}


def short_id(run_id: str) -> str:
    """Return the part of a run's id that tells it from its neighbours.

    Our own ids begin with the time, so their end is what differs.
    """
    if is_id(run_id):
        return run_id[-6:]
    return visible(run_id if len(run_id) <= 12 else run_id[:8])  # noqa: PLR2004 - fits as it is


def status(name: str, *, inferred: bool = False) -> Cell:
    """Return a run's state as symbol, word and colour; ``~`` marks a conclusion."""
    symbol, style = _STATES.get(name, ("?", "stale"))
    word = name.lower() if name in _STATES else "unknown"
    return Cell(f"{symbol} {word}{'~' if inferred else ''}", style)
