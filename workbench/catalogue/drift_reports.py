"""Reports of drift in, rows out: what was found of every chunk, kept as reports come and go.

A report never changes, so its rows are put in once and taken out with it. One that cannot be read
is a row too, with its reason: nobody is to think that it is not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from workbench.catalogue.connection import Catalogue
from workbench.catalogue.drift_lines import Head
from workbench.datasets.drift.report import (
    ALARMS,
    BREAKING,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
)
from workbench.words import visible

_TABLES: Final = ("drift_reports", "drift_chunks")
_LONGEST: Final = 300
"""Characters of a sentence that are kept here; the report has all of it."""
_MOST_FINDINGS: Final = 200
_LOST: Final = ("missing column", BREAKING)
_Row = tuple[Any, ...]


class Found(NamedTuple):
    """A report as it is to be stored."""

    monitor: str
    key: str
    stamp: int
    """Time of its file when it was read, in nanoseconds."""
    report: DriftReport | None
    """None where it cannot be read."""
    fault: str = ""
    """Why it cannot."""


class KnownReport(NamedTuple):
    """What the catalogue remembers of a report."""

    stamp: int
    fault: str


class KnownMonitor(NamedTuple):
    """What the catalogue remembers of a monitor's folder."""

    stamp: int
    """Its time when it was last listed; 0 to have it listed again."""
    reports: Mapping[str, KnownReport]


def known_monitors(catalogue: Catalogue) -> dict[str, KnownMonitor]:
    """Return what is remembered of every monitor, by name."""
    cursor = catalogue.cursor()
    reports: dict[str, dict[str, KnownReport]] = {}
    for monitor, key, *rest in cursor.execute(
        "SELECT monitor, report, stamp, fault FROM drift_reports"
    ).fetchall():
        reports.setdefault(monitor, {})[key] = KnownReport(*rest)
    stamps = dict(cursor.execute("SELECT monitor, stamp FROM drift_folders").fetchall())
    return {
        name: KnownMonitor(stamps.get(name, 0), reports.get(name, {}))
        for name in stamps.keys() | reports.keys()
    }


def store(
    catalogue: Catalogue,
    found: Sequence[Found],
    *,
    gone: Iterable[tuple[str, str]] = (),
    stamps: Mapping[str, int | None] | None = None,
) -> None:
    """Put reports in, each in the place of what was there of it, and take others out.

    Args:
        catalogue: Where.
        found: What was read.
        gone: Monitor and key of reports that are not in the folder any more.
        stamps: Time of each monitor's folder as it was listed; None takes the monitor out.
    """
    reports = [_report(one) for one in found]
    chunks = [row for one in found if one.report for row in _chunks(one.report)]
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    try:
        _forget(cursor, [*((one.monitor, one.key) for one in found), *gone])
        _settle(cursor, stamps or {})
        for name, rows in zip(_TABLES, (reports, chunks), strict=True):
            if rows:
                with cursor.appender(name) as appender:
                    appender.append_rows(rows)
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def _forget(cursor: Any, reports: Sequence[tuple[str, str]]) -> None:
    if not reports:
        return
    monitors, keys = [name for name, _ in reports], [key for _, key in reports]
    for table in _TABLES:
        cursor.execute(
            f"DELETE FROM {table} WHERE (monitor, report) IN "
            "(SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]))",
            [monitors, keys],
        )


def _settle(cursor: Any, stamps: Mapping[str, int | None]) -> None:
    if not stamps:
        return
    cursor.execute(
        "DELETE FROM drift_folders WHERE monitor IN (SELECT unnest(?::VARCHAR[]))", [list(stamps)]
    )
    rows = [(name, stamp) for name, stamp in stamps.items() if stamp is not None]
    if rows:
        with cursor.appender("drift_folders") as appender:
            appender.append_rows(rows)


def _report(one: Found) -> _Row:
    said = one.report
    if said is None:
        return (
            one.monitor, one.key, one.stamp, "", 0.0, "", 0.0, "", None, "", "", "", None, "", "",
            "", None, "", 0, None, 0, "", 0, "", "{}", "", "", "", "[]",
            one.fault,
        )  # fmt: skip
    reference, current = said.reference, said.current
    return (
        one.monitor, one.key, one.stamp, said.id, said.time, said.verdict, said.score, said.model,
        said.version, said.stage, reference.name, reference.dataset, reference.version,
        reference.hash, current.name, current.dataset, current.version, current.hash,
        current.rows, current.time, len(said.chunks), said.chunking, said.tests, said.importance,
        _json(said.thresholds), said.settings, said.actor, said.host,
        _json([msgspec.structs.replace(side, parts=()) for side in (reference, current)]),
        one.fault,
    )  # fmt: skip


def _chunks(said: DriftReport) -> Iterator[_Row]:
    for position, chunk in enumerate(said.chunks):
        place = _place(said, chunk)
        yield (
            said.monitor, said.key, position, chunk.label, chunk.segment, chunk.start, chunk.end,
            place, said.time, said.id, chunk.verdict, chunk.score, chunk.rows,
            chunk.reference or said.reference.name, chunk.reason[:_LONGEST], _json(lost(chunk)),
            _json([_finding(one) for one in _findings(chunk)]),
            _alarms(chunk),
            _json([one.name for one in chunk.columns]),
            _json([_cell(one) for one in chunk.columns]),
            _json([_facts(one) for one in chunk.columns]),
        )  # fmt: skip


def heads_of(said: DriftReport) -> Iterator[Head]:
    """Yield the chunks of a report as they are read back when it is stored."""
    for chunk in said.chunks:
        yield Head(
            said.monitor, chunk.label, chunk.segment, said.key, said.time, chunk.verdict,
            chunk.score, chunk.rows, chunk.start, chunk.end, _alarms(chunk), said.id,
            _place(said, chunk), chunk.reference or said.reference.name,
            chunk.reason[:_LONGEST],
        )  # fmt: skip


def _place(said: DriftReport, chunk: ChunkDrift) -> float:
    there = (chunk.start, said.current.time, said.time)
    return next(one for one in there if one is not None)


def _alarms(chunk: ChunkDrift) -> str:
    return _json([*lost(chunk), *(one.name for one in chunk.columns if one.verdict in ALARMS)])


def lost(chunk: ChunkDrift) -> list[str]:
    """Return the features that are not there any more, as they count for the verdict."""
    return [one.column for one in chunk.findings if (one.kind, one.severity) == _LOST]


def _findings(chunk: ChunkDrift) -> list[Finding]:
    """Return what was found of a chunk, of the table first; of a very wide one the first."""
    found = list(chunk.findings)
    for column in chunk.columns:
        found += [msgspec.structs.replace(one, column=column.name) for one in column.findings]
        if len(found) >= _MOST_FINDINGS:
            break
    return found[:_MOST_FINDINGS]


def _finding(one: Finding) -> _Row:
    return (one.kind, one.severity, one.column, _sentence(one.words), one.value, one.limit)


def _cell(one: ColumnDrift) -> _Row:
    """Return what `workbench.catalogue.drift_lines.Cell` holds, in its order."""
    words = _sentence(one.words or one.reason)
    return (one.verdict, one.effect, one.q, one.shift, one.measure, words)


def _facts(one: ColumnDrift) -> _Row:
    """Return what `workbench.catalogue.drift_lines.Facts` holds first, and what SQL shows."""
    return (
        one.part, one.role, one.importance, one.test, one.p, one.reference_rows,
        one.current_rows, one.reference_missing, one.current_missing,
    )  # fmt: skip


def _sentence(words: str) -> str:
    return visible(words[:_LONGEST])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
