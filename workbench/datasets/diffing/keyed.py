"""Rows of two tables beside each other by their key, one bucket of keys at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.datasets.cells import cell
from workbench.datasets.diffing.likening import NOISE, Ground, equal, within
from workbench.datasets.diffing.row_changes import (
    Cell,
    ChangedRow,
    ColumnChanges,
    DuplicateKey,
    LoneRow,
)
from workbench.datasets.fields import MASK
from workbench.datasets.spilling import Buckets

if TYPE_CHECKING:
    import polars as pl

ROW: Final = "\0row"
NEW: Final = "\0new"
"""What stands behind every name of the new table, so that one frame can hold both."""
_MOST_DUPLICATES: Final = 5


class Shared(NamedTuple):
    """A column that is in both tables."""

    a: str
    b: str
    kinds: "tuple[pl.DataType, pl.DataType]"
    ground: Ground


class Plan(NamedTuple):
    """What is compared, and how much of it is kept."""

    key: tuple[Shared, ...]
    columns: tuple[Shared, ...]
    limit: int
    tolerance: float
    sensitive: frozenset[str]

    @property
    def names(self) -> list[str]:
        """Return what the columns of the key are called in a bucket."""
        return [f"\0key{number}" for number in range(len(self.key))]

    def shown(self, name: str, value: object) -> str:
        """Return a value as text, hidden where its column is sensitive."""
        return MASK if name in self.sensitive else cell(value)


class Counts:
    """What was found so far."""

    def __init__(self, columns: int) -> None:
        self.added = self.removed = self.changed = self.unchanged = 0
        self.duplicate_keys = self.duplicates_a = self.duplicates_b = 0
        self.by_column = [[0, 0, 0, 0] for _ in range(columns)]


class Beside:
    """Compares bucket after bucket."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.counts = Counts(len(plan.columns))
        self._changed: list[ChangedRow] = []
        self._added: list[LoneRow] = []
        self._removed: list[LoneRow] = []
        self.duplicates: list[DuplicateKey] = []

    def compare(self, a: Buckets, b: Buckets, number: int) -> None:
        """Compare one bucket of the old table with that of the new one."""
        several = self._several(a, b, number)
        old, new = _without(a, number, several), _without(b, number, several)
        if old is None and new is None:
            return
        if old is None or new is None:
            self._lone(old, new)
            return
        names = self.plan.names
        self._lone(old.join(new, on=names, how="anti"), new.join(old, on=names, how="anti"))
        both = old.join(new, on=names, how="inner")
        if both.height:
            self._both(both)

    def _several(self, a: Buckets, b: Buckets, number: int) -> "pl.DataFrame | None":
        """Return the keys that name several rows, with their counts; None without any."""
        import polars as pl

        names = self.plan.names
        sides = [
            keys.select(
                *names, pl.lit(1 - side, pl.Int64).alias("\0a"), pl.lit(side, pl.Int64).alias("\0b")
            )
            for side, table in enumerate((a, b))
            if (keys := table.take(number, names)) is not None
        ]
        if not sides:
            return None
        counted = pl.concat(sides).group_by(names).agg(pl.col("\0a", "\0b").sum())
        several = counted.filter((pl.col("\0a") > 1) | (pl.col("\0b") > 1))
        if several.is_empty():
            return None
        self._note_several(several)
        return several.select(names)

    def _note_several(self, several: "pl.DataFrame") -> None:
        counts = self.counts
        counts.duplicate_keys += several.height
        counts.duplicates_a += int(several["\0a"].sum())
        counts.duplicates_b += int(several["\0b"].sum())
        found = several.top_k(_MOST_DUPLICATES, by=[(several["\0a"] + several["\0b"]).alias("n")])
        for row in found.iter_rows():
            key = tuple(
                self.plan.shown(shared.a, value)
                for shared, value in zip(self.plan.key, row, strict=False)
            )
            self.duplicates.append(DuplicateKey(key, row[-2], row[-1]))
        self.duplicates.sort(key=lambda one: (-(one.rows_a + one.rows_b), one.key))
        del self.duplicates[_MOST_DUPLICATES:]

    def _lone(self, removed: "pl.DataFrame | None", added: "pl.DataFrame | None") -> None:
        if removed is not None and removed.height:
            self.counts.removed += removed.height
            self._removed = self._first_lone(self._removed, removed, new=False)
        if added is not None and added.height:
            self.counts.added += added.height
            self._added = self._first_lone(self._added, added, new=True)

    def _first_lone(self, kept: list[LoneRow], rows: "pl.DataFrame", *, new: bool) -> list[LoneRow]:
        found = [
            self._lone_row(row, new=new)
            for row in rows.bottom_k(self.plan.limit, by=ROW + NEW if new else ROW).iter_rows(
                named=True
            )
        ]
        return sorted([*kept, *found], key=lambda one: one.row)[: self.plan.limit]

    def _lone_row(self, row: dict[str, Any], *, new: bool) -> LoneRow:
        def values(shared: Sequence[Shared]) -> tuple[tuple[str, str], ...]:
            named = [(one.b, _other(one)) if new else (one.a, one.a) for one in shared]
            return tuple((name, self.plan.shown(name, row[place])) for name, place in named)

        key = tuple(text for _, text in values(self.plan.key))
        return LoneRow(
            row[ROW + NEW if new else ROW],
            key,
            (*values(self.plan.key), *values(self.plan.columns)),
        )

    def _both(self, both: "pl.DataFrame") -> None:
        """Compare rows that are in both, column by column."""
        import polars as pl

        if not self.plan.columns:
            self.counts.unchanged += both.height
            return
        flags = both.select(
            (~self._equal(one)).alias(str(number)) for number, one in enumerate(self.plan.columns)
        )
        changed = flags.select(pl.any_horizontal(pl.all()).alias("any"))["any"]
        many = int(changed.sum())
        self.counts.changed += many
        self.counts.unchanged += both.height - many
        if not many:
            return
        for number, shared in enumerate(self.plan.columns):
            flag = flags[str(number)]
            if flag.any():
                self._count_column(number, shared, both.filter(flag))
        kept = pl.concat([both, flags], how="horizontal").filter(changed)
        found = [
            self._changed_row(row)
            for row in kept.bottom_k(self.plan.limit, by=ROW).iter_rows(named=True)
        ]
        merged = sorted([*self._changed, *found], key=lambda one: one.row_a)
        self._changed = merged[: self.plan.limit]

    def _equal(self, shared: Shared) -> "pl.Expr":
        a, b = shared.a, _other(shared)
        same = equal(a, b, shared.kinds, shared.ground)
        if self.plan.tolerance:
            close = within(a, b, shared.kinds, self.plan.tolerance)
            same = same if close is None else same | close
        return same

    def _count_column(self, number: int, shared: Shared, rows: "pl.DataFrame") -> None:
        counts, a, b = self.counts.by_column[number], shared.a, _other(shared)
        counts[0] += rows.height
        counts[2] += rows.filter(rows[b].is_null()).height
        counts[3] += rows.filter(rows[a].is_null()).height
        noise = within(a, b, shared.kinds, NOISE)
        if noise is not None:
            counts[1] += int(rows.select(noise.alias("noise"))["noise"].sum())

    def _changed_row(self, row: dict[str, Any]) -> ChangedRow:
        shown = self.plan.shown
        cells = tuple(
            Cell(one.a, shown(one.a, row[one.a]), shown(one.a, row[_other(one)]))
            for number, one in enumerate(self.plan.columns)
            if row[str(number)]
        )
        key = tuple(shown(one.a, row[one.a]) for one in self.plan.key)
        return ChangedRow(key, row[ROW], row[ROW + NEW], cells)

    @property
    def first(self) -> tuple[tuple[ChangedRow, ...], tuple[LoneRow, ...], tuple[LoneRow, ...]]:
        """Return the first rows that changed, came, and went."""
        return tuple(self._changed), tuple(self._added), tuple(self._removed)

    @property
    def columns(self) -> tuple[ColumnChanges, ...]:
        """Return the columns that changed, most rows first."""
        found = [
            ColumnChanges(shared.a, *counts)
            for shared, counts in zip(self.plan.columns, self.counts.by_column, strict=True)
            if counts[0]
        ]
        return tuple(sorted(found, key=lambda one: (-one.changed, one.column)))


def _other(shared: Shared) -> str:
    """Return what the new table's column is called beside the old one's."""
    return shared.b + NEW


def _without(
    buckets: Buckets, number: int, several: "pl.DataFrame | None"
) -> "pl.DataFrame | None":
    """Return the rows of a bucket but those with these keys; None without any."""
    import polars as pl

    parts = [
        rows if several is None else rows.join(several, on=several.columns, how="anti")
        for rows in buckets.parts(number)
    ]
    kept = [rows for rows in parts if rows.height]
    return pl.concat(kept) if kept else None
