"""Compare the rows of two tables exactly, in memory that does not grow with them.

Both tables are read once, a part at a time; rows are sorted into buckets by their key, or by all
their values where there is none, and each bucket is compared on its own.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from workbench.datasets.diffing.keyed import NEW, ROW, Beside, Plan, Shared
from workbench.datasets.diffing.likening import ground, key_ground, likened, shorter
from workbench.datasets.diffing.row_changes import RowDiff
from workbench.datasets.diffing.whole import Whole
from workbench.datasets.spilling import Buckets
from workbench.datasets.table import Table
from workbench.errors import StoppedError, UsageError
from workbench.words import plural, visible

if TYPE_CHECKING:
    import polars as pl

Schema: TypeAlias = "Mapping[str, pl.DataType]"
LIMIT: Final = 1_000
_LOOKED_AT: Final = 200
"""Rows whose size is taken for that of all."""
_ROW_BYTES: Final = 32
"""Of a row beside its values."""
_BUCKET_BYTES: Final = 32 << 20
"""Of one table's rows in a bucket, about."""
_MOST_BUCKETS: Final = 256
_ASSUMED_ROWS: Final = 20_000_000
"""Of a table nobody has counted: more buckets than needed cost little."""


def row_diff(
    a: Table,
    b: Table,
    key: Sequence[str] = (),
    *,
    limit: int = LIMIT,
    renamed: Mapping[str, str] | None = None,
    sensitive: Collection[str] = (),
    tolerance: float = 0.0,
    scratch: Path | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> RowDiff:
    """Return what differs between the rows of an old table and a new one.

    Args:
        a: The old table.
        b: The new table.
        key: Columns that name a row; none compares rows as a whole.
        limit: How many rows of each kind are kept with their cells, the first of the table.
        renamed: Names of the old table by which columns of the new one are meant.
        sensitive: Columns whose values are hidden in what is returned.
        tolerance: Fractions that differ by no more than this share of the larger are equal; of
            numbers below 1 it is the difference itself.
        scratch: A folder for rows that do not fit into memory; without it all stay there.
        on_rows: Told how many rows were read.
        stopped: Whether to give up.

    Raises:
        UsageError: The key is not in both tables, or cannot name rows.
        FormatError: A table cannot be read.
        StoppedError: It was given up.
    """
    heads = a.head(0).schema, b.head(0).schema
    shared, left_out = _shared(heads, key, renamed or {})
    keys = _keys(key, shared, left_out)
    left_out = {name: why for name, why in left_out.items() if name not in key}
    columns = tuple(one for one in shared if one.a not in key)
    if not keys and not columns:
        raise UsageError("The tables have no column in common: no row can be compared.")
    plan = Plan(keys, columns, limit, tolerance, _hidden(shared, sensitive))
    count = _buckets(a, b, plan)
    by = plan.names if keys else [str(at) for at in range(len(columns))]
    with (
        Buckets(by, count=count, scratch=scratch) as old,
        Buckets(by, count=count, scratch=scratch) as new,
    ):
        watch = _Watch(on_rows, stopped)
        sides = _fill(a, old, plan, watch, new=False), _fill(b, new, plan, watch, new=True)
        found = (_keyed if keys else _whole)(plan, old, new, watch)
    said = (f"{visible(one.a)} is {one.ground.said}." for one in shared if one.ground.said)
    return RowDiff(
        tuple(one.a for one in keys), sides[0].rows, sides[1].rows,
        null_keys=(sides[0].without_key, sides[1].without_key),
        compared=tuple(one.a for one in columns), not_compared=tuple(left_out.items()),
        said=(*said, *_warned(plan, sides)), **found,
    )  # fmt: skip


# -- what is compared --------------------------------------------------------------------


def _shared(
    heads: tuple[Schema, Schema], key: Sequence[str], renamed: Mapping[str, str]
) -> tuple[tuple[Shared, ...], dict[str, str]]:
    """Return the columns of both tables that can be compared, and why the others cannot."""
    a, b = heads
    shared, left_out = list[Shared](), dict[str, str]()
    for name, dtype in a.items():
        other = renamed.get(name, name)
        if other not in b:
            continue
        found = (key_ground if name in key else ground)(dtype, b[other])
        shared.append(Shared(name, other, (dtype, b[other]), found))
        if not found.kind:
            left_out[name] = found.said
    return tuple(one for one in shared if one.ground.kind), left_out


def _keys(
    key: Sequence[str], shared: Sequence[Shared], left_out: Mapping[str, str]
) -> tuple[Shared, ...]:
    """Return the columns of the key.

    Raises:
        UsageError: One is not in both tables, or its values cannot name a row.
    """
    by_name = {one.a: one for one in shared}
    found = []
    for name in dict.fromkeys(key):
        if name not in by_name:
            why = left_out.get(name, "it is not in both tables")
            raise UsageError(f"{visible(name)} cannot be the key: {why}.")
        one = by_name[name]
        if one.kinds[0].is_nested() or one.kinds[1].is_nested():
            raise UsageError(f"{visible(name)} cannot be the key: its values are nested.")
        found.append(one)
    return tuple(found)


def _hidden(shared: Sequence[Shared], sensitive: Collection[str]) -> frozenset[str]:
    """Return sensitive columns by both their names: one that was renamed stays sensitive."""
    both = [{one.a, one.b} for one in shared if one.a in sensitive or one.b in sensitive]
    return frozenset(sensitive).union(*both)


def _buckets(a: Table, b: Table, plan: Plan) -> int:
    """Return into how many buckets the rows are sorted."""
    import polars as pl

    sizes = []
    for table, names in ((a, [one.a for one in _all(plan)]), (b, [one.b for one in _all(plan)])):
        head = table.head(_LOOKED_AT).select(pl.col(names))
        row = head.estimated_size() / max(head.height, 1) + _ROW_BYTES
        sizes.append(row * (_ASSUMED_ROWS if table.rows is None else table.rows))
    return max(1, min(_MOST_BUCKETS, ceil(max(sizes) / _BUCKET_BYTES)))


def _all(plan: Plan) -> tuple[Shared, ...]:
    return (*plan.key, *plan.columns)


# -- reading -----------------------------------------------------------------------------


class _Side(NamedTuple):
    """One table that was read."""

    rows: int
    without_key: int


class _Watch:
    """Tells how far it is, and asks whether to go on."""

    def __init__(self, on_rows: Callable[[int], None], stopped: Callable[[], bool]) -> None:
        self._on_rows = on_rows
        self._stopped = stopped
        self._rows = 0

    def read(self, rows: int) -> None:
        """Note rows that were read."""
        self._rows += rows
        self._on_rows(self._rows)
        self.go_on()

    def go_on(self) -> None:
        """Raise where nobody waits any more."""
        if self._stopped():
            raise StoppedError(f"Stopped after {plural(self._rows, 'row')}: the rest is not known.")


def _fill(table: Table, buckets: Buckets, plan: Plan, watch: _Watch, *, new: bool) -> _Side:
    """Sort the rows of a table into buckets; those without a key are counted only."""
    import polars as pl

    names = [one.b if new else one.a for one in _all(plan)]
    projected = _projected(plan, new=new)
    rows = without_key = 0
    for part in table.batches(names):
        row = pl.int_range(rows + 1, rows + part.height + 1, dtype=pl.Int64)
        kept = part.select(*projected, row.alias(ROW + NEW if new and plan.key else ROW))
        if plan.key:
            there = kept.drop_nulls(plan.names)
            without_key += kept.height - there.height
            kept = there
        buckets.add(kept)
        rows += part.height
        watch.read(part.height)
    return _Side(rows, without_key)


def _projected(plan: Plan, *, new: bool) -> "list[pl.Expr]":
    """Return what is kept of a row: its key on the common ground, and its values as they are.

    Without a key the values themselves stand on the common ground, under their numbers.
    """
    import polars as pl

    def common(shared: Shared, name: str) -> "pl.Expr":
        own, kind = (shared.b, shared.kinds[1]) if new else (shared.a, shared.kinds[0])
        return likened(own, kind, shared.ground, shorter(*shared.kinds)).alias(name)

    if not plan.key:
        return [common(one, str(at)) for at, one in enumerate(plan.columns)]
    keys = [common(one, name) for one, name in zip(plan.key, plan.names, strict=True)]
    if new:
        return [*keys, *(pl.col(one.b).alias(one.b + NEW) for one in _all(plan))]
    return [*keys, *(pl.col(one.a) for one in _all(plan))]


# -- comparing ---------------------------------------------------------------------------


def _keyed(plan: Plan, old: Buckets, new: Buckets, watch: _Watch) -> dict[str, Any]:
    beside = Beside(plan)
    for number in range(old.count):
        watch.go_on()
        beside.compare(old, new, number)
    counts = beside.counts
    changed, added, removed = beside.first
    return {
        "added": counts.added, "removed": counts.removed, "changed": counts.changed,
        "unchanged": counts.unchanged, "duplicate_keys": counts.duplicate_keys,
        "duplicate_rows": (counts.duplicates_a, counts.duplicates_b),
        "columns": beside.columns, "changed_rows": changed, "added_rows": added,
        "removed_rows": removed, "duplicates": tuple(beside.duplicates),
    }  # fmt: skip


def _whole(plan: Plan, old: Buckets, new: Buckets, watch: _Watch) -> dict[str, Any]:
    whole = Whole(plan)
    for number in range(old.count):
        watch.go_on()
        whole.compare(old, new, number)
    added, removed = whole.first
    return {
        "added": whole.added, "removed": whole.removed, "changed": 0,
        "unchanged": whole.unchanged, "added_rows": added, "removed_rows": removed,
    }  # fmt: skip


def _warned(plan: Plan, sides: tuple[_Side, _Side]) -> Iterator[str]:
    """Yield what else a reader must know."""
    for side, which in zip(sides, ("old", "new"), strict=True):
        if side.without_key:
            rows = plural(side.without_key, "row")
            yield f"{rows} of the {which} table have no key and are not compared."
    if plan.tolerance:
        yield f"Fractions within {plan.tolerance:g} of each other count as equal."
