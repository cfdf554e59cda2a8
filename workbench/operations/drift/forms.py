"""A drift report for programs: its fields, JSON, and JUnit XML as GitLab and Jenkins read it.

JUnit knows no "too few", and a skipped case is taken for a pass: where nothing could be judged
every case is a failure of that type. The XML and the exit code never tell two things: a column
that drifted fails only where its chunk as a whole alarms.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

import msgspec

from workbench.datasets.drift.report import (
    ALARMS,
    BREAKING,
    ERROR,
    TOO_FEW,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
)
from workbench.operations.drift import gist
from workbench.words import iso, number, visible

WHOLE: Final = "the whole"
"""The case of a chunk as such."""


def as_fields(report: DriftReport) -> dict[str, Any]:
    """Return every field of a report, those at their default too, and the exit code."""
    fields = plain(report)
    fields["exit_code"] = gist.exit_code(report)
    return dict(fields)


def as_json(report: DriftReport) -> str:
    """Return a report as JSON; a number that is not finite is a word in it."""
    text = json.dumps(as_fields(report), ensure_ascii=False, indent=1)
    # Half a character is no UTF-8, and its escape in Python is the one of JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it, every field of what has fields."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float) and value - value != 0:  # NaN and the infinities
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124
    return value


def as_junit(report: DriftReport) -> str:
    """Return a report as JUnit XML: a suite for each chunk, a case for each column."""
    undecided = gist.exit_code(report) == gist.UNDECIDED
    suites = ET.Element("testsuites", {"name": "workbench drift check"})
    for chunk in report.chunks:
        suites.append(_suite(report, chunk, undecided=undecided))
    totals = {
        name: str(sum(int(one.attrib[name]) for one in suites))
        for name in ("tests", "failures", "errors", "skipped")
    }
    suites.attrib.update(totals | {"time": number(report.took_s)})
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _suite(report: DriftReport, chunk: ChunkDrift, *, undecided: bool) -> ET.Element:
    whole = f"{report.current.name} against {chunk.reference or report.reference.name}"
    name = _text(f"drift of {whole}: {gist.name_of(chunk)}")
    cases = list(_cases(report, chunk, name, undecided=undecided))
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(one.find("failure") is not None for one in cases)),
        "errors": str(sum(one.find("error") is not None for one in cases)),
        "skipped": str(sum(one.find("skipped") is not None for one in cases)),
        "time": "0",
    }
    suite = ET.Element("testsuite", {"name": name, **counts, "timestamp": iso(report.time)[:19]})
    suite.extend(cases)
    return suite


def _cases(
    report: DriftReport, chunk: ChunkDrift, suite: str, *, undecided: bool
) -> Iterator[ET.Element]:
    said = [f"{chunk.verdict}, score {number(chunk.score, 2)}", chunk.reason]
    said += [f"{one.severity}: {one.words}" for one in chunk.findings]
    kind = _kind(chunk.verdict, alarm=chunk.verdict in ALARMS, undecided=undecided)
    yield _case(WHOLE, suite, kind, chunk.verdict, said)
    for column in chunk.columns:
        alarm = column.verdict in ALARMS and chunk.verdict in ALARMS
        kind = _kind(column.verdict, alarm=alarm, undecided=undecided)
        yield _case(column.name, suite, kind, column.verdict, list(_said(column)))
    for left in report.left_out:
        yield _case(left.name, suite, "skipped", "left out", [left.reason])


def _kind(verdict: str, *, alarm: bool, undecided: bool) -> str:
    """Return the element that tells a case's end; empty where it passed."""
    if alarm:
        return "failure"
    if verdict == ERROR:
        return "error"
    if verdict == TOO_FEW:
        return "failure" if undecided else "skipped"
    return ""


def _said(column: ColumnDrift) -> Iterator[str]:
    yield f"{column.verdict}: {column.words or column.reason or 'nothing moved'}"
    q = "" if column.q is None else f", q {number(column.q, 3)}"
    if column.measure:
        yield f"{column.measure} is {number(column.effect, 3)} times its limit{q}"
    yield from (_found(one) for one in column.findings)


def _found(finding: Finding) -> str:
    return f"{'BREAKING' if finding.severity == BREAKING else finding.severity}: {finding.words}"


def _case(name: str, suite: str, kind: str, word: str, said: list[str]) -> ET.Element:
    case = ET.Element("testcase", {"name": _text(name), "classname": suite, "time": "0"})
    told = [line for line in said if line]
    text = _text("\n".join(told))
    if not kind:
        ET.SubElement(case, "system-out").text = text
        return case
    message = {"message": _text(told[0] if told else word)}
    typed = message if kind == "skipped" else {"type": word, **message}
    ET.SubElement(case, kind, typed).text = text
    return case


def _text(text: str) -> str:
    """Return a text that any reader of XML takes: what it must not hold is shown as a symbol."""
    return "\n".join(visible(line) for line in text.split("\n"))
