"""What differs between the rows of two tables, as values: counts of all, cells of the first."""

from dataclasses import dataclass
from typing import NamedTuple


class Cell(NamedTuple):
    """A value that changed, as text."""

    column: str
    old: str
    new: str


class ChangedRow(NamedTuple):
    """A row that is in both and differs."""

    key: tuple[str, ...]
    row_a: int
    """Its number in the old table, from 1."""
    row_b: int
    cells: tuple[Cell, ...]


class LoneRow(NamedTuple):
    """A row that is in one only."""

    row: int
    """From 1; without a key the first of equal rows."""
    key: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    times: int = 1
    """Without a key: by how many it occurs more often in this table."""


class ColumnChanges(NamedTuple):
    """How often one column changed among the rows that are in both."""

    column: str
    changed: int
    noise: int = 0
    """Of these, fractions that differ by less than `likening.NOISE` of their size."""
    emptied: int = 0
    """Of these, values that are null now."""
    filled: int = 0
    """Of these, values that were null."""


class DuplicateKey(NamedTuple):
    """A key that names several rows."""

    key: tuple[str, ...]
    rows_a: int
    rows_b: int


@dataclass(frozen=True, slots=True)
class RowDiff:
    """What differs between the rows of two tables.

    With a key: ``rows_a = unchanged + changed + removed + null_keys[0] + duplicate_rows[0]``, and
    likewise for the new table with `added`. Without one rows are compared as a whole:
    ``rows_a = unchanged + removed`` and ``rows_b = unchanged + added``.
    """

    key: tuple[str, ...]
    rows_a: int
    rows_b: int
    added: int
    removed: int
    changed: int
    unchanged: int
    null_keys: tuple[int, int] = (0, 0)
    """Rows of either that have no key: nothing is said of them."""
    duplicate_keys: int = 0
    """Keys that name several rows of one or of both."""
    duplicate_rows: tuple[int, int] = (0, 0)
    """Rows of either with such a key: which belongs to which cannot be told."""
    columns: tuple[ColumnChanges, ...] = ()
    """Columns that changed, most rows first."""
    compared: tuple[str, ...] = ()
    """Columns that were compared, without the key."""
    not_compared: tuple[tuple[str, str], ...] = ()
    """Columns that were not, and why."""
    said: tuple[str, ...] = ()
    """What a reader must know to read the counts rightly."""
    changed_rows: tuple[ChangedRow, ...] = ()
    """The first ones, in the order of the old table; as many as were asked for."""
    added_rows: tuple[LoneRow, ...] = ()
    removed_rows: tuple[LoneRow, ...] = ()
    duplicates: tuple[DuplicateKey, ...] = ()
    """Some of the keys that name several rows."""

    @property
    def same(self) -> bool:
        """Say whether every row is in both, unchanged, and all of them could be compared."""
        unsure = self.duplicate_keys + sum(self.null_keys) + len(self.not_compared)
        return not (self.added or self.removed or self.changed or unsure)
