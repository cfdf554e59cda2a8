"""What a report says in short: the one line, the exit code, each column's gravest chunk.

Pure reading of a `DriftReport`; whatever prints, exports or gates on a report asks here, so that
no two roads out of the workbench tell two things of one check.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS
from workbench.datasets.drift.ordering import in_order, rank
from workbench.datasets.drift.report import (
    ALARMS,
    BREAKING,
    DRIFT,
    ERROR,
    NOTE,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    WARNING,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
    Side,
)
from workbench.errors import CheckFailedError, UndecidedError
from workbench.words import count, number, plural, visible

OK, DRIFTED, UNDECIDED = 0, CheckFailedError.exit_code, UndecidedError.exit_code
"""Exit codes: judged and no alarm; drift; nothing could be judged, which is never a pass."""

LONGEST_NAME: Final = 40
"""Characters of a column's name in a table for people; programs have all of it."""

_JUDGED: Final = frozenset((STABLE, SHIFTED, DRIFT, SEVERE))
_EACH: Final = {
    PREVIOUS: "the chunk before each",
    LAST_WEEK: "the same weekday of the week before",
    LAST_YEAR: "the same time of the year before",
}
"""References that are another one for each chunk."""
_SEVERITIES: Final = {BREAKING: 0, WARNING: 1, NOTE: 2}


class Told(NamedTuple):
    """A column over all chunks of a report, told by the one where it is gravest."""

    column: ColumnDrift
    chunk: ChunkDrift
    alarms: int
    """In how many chunks it drifted."""
    chunks: int
    """In how many chunks it was looked at."""


class FindingIn(NamedTuple):
    """A finding, and where it was made."""

    finding: Finding
    chunk: ChunkDrift
    chunks: int
    """In how many chunks the same was found."""


def name_of(chunk: ChunkDrift) -> str:
    """Return what to call a chunk: its label and its segment, ``all rows`` where it has neither."""
    return " ".join(map(visible, filter(None, (chunk.label, chunk.segment)))) or "all rows"


def short(name: str) -> str:
    """Return a name that leaves room for what is said of it; both its ends are kept."""
    told = visible(name)
    if len(told) <= LONGEST_NAME:
        return told
    end = LONGEST_NAME // 3
    return f"{told[: LONGEST_NAME - end - 1]}…{told[-end:]}"


def exit_code(report: DriftReport) -> int:
    """Return how a command ends: 0 judged without alarm, 3 drift, 5 nothing could be judged."""
    if report.verdict in ALARMS:
        return DRIFTED
    if report.verdict == ERROR or not judged(report):
        return UNDECIDED
    return OK


def judged(report: DriftReport) -> bool:
    """Say whether any column of any chunk could be judged at all."""
    return any(one.verdict in _JUDGED for chunk in report.chunks for one in chunk.columns)


def told(report: DriftReport) -> tuple[Told, ...]:
    """Return each column by its gravest chunk: predictions and labels first, then what matters.

    A chunk in which it was judged counts before one in which it could not be: those are `unjudged`.
    """
    worst: dict[str, Told] = {}
    judged: dict[str, list[ColumnDrift]] = {}
    for chunk in report.chunks:
        for column in chunk.columns:
            worst[column.name] = _graver(worst.get(column.name), column, chunk)
            judged.setdefault(column.name, []).append(column)
    return tuple(worst[name] for name in in_order(judged))


def unjudged(report: DriftReport) -> tuple[Told, ...]:
    """Return columns that could not be judged in some chunk, by the first such chunk of each.

    In place of alarms they count the chunks in which they could not. A chunk among others that is
    too short as a whole says so itself.
    """
    found: dict[tuple[str, str], Told] = {}
    seen: dict[str, int] = {}
    for chunk in report.chunks:
        short = chunk.verdict == TOO_FEW and len(report.chunks) > 1
        for column in chunk.columns:
            seen[column.name] = seen.get(column.name, 0) + 1
            if column.verdict in (TOO_FEW, ERROR) and not short:
                key = (column.name, column.verdict)
                before = found.get(key, Told(column, chunk, 0, 0))
                found[key] = before._replace(alarms=before.alarms + 1)
    return tuple(one._replace(chunks=seen[one.column.name]) for one in found.values())


def _graver(before: Told | None, column: ColumnDrift, chunk: ChunkDrift) -> Told:
    alarm = column.verdict in ALARMS
    if before is None:
        return Told(column, chunk, int(alarm), 1)
    counted = before._replace(alarms=before.alarms + alarm, chunks=before.chunks + 1)
    if _gravity(column) <= _gravity(before.column):
        return counted
    return counted._replace(column=column, chunk=chunk)


def _gravity(column: ColumnDrift) -> tuple[bool, int, float]:
    return column.verdict not in (TOO_FEW, ERROR), rank(column.verdict), column.effect


def findings(report: DriftReport) -> tuple[FindingIn, ...]:
    """Return what was found, of the table and of columns, the gravest first.

    Each fact once, as it is in the chunk where it is greatest.
    """
    merged: dict[tuple[str, str, str], FindingIn] = {}
    for chunk in report.chunks:
        for finding in _of_chunk(chunk):
            key = (finding.kind, finding.column, finding.severity)
            before = merged.get(key, FindingIn(finding, chunk, 0))
            if abs(finding.value or 0) > abs(before.finding.value or 0):
                before = FindingIn(finding, chunk, before.chunks)
            merged[key] = before._replace(chunks=before.chunks + 1)
    return tuple(sorted(merged.values(), key=lambda one: _SEVERITIES.get(one.finding.severity, 0)))


def _of_chunk(chunk: ChunkDrift) -> Iterator[Finding]:
    yield from chunk.findings
    yield from (finding for column in chunk.columns for finding in column.findings)


def headline(report: DriftReport) -> str:
    """Return the verdict, how much moved, and what was held against what, in one sentence."""
    if exit_code(report) == UNDECIDED:
        return f"{report.verdict}: {_undecided(report)}"
    columns = told(report)
    alarms = [one for one in columns if one.column.verdict in ALARMS]
    shifted = sum(one.column.verdict == SHIFTED for one in columns)
    breaking = sum(one.finding.severity == BREAKING for one in findings(report))
    of = plural(len(columns), "column")
    score = f"score {number(report.score, 2)}"
    parts = [f"{count(len(alarms)) if alarms else 'none'} of {of} moved"]
    if alarms and report.verdict not in ALARMS:
        few = f"{plural(len(alarms), 'column')} in drift, not enough of the importance to alarm"
        parts[0] = f"{few}: {score} of {number(report.thresholds.score, 2)}"
    if not alarms and shifted:
        parts[0] = f"{count(shifted)} of {of} moved, too little to count"
    if breaking:
        parts.append(plural(breaking, "breaking finding"))
    said = f"{report.verdict}: {', '.join(parts)}; {_sides(report)}"
    return f"{said}{_chunks(report)}{'' if score in said else f'; {score}'}"


def _undecided(report: DriftReport) -> str:
    reasons = [one.reason for one in report.chunks if one.reason]
    reasons += [one.reason for chunk in report.chunks for one in chunk.columns if one.reason]
    why = f": {visible(reasons[0])}" if reasons else ""
    what = "nothing could be judged" if not judged(report) else "not everything could be judged"
    return f"{what}{why}; {_sides(report)}"


def _sides(report: DriftReport) -> str:
    return f"{side(report.current)} against {side(report.reference)}"


def side(one: Side) -> str:
    """Return what was compared, with its rows: ``new.csv (1,204 rows)``."""
    if one.name in _EACH:
        return _EACH[one.name]
    return f"{visible(one.name)} ({plural(one.rows, 'row')})" if one.rows else visible(one.name)


def _chunks(report: DriftReport) -> str:
    """Return in how many chunks it drifted, where there are several."""
    if len(report.chunks) < 2:  # noqa: PLR2004 - one chunk is the whole
        return ""
    alarms = sum(one.verdict in ALARMS for one in report.chunks)
    few = sum(one.verdict == TOO_FEW for one in report.chunks)
    said = f"; drift in {count(alarms)} of {plural(len(report.chunks), 'chunk')}"
    return f"{said}, {count(few)} not judged" if few else said
