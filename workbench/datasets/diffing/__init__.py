"""Two tables beside each other: their columns, their rows, their distributions.

`schema_diff` compares columns and guesses renamed ones, `row_diff` compares rows with or without a
key, `profile_deltas` compares what two stored profiles say. None of them rounds, and what could
not be compared is counted and said.
"""

from workbench.datasets.diffing.deltas import Category, Delta, profile_deltas
from workbench.datasets.diffing.distances import Distance
from workbench.datasets.diffing.row_changes import (
    Cell,
    ChangedRow,
    ColumnChanges,
    DuplicateKey,
    LoneRow,
    RowDiff,
)
from workbench.datasets.diffing.rows import LIMIT, row_diff
from workbench.datasets.diffing.schema import Renamed, Retyped, SchemaDiff, schema_diff

__all__ = [
    "LIMIT",
    "Category",
    "Cell",
    "ChangedRow",
    "ColumnChanges",
    "Delta",
    "Distance",
    "DuplicateKey",
    "LoneRow",
    "Renamed",
    "Retyped",
    "RowDiff",
    "SchemaDiff",
    "profile_deltas",
    "row_diff",
    "schema_diff",
]
