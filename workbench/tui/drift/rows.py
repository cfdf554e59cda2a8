"""What is watched as rows: verdict, worst columns, trend, and what asks for somebody."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.datasets.drift.ordering import rank
from workbench.tui.cells import Cell
from workbench.tui.drift.verdicts import letter_of, style_of, told
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

if TYPE_CHECKING:
    from workbench.operations.drift.listing import WatchedLine

COLUMNS: Final = (
    Column("name", "monitor", pinned=True, most=20),
    Column("verdict", "verdict"),
    Column("flags", "flags", most=18),
    Column("data_age", "data", "right"),
    Column("worst", "worst columns", most=30),
    Column("checked", "checked", "right"),
    Column("trend", "trend"),
    Column("watches", "of", most=32),
    Column("reference", "against", most=28),
    Column("chunks", "chunks", "right"),
    Column("rows", "rows", "right"),
    Column("severity", "severity"),
)
_TREND: Final = 8
"""Chunks of the trend, the newest at the right."""
_WORST: Final = 3


def entries(lines: Sequence["WatchedLine"], now: float, typed: str = "") -> list[Entry]:
    """Return a row per watched thing that holds what was typed, in their own order."""
    return [_entry(line, now) for line in lines if holds(_searched(line), typed)]


def subject(line: "WatchedLine") -> str:
    """Return what is watched: a model and stage with its data, or the data alone."""
    model = line.model
    if model and line.stage:
        model = f"{line.model}@{line.stage}"
    elif model and line.version is not None:
        model = f"{line.model}@{line.version}"
    return f"{model} · {line.data}" if model else line.data


def flags(line: "WatchedLine") -> tuple[Cell, ...]:
    """Return what asks for somebody, the gravest first."""
    found = []
    if line.wrong:
        found.append(Cell(f"✗ {line.wrong}", "bad"))
    if line.alerts:
        found.append(Cell(f"▲ {words.plural(line.alerts, 'alert')}", "bold warn"))
    if line.overdue:
        found.append(Cell("◷ overdue", "warn"))
    if line.acknowledged and not line.alerts:
        found.append(Cell("✓ acknowledged", "dim"))
    if line.muted:
        found.append(Cell(f"∅ {words.count(len(line.muted))} muted", "dim"))
    return tuple(found)


def short_flags(line: "WatchedLine") -> str:
    """Return the same in a few cells; a fault is told from its beginning."""
    found = [f"✗ {line.wrong}"] if line.wrong else []
    found += [f"▲{words.count(line.alerts)}"] if line.alerts else []
    found += ["◷"] if line.overdue else []
    found += ["✓"] if line.acknowledged and not line.alerts else []
    found += [f"∅{words.count(len(line.muted))}"] if line.muted else []
    return " ".join(found)


def worst_words(line: "WatchedLine") -> str:
    """Return the columns that moved most, each with its verdict's sign; else those of alerts."""
    if not line.worst and line.alerted:
        return f"▲ {', '.join(line.alerted[:_WORST])}"
    return ", ".join(f"{letter_of(verdict)} {name}" for name, verdict, _ in line.worst[:_WORST])


def _searched(line: "WatchedLine") -> str:
    named = " ".join(name for name, *_ in line.worst)
    told_flags = " ".join(cell.text for cell in flags(line))
    return " ".join((line.name, subject(line), line.verdict, named, told_flags, line.reference))


def _entry(line: "WatchedLine", now: float) -> Entry:
    checked = now - line.checked if line.checked is not None else None
    data = now - line.data_time if line.data_time is not None else None
    found, worst = flags(line), worst_words(line)
    said = short_flags(line)
    cells = (
        Cell(line.name, "bold"),
        told(line.verdict, reading=line.reading),
        Cell(said, found[0].style if found else ""),
        Cell(words.age(data), "dim"),
        Cell(worst, style_of(line.worst[0][1]) if line.worst else ""),
        Cell(words.age(checked), "warn" if line.overdue else "dim"),
        Cell(words.bars(line.trend[-_TREND:]), "accent"),
        Cell(subject(line)),
        Cell(line.reference, "dim"),
        Cell(words.count(line.chunks)),
        Cell(words.UNKNOWN if line.rows is None else words.count(line.rows)),
        Cell(line.severity, "dim"),
    )
    values = (
        line.name, rank(line.verdict), said or None, data, worst or None, checked,
        line.trend[-1] if line.trend else None, subject(line),
        line.reference or None, line.chunks, line.rows, line.severity,
    )  # fmt: skip
    return Entry(line.name, cells, values)
