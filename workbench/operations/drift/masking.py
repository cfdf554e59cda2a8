"""A report as it may be shown now: a column that was said to be sensitive since hides its values.

What is made of a sensitive column hides them from the beginning. A report is never changed, so of
one that was made before somebody said so the values are taken out when it is read.
"""

import re
from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from workbench.datasets.drift.report import (
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
    Shape,
    Side,
)
from workbench.datasets.fields import FEWEST, MASK
from workbench.operations.drift.said_of_sides import hidden_of_sides
from workbench.operations.session import Session

_QUOTED: Final = re.compile(r"'.*'", re.DOTALL)
_CONSTANT: Final = re.compile(
    r"(?<=only ).*(?= now, it varied before\Z)|(?<=always ).*(?= now\Z)", re.DOTALL
)
"""The values of a constant that changed, which stand in no quotation marks."""
_NAMING: Final = re.compile(r"['0-9]")
_HIDDEN: Final = "not shown, as the column is sensitive"
_DECILES: Final = 10


def shown(session: Session, report: DriftReport) -> DriftReport:
    """Return a report without values of columns that are sensitive now."""
    names = {one.name for chunk in report.chunks for one in chunk.columns}
    names |= {one.column for chunk in report.chunks for one in chunk.findings if one.column}
    hidden = hidden_now(session, (report.current, report.reference), names)
    if not hidden:
        return report
    return replace(report, chunks=tuple(_chunk(one, hidden) for one in report.chunks))


def hidden_now(
    session: Session, sides: Collection[Side], columns: Collection[str]
) -> frozenset[str]:
    """Return which of these columns are sensitive now by the datasets of one of these sides."""
    if session.workspace is None:
        return frozenset()
    return hidden_of_sides(session, sides, columns)


def without_values(words: str) -> str:
    """Return what moved in words without the values it names."""
    return _CONSTANT.sub(MASK, _QUOTED.sub(MASK, words))


def _chunk(chunk: ChunkDrift, hidden: frozenset[str]) -> ChunkDrift:
    columns = (_column(one) if one.name in hidden else one for one in chunk.columns)
    findings = (_finding(one) if one.column in hidden else one for one in chunk.findings)
    return replace(chunk, columns=tuple(columns), findings=tuple(findings))


def _column(column: ColumnDrift) -> ColumnDrift:
    rows = min(column.reference_rows, column.current_rows)
    return replace(
        column,
        words=without_values(column.words) if rows >= 2 * FEWEST else _HIDDEN,
        measures=tuple(
            replace(one, words="") if _NAMING.search(one.words) else one for one in column.measures
        ),
        findings=tuple(map(_finding, column.findings)),
        shape=column.shape and _shape(column.shape, rows),
    )


def _finding(finding: Finding) -> Finding:
    return replace(finding, words=f"{finding.kind}; {_HIDDEN}")


def _shape(shape: Shape, rows: int) -> Shape:
    """Return what is drawn without what stands for fewer rows than may be shown."""
    kept = [
        place
        for place, share in enumerate(shape.at)
        if share * rows >= FEWEST and (1 - share) * rows >= FEWEST
    ]
    found = replace(
        shape,
        categories=tuple(MASK for _ in shape.categories),
        at=tuple(shape.at[place] for place in kept),
        reference_quantiles=tuple(shape.reference_quantiles[place] for place in kept),
        current_quantiles=tuple(shape.current_quantiles[place] for place in kept),
        gap_at=None,
    )
    if rows < _DECILES * FEWEST:
        return replace(found, edges=(), reference_shares=(), current_shares=())
    return found
