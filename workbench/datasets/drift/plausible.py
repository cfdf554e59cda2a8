"""Whether a stored report can be of any check: what was planted or damaged must not be shown.

Only what holds of every report a check makes is asked here. What is read for lists is asked every
time (`impossible`); what is only drawn is asked when a report is opened (`undrawable`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from workbench.datasets.drift.limits import LIMITS, no_limit
from workbench.datasets.drift.report import (
    BREAKING,
    NOTE,
    PARTS,
    VERDICTS,
    WARNING,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
    Measure,
    Shape,
)
from workbench.ids import is_id, is_path_name
from workbench.words import visible

MOST_CHUNKS: Final = 10_000
"""As many as a check makes, those of segments among them."""
MOST_TOLD: Final = 200_000
"""Findings of a table, columns left out, sentences: one for each column of both sides."""
_MOST_OF_COLUMN: Final = 1_000
"""Findings and measures of one column."""
LONGEST: Final = 10_000
"""Characters of a name, a label or a sentence."""
EARLIEST, LATEST = -62_135_596_800.0, 253_402_300_799.0
"""The years 1 and 9999, in seconds since 1970: no calendar goes further."""
_KEY: Final = re.compile(r"[0-9a-f]{32}\Z")
_SLACK_S: Final = 31 * 86_400.0
"""By which clocks may differ, a month that was set wrongly: what is later was made by none."""
_COUNTLESS: Final = 2**63
_NEAR: Final = 1e-6
"""By which shares and their sums may be off."""
_VERDICTS: Final = frozenset(VERDICTS)
_PARTS: Final = frozenset(PARTS)
_SEVERITIES: Final = frozenset((BREAKING, WARNING, NOTE))


def is_key(text: str) -> bool:
    """Say whether a text may be the key of a report."""
    return _KEY.match(text) is not None


def is_to_come(time: float, now: float) -> bool:
    """Say whether a moment is later than any clock that is not quite wrong."""
    return time > now + _SLACK_S


def impossible(report: DriftReport) -> str:
    """Return what of a report can be of no check, in words; empty where nothing is."""
    if not (is_id(report.id) and is_key(report.key) and is_path_name(report.monitor)):
        return "it names no report of a monitor"
    if report.verdict not in _VERDICTS or not _is_share(report.score):
        return "its verdict is none"
    if not 0 <= report.time <= LATEST:
        return "its time is none"
    if not _is_text(*_said(report)):
        return "a text in it is too long, or holds a zero character"
    sides = (report.reference, report.current)
    if not all(0 <= side.rows < _COUNTLESS and _is_moment(side.time) for side in sides):
        return "its data have rows or a time that cannot be"
    versions = (report.version, *(side.version for side in sides))
    if not all(map(_is_number, versions)) or not all(
        0 <= one < _COUNTLESS for one in (report.tests, report.method)
    ):
        return "it counts what nobody can count"
    if any(no_limit(name, getattr(report.thresholds, name)) for name in LIMITS):
        return "a limit in it is none"
    if max(map(len, (report.left_out, report.said, report.opinions))) > MOST_TOLD:
        return "it says more than is read"
    if not 0 < len(report.chunks) <= MOST_CHUNKS:
        return "it has no chunks, or more than are read"
    return _wrong_chunks(report.chunks)


def undrawable(report: DriftReport) -> str:
    """Return which column's shape can be of none, in words; empty where all can be drawn."""
    for chunk in report.chunks:
        for column in chunk.columns:
            if column.shape is not None and not _fits(column.shape):
                name = visible(column.name)[:80]
                return f"the distribution of {name!r} in {visible(chunk.label)[:80]!r} is none"
    return ""


def _said(report: DriftReport) -> Iterator[str]:
    """Yield the texts of a report itself."""
    yield from (report.model, report.stage, report.importance, report.chunking, report.time_column)
    yield from (report.settings, report.actor, report.host)
    for side in (report.reference, report.current):
        yield from (side.name, side.kind, side.dataset, side.hash, side.path)
        yield from (*side.parts, *side.datasets)
    for one in report.left_out:
        yield from (one.name, one.reason)
    yield from report.said
    for opinion in report.opinions:
        yield from (opinion.kind, opinion.words, opinion.reason)


def _wrong_chunks(chunks: Sequence[ChunkDrift]) -> str:
    seen = set[tuple[str, str]]()
    for chunk in chunks:
        label = visible(chunk.label)[:80]
        place = (chunk.label, chunk.segment)
        if place in seen:
            return f"the chunk {label!r} is there twice"
        seen.add(place)
        wrong = _wrong_chunk(chunk)
        if wrong:
            return f"the chunk {label!r} {wrong}"
    return ""


def _wrong_chunk(chunk: ChunkDrift) -> str:
    if chunk.verdict not in _VERDICTS or not _is_share(chunk.score):
        return "has no verdict"
    if not 0 <= chunk.rows < _COUNTLESS:
        return "counts what nobody can count"
    if not (_is_moment(chunk.start) and _is_moment(chunk.end)):
        return "begins or ends at no moment"
    if not (
        _is_text(chunk.label, chunk.segment, chunk.reference, chunk.reason)
        and _are_findings(chunk.findings, MOST_TOLD)
    ):
        return "has a text that is too long, or holds a zero character"
    names = {column.name for column in chunk.columns}
    if len(names) < len(chunk.columns):
        return "names a column twice"
    wrong = next((column for column in chunk.columns if not _can_be(column)), None)
    return f"says of {visible(wrong.name)[:80]!r} what cannot be" if wrong else ""


def _are_findings(findings: Sequence[Finding], most: int) -> bool:
    """Say whether facts can be of any check."""
    return len(findings) <= most and all(
        one.severity in _SEVERITIES and _is_text(one.kind, one.words, one.column)
        for one in findings
    )


def _are_measures(measures: Sequence[Measure]) -> bool:
    """Say whether numbers of how far columns lie apart can be of any check."""
    return len(measures) <= _MOST_OF_COLUMN and all(
        _is_text(one.name, one.words) and (one.p is None or _is_share(one.p)) for one in measures
    )


def _can_be(column: ColumnDrift) -> bool:
    """Say whether the numbers of a column can be of any."""
    return (
        column.verdict in _VERDICTS
        and column.part in _PARTS
        and _is_text(column.name, column.words, column.measure, column.role, column.reason)
        and column.effect >= 0
        and _is_share(column.importance)
        and (column.p is None or _is_share(column.p))
        and (column.q is None or _is_share(column.q))
        and _is_share(column.reference_missing)
        and _is_share(column.current_missing)
        and 0 <= column.reference_rows < _COUNTLESS
        and 0 <= column.current_rows < _COUNTLESS
        and _is_text(column.test)
        and _are_findings(column.findings, _MOST_OF_COLUMN)
        and _are_measures(column.measures)
    )


def _fits(shape: Shape) -> bool:
    """Say whether the parts of a shape belong together."""
    bins = len(shape.edges) + 1 if shape.edges else 0
    shares = (*shape.reference_shares, *shape.current_shares)
    parts = (*shape.reference_parts, *shape.current_parts)
    quantiles = (shape.reference_quantiles, shape.current_quantiles)
    return (
        all(len(one) in (0, 1, bins) for one in (shape.reference_shares, shape.current_shares))
        and len(shape.reference_shares) == len(shape.current_shares)
        and all(a < b for a, b in pairwise(shape.edges))
        and all(len(one) == len(shape.at) for one in quantiles)
        and all(a <= b for one in (shape.at, *quantiles) for a, b in pairwise(one))
        and all(len(shape.categories) == len(one) for one in _of_categories(shape))
        and all(map(_is_share, (*shares, *parts, *shape.at)))
        and all(map(_is_share, (shape.reference_other, shape.current_other)))
        and (shape.scale is None or shape.scale >= 0)
        and _is_text(*shape.categories)
    )


def _of_categories(shape: Shape) -> tuple[Sequence[object], ...]:
    return (shape.reference_parts, shape.current_parts, shape.new or shape.categories)


def _is_text(*texts: str) -> bool:
    return all(len(text) <= LONGEST and "\0" not in text for text in texts)


def _is_share(value: float) -> bool:
    return -_NEAR <= value <= 1 + _NEAR


def _is_moment(value: float | None) -> bool:
    return value is None or EARLIEST <= value <= LATEST


def _is_number(value: int | None) -> bool:
    return value is None or 0 < value < _COUNTLESS
