"""The versions of a dataset as rows, newest first, each against the one before it."""

from collections.abc import Sequence

from workbench import words
from workbench.operations.datasets.listing import VersionLine
from workbench.tui.cells import Cell
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.table_values import Column

VERSIONS = (
    Column("version", "version", pinned=True),
    Column("age", "age", "right"),
    Column("rows", "rows", "right"),
    Column("change", "change", "right"),
    Column("size", "size", "right"),
    Column("columns", "columns", "right"),
    Column("actor", "by", most=20),
    Column("how", "how"),
    Column("runs", "runs", "right"),
    Column("models", "models", most=30),
    Column("unread", "not read", most=60),
    Column("hash", "hash", most=16),
    Column("path", "from", most=60),
)
_HASH = 12


def version_entries(lines: Sequence[VersionLine], now: float) -> list[Entry]:
    """Return a row per version."""
    before = [*lines[1:], None]
    return [_entry(line, old, now) for line, old in zip(lines, before, strict=True)]


def short_hash(hash_: str) -> str:
    """Return as much of a hash as tells one from another."""
    return hash_.removeprefix("sha256:")[:_HASH]


def _entry(line: VersionLine, before: VersionLine | None, now: float) -> Entry:
    change, wrong = _change(line, before), line.fault or line.unread
    how = f"{line.how}, copied" if line.copied else line.how
    cells = (
        Cell(f"v{line.number}", "bold"),
        Cell(words.age(now - line.time), "dim"),
        Cell(words.UNKNOWN if line.rows is None else words.count(line.rows)),
        Cell("" if change is None else _signed(change), "dim"),
        Cell(words.size(line.size)),
        Cell(words.UNKNOWN if wrong else words.count(line.columns)),
        Cell(line.actor, "dim"),
        Cell(how, "dim"),
        Cell(words.count(line.runs) if line.runs else ""),
        Cell(", ".join(line.models)),
        Cell(f"! {wrong}" if wrong else "", "bad" if line.fault else "warn"),
        Cell(short_hash(line.hash), "dim"),
        Cell(line.path, "dim"),
    )
    values = (
        line.number, now - line.time, line.rows, change, line.size, line.columns, line.actor, how,
        line.runs, ", ".join(line.models) or None, wrong or None, line.hash, line.path,
    )  # fmt: skip
    return Entry(line.number, cells, values)


def _change(line: VersionLine, before: VersionLine | None) -> int | None:
    """Return how many rows more there are than in the version before."""
    if before is None or line.rows is None or before.rows is None:
        return None
    return line.rows - before.rows


def _signed(change: int) -> str:
    return "=" if change == 0 else f"{change:+,}"
