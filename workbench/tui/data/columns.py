"""A dataset version's columns as rows: role, missing, range, a tiny histogram, what to look at.

Rows are made away from the UI thread from the stored profile; where there is none, names and
types are all that is known, and the rest says so.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench import words
from workbench.datasets.fields import MASK, Fields
from workbench.tui.cells import Cell
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

if TYPE_CHECKING:
    from workbench.datasets import profile as profiles
    from workbench.datasets.manifest import Manifest
    from workbench.operations.datasets.summary import ColumnFacts

COLUMNS = (
    Column("name", "column", pinned=True, most=28),
    Column("shape", "shape"),
    Column("role", "role"),
    Column("missing", "missing"),
    Column("distinct", "distinct", "right", most=20),
    Column("min", "min", "right", most=12),
    Column("median", "median", "right"),
    Column("max", "max", "right", most=12),
    Column("notes", "worth a look", most=90),
    Column("uses", "used as", most=40),
    Column("type", "type"),
    Column("common", "most frequent", most=40),
    Column("place", "place", "right"),
)
SENSITIVE = "◉"
"""Behind the name of a column whose values are masked unless somebody asks."""
_BINS = 12
_BLOCKS = "▁▂▃▄▅▆▇█"
_RIGHTWARD = " ▏▎▍▌▋▊▉█"
_MISSING_CELLS = 4
_BLANK = (words.UNKNOWN,) * 4
_MUCH = 0.5
"""A column in which more is missing than there stands out."""


class ColumnRow(NamedTuple):
    """A column as the list shows it, and what it is sorted by."""

    place: int
    """In the file, from 1."""
    facts: "ColumnFacts"
    """In words."""
    missing: float | None = None
    """Share of rows without a value."""
    distinct: int | None = None
    low: float | str | None = None
    middle: float | None = None
    high: float | str | None = None
    bars: tuple[float, ...] = ()
    """Of the tiny histogram: shares."""
    common: tuple[str, str] = ("", "")
    """The most frequent value, and its share in words."""
    uses: tuple[str, ...] = ()
    """``key``, ``label``, ``time``, ``segment``, ``sensitive``."""
    hidden: bool = False
    """Its values are masked unless somebody asks."""
    fault: str = ""


def rows_of(
    manifest: "Manifest", profile: "profiles.Profile | None", fields: Fields
) -> tuple[ColumnRow, ...]:
    """Return the columns of a version in the order of the file."""
    if profile is not None:
        found = enumerate(profile.columns, start=1)
        return tuple(_profiled(place, one, profile.rows, fields) for place, one in found)
    found_types = enumerate(manifest.columns, start=1)
    return tuple(_named(place, one.name, one.type, fields) for place, one in found_types)


def row_of(
    name: str, manifest: "Manifest", profile: "profiles.Profile | None", fields: Fields
) -> ColumnRow | None:
    """Return one column of a version; None where it has none of that name."""
    if profile is not None:
        for place, one in enumerate(profile.columns, start=1):
            if one.name == name:
                return _profiled(place, one, profile.rows, fields)
        return None
    named = enumerate(manifest.columns, start=1)
    return next((_named(n, name, one.type, fields) for n, one in named if one.name == name), None)


def uses_of(name: str, fields: Fields) -> tuple[str, ...]:
    """Return what people say a column is for."""
    said: Mapping[str, bool] = {
        "key": name in fields.key,
        "label": name == fields.label,
        "time": name == fields.time,
        "segment": name in fields.segments,
        "sensitive": name in fields.sensitive,
    }
    return tuple(use for use, holds_ in said.items() if holds_)


def _profiled(place: int, column: "profiles.Column", rows: int, fields: Fields) -> ColumnRow:
    from workbench.charts.profiled import shares  # noqa: PLC0415 - numpy
    from workbench.operations.datasets.summary import column_facts, value  # noqa: PLC0415 - its road

    uses = uses_of(column.name, fields)
    facts = column_facts(column, rows, unmask=True)
    facts = facts._replace(role=fields.roles.get(column.name, facts.role))
    low, middle, high = _range(column)
    if not facts.median and middle is not None:
        facts = facts._replace(median=value(middle))
    return ColumnRow(
        place, facts, _missing(column, rows), column.distinct, low, middle, high,
        () if column.fault else few(shares(column, _BINS)), _common(column), uses,
        "sensitive" in uses or column.sensitive, column.fault,
    )  # fmt: skip


def _named(place: int, name: str, type_: str, fields: Fields) -> ColumnRow:
    from workbench.operations.datasets.summary import ColumnFacts  # noqa: PLC0415 - its road

    role = fields.roles.get(name, words.UNKNOWN)
    facts = ColumnFacts(name, role, type_, *_BLANK, words.UNKNOWN, "")
    return ColumnRow(place, facts, uses=uses_of(name, fields))


def _missing(column: "profiles.Column", rows: int) -> float | None:
    return (column.nulls + column.nans) / rows if rows and not column.fault else None


def _range(
    column: "profiles.Column",
) -> tuple[float | str | None, float | None, float | str | None]:
    if column.moments is not None:
        return column.moments.first, None, column.moments.last
    found = column.numbers
    if found is None:
        return None, None, None
    return found.min, found.median, found.max


def _common(column: "profiles.Column") -> tuple[str, str]:
    given = sum(count for _, count in column.top) + column.other
    if not column.top or not given:
        return "", ""
    value, count = column.top[0]
    return value, words.percent(count / given)


def masked(row: ColumnRow) -> ColumnRow:
    """Return a column without the values in it: no smallest, no largest, no most frequent one."""
    facts = row.facts
    end = MASK if facts.min or row.middle is not None else ""
    facts = facts._replace(min=end, max=end)
    common = (MASK, row.common[1]) if row.common[0] else row.common
    return row._replace(facts=facts, low=None, high=None, common=common)


# ------------------------------------------------------------ as entries


def entries(rows: Sequence[ColumnRow], typed: str = "", *, unmasked: bool = False) -> list[Entry]:
    """Return an entry per column that holds what was typed."""
    shown = (row for row in rows if holds(_searched(row), typed))
    return [_entry(masked(row) if row.hidden and not unmasked else row) for row in shown]


def few(bars: Sequence[float], most: int = _BINS) -> tuple[float, ...]:
    """Return shares in at most so many bars: the hours of a day in pairs."""
    wide = max(1, -(-len(bars) // most))
    return tuple(sum(bars[start : start + wide]) for start in range(0, len(bars), wide))


def tiny(bars: Sequence[float]) -> str:
    """Return shares as one row of blocks; what is there at all is seen, what is not is a blank."""
    most = max(bars, default=0.0)
    if most <= 0:
        return ""
    return "".join(_block(share / most) for share in bars)


def missing_bar(share: float | None) -> str:
    """Return a share as a bar and in percent; nothing where nothing is missing."""
    if share is None:
        return words.UNKNOWN
    if share <= 0:
        return ""
    eighths = min(_MISSING_CELLS * 8, max(1, round(share * _MISSING_CELLS * 8)))
    bar = "█" * (eighths // 8) + _RIGHTWARD[eighths % 8].strip()
    return f"{bar.ljust(_MISSING_CELLS)} {words.percent(share)}"


def _block(height: float) -> str:
    if height <= 0:
        return " "
    return _BLOCKS[min(len(_BLOCKS) - 1, int(height * len(_BLOCKS)))]


def _searched(row: ColumnRow) -> str:
    facts = row.facts
    missing = ("missing",) if row.missing else ()
    return " ".join((facts.name, facts.role, facts.type, facts.notes, *row.uses, *missing))


def _entry(row: ColumnRow) -> Entry:
    facts = row.facts
    stands_out = row.missing is not None and row.missing > _MUCH
    cells = (
        Cell(f"{facts.name} {SENSITIVE}" if row.hidden else facts.name, "bold"),
        Cell(tiny(row.bars), "accent"),
        Cell(facts.role),
        Cell(missing_bar(row.missing), "warn" if stands_out else "dim"),
        Cell(facts.distinct),
        Cell(facts.min),
        Cell(facts.median),
        Cell(facts.max),
        Cell(facts.notes and f"▲ {facts.notes}", "bad" if row.fault else "warn"),
        Cell(", ".join(row.uses), "accent"),
        Cell(facts.type, "dim"),
        Cell("  ".join(row.common).strip(), "dim"),
        Cell(words.count(row.place), "faint"),
    )
    values = (
        facts.name, max(row.bars, default=None), facts.role, row.missing, row.distinct, row.low,
        row.middle, row.high, facts.notes or None, ", ".join(row.uses) or None, facts.type,
        row.common[0] or None, row.place,
    )  # fmt: skip
    return Entry(facts.name, cells, values)
