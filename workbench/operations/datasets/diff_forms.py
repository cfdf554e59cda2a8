"""What changed between two tables, for programs and in sentences."""

import json
from typing import Any, Final

from workbench.datasets.diffing import Delta, RowDiff, SchemaDiff
from workbench.operations.datasets.diff import Difference, Side
from workbench.words import count, percent, plural, visible

FORMAT: Final = 1


def as_fields(found: Difference) -> dict[str, Any]:
    """Return everything that changed, as a program wants it."""
    return {
        "format": FORMAT,
        "same": found.same,
        "identical_bytes": found.identical,
        "a": _side(found.a),
        "b": _side(found.b),
        "schema": _schema(found.schema),
        "rows": _rows(found.rows) if found.rows else None,
        "why_no_rows": found.why_no_rows,
        "doubts": list(found.doubts),
        "deltas": [_delta(one) for one in found.deltas],
        "why_no_deltas": found.why_no_deltas,
    }


def as_json(found: Difference) -> str:
    """Return what changed as JSON."""
    text = json.dumps(as_fields(found), ensure_ascii=False, indent=2)
    # Half a character is no UTF-8, and its escape in Python is the one of JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def row_sentences(rows: RowDiff) -> tuple[str, ...]:
    """Return what became of the rows, in the order a reader asks."""
    key = f"by {', '.join(map(visible, rows.key))}" if rows.key else "as a whole, without a key"
    compared = f"{count(rows.rows_a)} → {plural(rows.rows_b, 'row')}, compared {key}."
    counts = f"{count(rows.added)} added, {count(rows.removed)} removed, "
    if rows.key:
        counts += f"{count(rows.changed)} changed, "
    counts += f"{count(rows.unchanged)} unchanged."
    several = _duplicates(rows)
    told = () if several and not _any_compared(rows) else (counts,)
    return (compared, *several, *told, *_noise(rows), *rows.said, *_left_out(rows))


def _any_compared(rows: RowDiff) -> bool:
    return bool(rows.added or rows.removed or rows.changed or rows.unchanged)


def _duplicates(rows: RowDiff) -> tuple[str, ...]:
    if not rows.duplicate_keys:
        return ()
    a, b = rows.duplicate_rows
    keys = plural(rows.duplicate_keys, "key names several rows", "keys name several rows")
    return (f"{keys} ({count(a)} old and {count(b)} new): these were not compared.",)


def _noise(rows: RowDiff) -> tuple[str, ...]:
    """Say where a change is likely nothing but reckoning in another order."""
    return tuple(
        f"{visible(one.column)}: {count(one.noise)} of {plural(one.changed, 'change')} "
        f"({percent(one.noise / one.changed)}) differ by less than 1e-12: likely rounding."
        for one in rows.columns
        if one.noise
    )


def _left_out(rows: RowDiff) -> tuple[str, ...]:
    return tuple(f"{visible(name)} was not compared: {why}." for name, why in rows.not_compared)


def _side(side: Side) -> dict[str, Any]:
    return {
        "title": side.title, "rows": side.rows, "columns": len(side.columns), "hash": side.hash
    }  # fmt: skip


def _schema(schema: SchemaDiff) -> dict[str, Any]:
    return {
        "added": [one._asdict() for one in schema.added],
        "removed": [one._asdict() for one in schema.removed],
        "retyped": [one._asdict() for one in schema.retyped],
        "renamed_likely": [one._asdict() for one in schema.renamed],
        "reordered": schema.reordered,
        "kept": schema.kept,
    }


def _rows(rows: RowDiff) -> dict[str, Any]:
    return {
        "key": list(rows.key),
        "rows_a": rows.rows_a,
        "rows_b": rows.rows_b,
        "added": rows.added,
        "removed": rows.removed,
        "changed": rows.changed,
        "unchanged": rows.unchanged,
        "without_key": list(rows.null_keys),
        "duplicate_keys": rows.duplicate_keys,
        "duplicate_rows": list(rows.duplicate_rows),
        "columns": [one._asdict() for one in rows.columns],
        "not_compared": dict(rows.not_compared),
        "said": list(rows.said),
        "changed_rows": [
            {**one._asdict(), "cells": [cell._asdict() for cell in one.cells]}
            for one in rows.changed_rows
        ],
        "added_rows": [{**one._asdict(), "values": dict(one.values)} for one in rows.added_rows],
        "removed_rows": [
            {**one._asdict(), "values": dict(one.values)} for one in rows.removed_rows
        ],
        "duplicates": [one._asdict() for one in rows.duplicates],
    }


def _delta(delta: Delta) -> dict[str, Any]:
    return {
        "column": delta.column,
        "was": delta.was,
        "measure": delta.measure,
        "size": delta.size,
        "may_be_chance": delta.chance,
        "words": delta.words,
        "sentence": delta.sentence,
        "distances": [one._asdict() for one in delta.distances],
        "came": [one._asdict() for one in delta.came],
        "went": [one._asdict() for one in delta.went],
    }
