"""A drift report as facts under headings, for a print-out: what matters first, briefly.

Sentences come from the report as they stand; nothing is judged here.
"""

from collections import Counter
from collections.abc import Sequence

from workbench.datasets.drift.report import (
    ALARMS,
    FEATURE,
    LETTERS,
    SHIFTED,
    STABLE,
    ChunkDrift,
    DriftReport,
)
from workbench.operations.drift import gist
from workbench.operations.drift.gist import Told, name_of, short
from workbench.operations.sections import Section, section
from workbench.words import count, number, percent, plural

MOST = 40
"""Columns, chunks and findings of each kind that are printed; a program asks for all of them."""
_FEWER = 3


def sections(report: DriftReport) -> tuple[Section, ...]:
    """Return what matters of a report: chunks, columns, findings, what was left out, and how."""
    columns = gist.told(report)
    several = len(report.chunks) > 1
    return (
        *_chunks(report, several=several),
        *_moved(columns, several=several),
        *_shifted(columns),
        *_findings(report, several=several),
        *_unjudged(report, several=several),
        *_left_out(report),
        *_opinions(report),
        *_how(report, columns),
    )


def _chunks(report: DriftReport, *, several: bool) -> tuple[Section, ...]:
    if not several:
        return ()
    shown = _gravest(report.chunks)
    rows = [
        (LETTERS.get(one.verdict, "?"), name_of(one), one.verdict, count(one.rows),
         number(one.score, 2), one.reason or _columns(one))
        for one in shown
    ]  # fmt: skip
    heads = ("", "chunk", "verdict", "rows", "score", "what moved most")
    return section(_some("chunks", len(shown), len(report.chunks)), rows, heads)


def _gravest(chunks: Sequence[ChunkDrift]) -> list[ChunkDrift]:
    """Return the chunks in their order; of too many those that do not alarm make way.

    Then those of segments, and of each segment the oldest.
    """
    if len(chunks) <= MOST:
        return list(chunks)
    newer = Counter[str]()
    ranks = list[tuple[bool, bool, int]]()
    for one in reversed(chunks):
        ranks.append((one.verdict not in ALARMS, bool(one.segment), newer[one.segment]))
        newer[one.segment] += 1
    ranks.reverse()
    kept = sorted(range(len(chunks)), key=ranks.__getitem__)[:MOST]
    return [chunks[n] for n in sorted(kept)]


def _columns(chunk: ChunkDrift) -> str:
    names = [one.name for one in chunk.columns if one.verdict in ALARMS]
    more = f" and {len(names) - _FEWER} more" if len(names) > _FEWER else ""
    return ", ".join(map(short, names[:_FEWER])) + more


def _moved(columns: Sequence[Told], *, several: bool) -> tuple[Section, ...]:
    moved = [one for one in columns if one.column.verdict in ALARMS]
    rows = [
        (LETTERS[one.column.verdict], _named(one), one.column.verdict,
         f"{number(one.column.effect, 3)} × limit", *_where(one, several=several),
         one.column.words)
        for one in moved[:MOST]
    ]  # fmt: skip
    where = ("chunks",) if several else ()
    heads = ("", "column", "verdict", "effect", *where, "what moved")
    return section(_some("columns that moved", len(rows), len(moved)), rows, heads)


def _named(one: Told) -> str:
    name, part = one.column.name, one.column.part
    return short(name) if part in (FEATURE, name) else f"{short(name)} ({part})"


def _where(one: Told, *, several: bool) -> tuple[str, ...]:
    if not several:
        return ()
    which = f": {name_of(one.chunk)}"
    if one.alarms > 1:
        judged = one.column.verdict in ALARMS
        which = f", {'most' if judged else 'first'} {name_of(one.chunk)}"
    return (f"{count(one.alarms)} of {count(one.chunks)}{which}",)


def _shifted(columns: Sequence[Told]) -> tuple[Section, ...]:
    shifted = [one.column for one in columns if one.column.verdict == SHIFTED]
    rows = [(LETTERS[SHIFTED], short(one.name), one.words) for one in shifted[:MOST]]
    return section(_some("moved, too little to count", len(rows), len(shifted)), rows)


def _findings(report: DriftReport, *, several: bool) -> tuple[Section, ...]:
    """Return findings; mere notes only where they are few."""
    found = gist.findings(report)
    rows = [
        (one.finding.severity, short(one.finding.column),
         one.finding.words + (_in_chunks(one.chunks, name_of(one.chunk)) if several else ""))
        for one in found[:MOST]
    ]  # fmt: skip
    return section(_some("findings", len(rows), len(found)), rows)


def _in_chunks(chunks: int, most: str) -> str:
    return f" ({most})" if chunks == 1 else f" ({most}, the most of {plural(chunks, 'chunk')})"


def _unjudged(report: DriftReport, *, several: bool) -> tuple[Section, ...]:
    there = gist.unjudged(report)
    rows = [
        (LETTERS[one.column.verdict], short(one.column.name), one.column.verdict,
         *_where(one, several=several), one.column.reason)
        for one in there[:MOST]
    ]  # fmt: skip
    return section(_some("not judged", len(rows), len(there)), rows)


def _left_out(report: DriftReport) -> tuple[Section, ...]:
    rows = [(short(one.name), one.reason) for one in report.left_out[:MOST]]
    return section(_some("left out", len(rows), len(report.left_out)), rows)


def _opinions(report: DriftReport) -> tuple[Section, ...]:
    rows = [
        (one.kind, "none" if one.reason else "ALARM" if one.alarm else "ok",
         one.reason or one.words)
        for one in report.opinions
    ]  # fmt: skip
    return section("second opinions", rows)


def _how(report: DriftReport, columns: Sequence[Told]) -> tuple[Section, ...]:
    stable = sum(one.column.verdict == STABLE for one in columns)
    limits = report.thresholds
    facts = [
        ("reference", gist.side(report.reference)),
        ("current", gist.side(report.current)),
        ("model", _model(report)),
        ("chunks", report.chunking),
        ("stable", f"{plural(stable, 'column')}" if stable else ""),
        ("importance", report.importance),
        ("tests", f"{plural(report.tests, 'p-value')}, false discovery rate {percent(limits.q)}"
         if report.tests else ""),
        *(("", one) for one in report.said),
    ]  # fmt: skip
    return section("how", [one for one in facts if one[1]])


def _model(report: DriftReport) -> str:
    if not report.model:
        return ""
    version = "" if report.version is None else f"@{report.version}"
    return f"{report.model}{version}" + (f", {report.stage}" if report.stage else "")


def _some(title: str, shown: int, there: int) -> str:
    return title if shown >= there else f"{title}, {count(shown)} of {count(there)}"
