"""The keys of the screens of datasets and rows; `workbench.tui.keys` puts them in their place."""

from typing import Final

from workbench.tui.key import (
    Key,
    Scope,
    make,
    needs_axis,
    needs_dataset,
    needs_dataset_to_change,
    needs_place,
    needs_rows,
    needs_second_column,
    needs_sensitive,
    needs_value,
)

_DATASET: tuple[Scope, ...] = ("data", "dataset")
_DATA: tuple[Scope, ...] = ("data", "dataset", "column")
_COLUMN: tuple[Scope, ...] = ("column",)
_ROWS: tuple[Scope, ...] = ("rows",)
_RECORD: tuple[Scope, ...] = ("record",)

DATA_KEYS: Final[tuple[Key, ...]] = (
    # -------------------------------------------------------------- datasets
    make("data-rows", "v", "Rows", "Show the rows; sort and filter them, go to one.", "Look", _DATA,
        needs_dataset, rank=12),
    make("data-diff", "d", "Diff", "Show what changed from one version to another.", "Compare",
        _DATASET, needs_dataset, rank=30),
    make("data-lineage", "T", "Lineage",
        "Show where it came from and what is touched if it must go.", "Look", _DATASET,
        needs_dataset, rank=45),
    make("check-rules", "exclamation_mark", "Check", "Look now which rules of the dataset hold.",
        "Look", ("data", "dataset", "data-check"), needs_dataset, rank=32),
    make("add-data", "a", "Add", "Register a file, folder or pattern as a version of a dataset.",
        "Change", _DATASET, needs_place, rank=50),
    make("edit-fields", "E", "Edit", "Change owner, purposes, retention, sensitive columns, roles.",
        "Change", _DATA, needs_dataset_to_change, rank=55),
    make("put-away", "D", "Put away", "Archive the dataset or bring it back; delete a version.",
        "Change", _DATASET, needs_dataset_to_change, rank=60),
    make("column-next", "n", "Next column", "Show the next column.", "Go", _COLUMN,
        needs_second_column, rank=14),
    make("column-previous", "N", "Column before", "Show the column before.", "Go", _COLUMN,
        needs_second_column, rank=16),
    make("column-log", "L", "Log", "Turn the logarithmic axis of counts on or off.", "Chart",
        _COLUMN, needs_axis, rank=46, shy=True),
    make("column-clip", "C", "Clip", "Leave the outermost hundredths out, or let them in.", "Chart",
        _COLUMN, needs_axis, rank=47, shy=True),
    # -------------------------------------------------------------- rows of data
    make("only", "o", "Only", "Show only repeated rows, or only rows with nulls.", "Look", _ROWS,
        rank=42),
    make("go-to-row", "at", "Go to row", "Go to a row by its number in the file.", "Go", _ROWS,
        needs_rows, rank=44),
    make("same-value", "equals_sign", "Same value",
        "Keep only the rows that have the value under the cursor.", "Look", _ROWS, needs_value,
        rank=46),
    make("show-columns", "c", "Columns", "Choose the columns by their names or parts of them.",
        "Columns", _ROWS, rank=50),
    make("unmask", "M", "Unmask", "Show the values of sensitive columns, or mask them again.",
        "Look", ("rows", "dataset", "column"), needs_sensitive, rank=52, shy=True),
    make("next-row", "n", "Next row", "Show the row below.", "Go", _RECORD, needs_rows, rank=10),
    make("previous-row", "N", "Row before", "Show the row above.", "Go", _RECORD, needs_rows,
        rank=12),
)  # fmt: skip
