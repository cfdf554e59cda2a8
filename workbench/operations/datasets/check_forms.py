"""The results of rules for programs: JSON, and JUnit XML as GitLab and Jenkins read it.

JUnit knows no "undecided", and a skipped case is taken for a pass: an undecided rule is a failure
of that type, a rule that could not be asked is an error.
"""

import json
from typing import Any, Final
from xml.etree import ElementTree as ET

from workbench.datasets.rules.rule import Rule, RuleResult
from workbench.operations.datasets.check import Checked
from workbench.words import count, iso, visible

FORMAT: Final = 1


def as_fields(checked: Checked) -> dict[str, Any]:
    """Return everything that came of the rules, as a program wants it."""
    return {
        "format": FORMAT,
        "dataset": checked.name,
        "subject": checked.subject,
        "evaluated": iso(checked.at),
        "outcome": checked.outcome,
        "exit_code": checked.exit_code,
        "rows": checked.rows,
        "doubt": checked.doubt,
        "read_as": {"format": checked.format, **dict(checked.said)},
        "rules": [_result(one) for one in checked.results],
    }


def as_json(checked: Checked) -> str:
    """Return what came of the rules as JSON."""
    text = json.dumps(as_fields(checked), ensure_ascii=False, indent=2, default=str)
    # Half a character is no UTF-8, and its escape in Python is the one of JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def as_junit(checked: Checked) -> str:
    """Return what came of the rules as JUnit XML, one case a rule."""
    suite_name = _text(f"rules of {checked.name or 'a file'} on {checked.subject}")
    cases = [_case(one, suite_name) for one in checked.results]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(one.find("failure") is not None for one in cases)),
        "errors": str(sum(one.find("error") is not None for one in cases)),
        "skipped": "0",
        "time": "0",
    }
    suites = ET.Element("testsuites", {"name": "workbench datasets check", **counts})
    timestamp = iso(checked.at)[:19]
    suite = ET.SubElement(
        suites, "testsuite", {"name": suite_name, **counts, "timestamp": timestamp}
    )
    suite.extend(cases)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def facts(result: RuleResult) -> str:
    """Return how many rows are against a rule, and what was seen, on one line."""
    parts = []
    if result.state == "fails" and result.failed:
        of = "" if result.rows is None else f" of {count(result.rows)}"
        parts.append(f"{count(result.failed)}{of} rows")
    if result.observed:
        parts.append(result.observed)
    if result.left_out:
        parts.append(f"{count(result.left_out)} missing not looked at")
    if result.reason:
        line = f"line {result.rule.line}: " if result.rule.fault and result.rule.line else ""
        parts.append(f"{line}{result.reason}")
    return "; ".join(parts)


def example_lines(result: RuleResult) -> tuple[str, ...]:
    """Return the rows that are examples, one a line: ``row 17: id 17, age -3``."""
    return tuple(
        f"row {count(one.row)}: {', '.join(f'{visible(name)} {text}' for name, text in one.values)}"
        for one in result.examples
    )


def _result(result: RuleResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "asked": result.words,
        "state": result.state,
        "failed": result.failed,
        "rows": result.rows,
        "left_out": result.left_out,
        "observed": result.observed,
        "reason": result.reason,
        "examples": [{"row": one.row, "values": dict(one.values)} for one in result.examples],
        "rule": _rule(result.rule),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    said = {"kind": rule.kind, "columns": list(rule.columns), **rule.options}
    if rule.where:
        said["where"] = rule.where
    if rule.allowed.rows or rule.allowed.share:
        said["allowed"] = rule.allowed.rows or f"{rule.allowed.share * 100:g}%"
    if rule.line:
        said["line"] = rule.line
    return said


def _case(result: RuleResult, suite: str) -> ET.Element:
    case = ET.Element(
        "testcase",
        {"name": _text(result.name), "classname": f"{suite}.{result.rule.kind}", "time": "0"},
    )
    said = _text("\n".join([result.words, facts(result), *example_lines(result)]).strip())
    if result.state == "holds":
        ET.SubElement(case, "system-out").text = said
        return case
    kind = "error" if result.state == "error" else "failure"
    word = "failed" if result.state == "fails" else result.state
    message = _text(facts(result) or result.words)
    ET.SubElement(case, kind, {"type": word, "message": message}).text = said
    return case


def _text(text: str) -> str:
    """Return a text that any reader of XML takes: what it must not hold is shown as a symbol."""
    return "\n".join(visible(line) for line in text.split("\n"))
