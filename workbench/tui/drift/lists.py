"""A monitor's chunks and alerts as lists."""

from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.report import ALARMS
from workbench.tui.cells import Cell
from workbench.tui.drift.grid import Grid, key_of
from workbench.tui.drift.verdicts import letter_of, style_of, told
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.drift.alerts import Alert

CHUNKS: Final = (
    Column("chunk", "chunk", pinned=True, most=24),
    Column("verdict", "verdict"),
    Column("score", "score", "right"),
    Column("rows", "rows", "right"),
    Column("worst", "worst columns", most=40),
    Column("alert", "alert"),
    Column("checked", "checked", "right"),
    Column("reference", "against", most=32),
)
ALERTS: Final = (
    Column("chunk", "chunk", pinned=True, most=24),
    Column("verdict", "verdict"),
    Column("state", "state", most=28),
    Column("words", "what", most=90),
    Column("note", "note", most=60),
    Column("time", "when", "right"),
)
_WORST: Final = 3


def chunk_entries(grid: Grid, now: float, typed: str = "") -> list[Entry]:
    """Return a row per chunk of the strip, the newest first."""
    found = [_chunk(grid, at, now) for at in reversed(range(len(grid.places)))]
    return [one for one in found if holds(" ".join(cell.text for cell in one.cells), typed)]


def _chunk(grid: Grid, at: int, now: float) -> Entry:
    chunk = grid.chunk(at)
    worst = _worst(grid, at)
    age = now - chunk.time
    cells = (
        Cell(chunk.label, "bold"),
        told(chunk.verdict),
        Cell(words.number(chunk.score, 2)),
        Cell(words.count(chunk.rows)),
        Cell(worst, style_of(chunk.verdict)),
        Cell("▲ alert" if chunk.alert else "", "bold warn"),
        Cell(words.age(age), "dim"),
        Cell(chunk.reference, "dim"),
    )
    values = (
        chunk.label, rank(chunk.verdict), chunk.score, chunk.rows, worst or None,
        chunk.alert or None, age, chunk.reference or None,
    )  # fmt: skip
    return Entry(key_of(chunk), cells, values)


def _worst(grid: Grid, at: int) -> str:
    found = []
    for row in range(len(grid.rows)):
        cell = grid.cell(row, at)
        if cell is not None and cell.verdict in ALARMS:
            found.append((-rank(cell.verdict), -cell.effect, grid.column(row).name, cell))
    found.sort(key=lambda one: one[:3])
    names = [f"{letter_of(cell.verdict)} {name}" for *_, name, cell in found[:_WORST]]
    more = f" +{len(found) - _WORST}" if len(found) > _WORST else ""
    return ", ".join(names) + more


def alert_entries(alerts: "Sequence[Alert]", now: float) -> list[Entry]:
    """Return a row per alert, those that wait for somebody first."""
    ordered = sorted(alerts, key=lambda one: (bool(one.acknowledged_by), -one.time))
    return [_alert(one, now) for one in ordered]


def _alert(one: "Alert", now: float) -> Entry:
    waits = not one.acknowledged_by
    state = "▲ waits for somebody" if waits else f"✓ {one.acknowledged_by}"
    age = now - one.time
    cells = (
        Cell(f"{one.label} {one.segment}".strip(), "bold" if waits else "dim"),
        told(one.verdict),
        Cell(state, "warn" if waits else "dim"),
        Cell(one.words),
        Cell(one.note, "italic"),
        Cell(words.age(age), "dim"),
    )
    values = (one.label, rank(one.verdict), waits, one.words, one.note or None, age)
    return Entry(one.id, cells, values)
