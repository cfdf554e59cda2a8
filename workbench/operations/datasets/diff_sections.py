"""What changed between two tables as facts under headings, for a page and a print-out."""

from collections.abc import Sequence

from workbench import words
from workbench.datasets.diffing import Category, LoneRow, RowDiff, SchemaDiff
from workbench.operations.datasets.diff import IDENTICAL, Difference
from workbench.operations.datasets.diff_forms import row_sentences
from workbench.operations.sections import Section, section
from workbench.words import visible

_MOST_CATEGORIES = 12


def overview(found: Difference) -> tuple[Section, ...]:
    """Return what changed as a whole: the two sides, their columns, their rows, their values."""
    return (
        *section("compared", _sides(found)),
        *section("columns", _schema(found.schema), ("what", "column", "how")),
        *section("rows", _rows(found)),
        *_cell_section(found.rows),
        *section("new and vanished values", _categories(found), ("column", "what", "values")),
    )


def sections(found: Difference) -> tuple[Section, ...]:
    """Return everything: as a whole, by column, and row by row as far as rows were kept."""
    rows = found.rows
    return (
        *overview(found),
        *section(
            "columns, by change",
            [
                (one.column, f"{one.measure} {words.number(one.size, 3)}",
                 "may be chance" if one.chance else "", one.words)
                for one in found.deltas
                if one.size
            ],
            ("column", "change", "", "what changed"),
        ),
        *section("columns, by change", [(one,) for one in [found.why_no_deltas] if one]),
        *(_row_sections(rows) if rows is not None else ()),
    )  # fmt: skip


def _row_sections(rows: RowDiff) -> tuple[Section, ...]:
    changed = [
        (", ".join(row.key), cell.column, f"{cell.old} → {cell.new}")
        for row in rows.changed_rows
        for cell in row.cells
    ]
    return (
        *section(_some("changed rows", rows.changed_rows, rows.changed), changed,
                 ("key", "column", "old → new")),
        *section(_some("added rows", rows.added_rows, rows.added),
                 [_lone(one) for one in rows.added_rows]),
        *section(_some("removed rows", rows.removed_rows, rows.removed),
                 [_lone(one) for one in rows.removed_rows]),
    )  # fmt: skip


def _some(title: str, shown: Sequence[object], there: int) -> str:
    return title if len(shown) >= there else f"{title}, {len(shown)} of {words.count(there)}"


def _lone(row: LoneRow) -> tuple[str]:
    times = f"{row.times} times: " if row.times > 1 else ""
    return (times + ", ".join(f"{visible(name)}={value}" for name, value in row.values),)


def _sides(found: Difference) -> list[tuple[str, ...]]:
    sides = [
        (which, f"{side.title}, {_counted(side.rows)}, {words.plural(len(side.columns), 'column')}")
        for which, side in (("old", found.a), ("new", found.b))
    ]
    said = [("names", f"{old} is compared with {new}") for old, new in found.renamed]
    if found.identical:
        return [*sides, *said, ("bytes", IDENTICAL)]
    return [*sides, *said, *(("attention", one) for one in found.doubts)]


def _counted(rows: int | None) -> str:
    return "rows not counted" if rows is None else words.plural(rows, "row")


def _schema(schema: SchemaDiff) -> list[tuple[str, str, str]]:
    same = words.plural(schema.kept, "column")
    return [
        *(("added", one.name, one.type) for one in schema.added),
        *(("removed", one.name, one.type) for one in schema.removed),
        *(("retyped", one.name, f"{one.old} → {one.new}") for one in schema.retyped),
        *(
            ("renamed?", f"{one.old} → {one.new}", f"likely: {one.evidence}")
            for one in schema.renamed
        ),
        *([("reordered", "", "the columns stand in another order")] if schema.reordered else []),
        *([("kept", same, "same name and type")] if schema.kept else []),
    ]


def _rows(found: Difference) -> list[tuple[str]]:
    if found.rows is None:
        return [(f"Rows were not compared. {found.why_no_rows}".strip(),)]
    return [(one,) for one in row_sentences(found.rows)]


def _cell_section(rows: RowDiff | None) -> Sequence[Section]:
    """Return the cells that changed by column; how many are null now only where any is."""
    cells = _cells(rows)
    if any(parts for *_, parts in cells):
        return section("cells that changed", cells, ("column", "cells", "of them"))
    return section("cells that changed", [one[:2] for one in cells], ("column", "cells"))


def _cells(rows: RowDiff | None) -> list[tuple[str, str, str]]:
    if rows is None:
        return []
    changed = sorted(rows.columns, key=lambda one: -one.changed)
    return [
        (one.column, words.count(one.changed), _parts(one.emptied, one.filled))
        for one in changed
        if one.changed
    ]


def _parts(emptied: int, filled: int) -> str:
    said = [
        *([f"{words.count(emptied)} became null"] if emptied else []),
        *([f"{words.count(filled)} were null"] if filled else []),
    ]
    return ", ".join(said)


def _categories(found: Difference) -> list[tuple[str, str, str]]:
    lines = []
    for delta in found.deltas:
        for what, some in (("new", delta.came), ("vanished", delta.went)):
            if some:
                shown = ", ".join(map(_category, some[:_MOST_CATEGORIES]))
                left = len(some) - _MOST_CATEGORIES
                lines.append(
                    (delta.column, what, f"{shown} and {left} more" if left > 0 else shown)
                )
    return lines


def _category(one: Category) -> str:
    doubt = "" if one.sure else ", perhaps"
    return f"{visible(one.value)} ({words.count(one.rows)}{doubt})"
