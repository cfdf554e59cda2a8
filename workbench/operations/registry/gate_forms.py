"""The results of a gate for programs: JSON, JUnit XML and an exit code.

JUnit as GitLab and Jenkins read it: one test case a check. Neither knows "undecided", and both
take a skipped case for a pass, so an undecided check is a failure of that type.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from workbench.operations.registry.card import Card
from workbench.registry.checks import Result
from workbench.words import iso, visible

FORMAT: Final = 1
_HOLDS, _FAILS, _NOT_ALLOWED, _UNDECIDED = 0, 3, 4, 5


def exit_code(card: Card) -> int:
    """Return how a command ends: 0 all hold, 3 one fails, 5 one is undecided, 4 it cannot be."""
    if card.objections:
        return _NOT_ALLOWED
    return {"fails": _FAILS, "undecided": _UNDECIDED}.get(card.outcome, _HOLDS)


def as_fields(card: Card, now: float) -> dict[str, Any]:
    """Return everything on a card that a program may want.

    Args:
        card: The card.
        now: When it was evaluated, seconds since 1970.
    """
    return {
        "format": FORMAT,
        "model": card.model,
        "version": card.version,
        "stage": card.stage,
        "kind": card.kind,
        "evaluated": iso(now),
        "outcome": "not allowed" if card.objections else card.outcome,
        "exit_code": exit_code(card),
        "champion": card.was,
        "seq": card.seen.seq,
        "settings_hash": card.settings_hash,
        "rules_hash": card.policy.rules_hash,
        "objections": list(card.objections),
        "checks": [_result(one) for one in card.checks],
        "metrics": [one._asdict() for one in card.deltas],
        "signature": list(card.signature),
        "data": list(card.data),
        "changed_rules": list(card.changed_rules),
        "waiting_for": [one._asdict() for one in card.asks],
    }


def as_json(card: Card, now: float) -> str:
    """Return a card as JSON; a value that is not finite is a word in it, as in the journal."""
    text = json.dumps(_finite(as_fields(card, now)), ensure_ascii=False, indent=2)
    # Half a character is no UTF-8, and its escape in Python is the one of JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def as_junit(card: Card, now: float) -> str:
    """Return the checks of a card as JUnit XML.

    Objections are one more case, which fails, so that a pipeline sees why it cannot be at all.
    """
    name = _text(f"{card.model}@{card.version} to {card.stage}")
    cases = [_objection(" ".join(card.objections), name)] if card.objections else []
    cases += [_case(one, name) for one in card.checks]
    failures = sum(1 for one in cases if one.find("failure") is not None)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suites = ET.Element("testsuites", {"name": "workbench gate", **counts, "time": "0"})
    suite = ET.SubElement(
        suites, "testsuite", {"name": name, **counts, "time": "0", "timestamp": iso(now)[:19]}
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in (("settings_hash", card.settings_hash), ("champion", card.was)):
        said = "" if value is None else str(value)
        ET.SubElement(properties, "property", {"name": key, "value": _text(said)})
    suite.extend(cases)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _result(result: Result) -> dict[str, Any]:
    check = result.check
    return {
        "name": check.name, "kind": check.kind, "text": check.text, "outcome": result.outcome,
        "passed": result.passed, "observed": result.observed, "required": result.required,
        "sentence": result.sentence,
    }  # fmt: skip


def _case(result: Result, suite: str) -> ET.Element:
    check = result.check
    case = ET.Element(
        "testcase", {"name": _text(check.name), "classname": f"{suite}.{check.kind}", "time": "0"}
    )
    facts = [
        ("asked", check.text), ("outcome", result.outcome), ("observed", result.observed),
        ("required", result.required), ("", result.sentence),
    ]  # fmt: skip
    said = "\n".join(f"{word}: {text}" if word else text for word, text in facts if text)
    if result.passed:
        ET.SubElement(case, "system-out").text = _text(said)
        return case
    kind = "failed" if result.outcome == "fails" else "undecided"
    message = result.sentence or f"observed {result.observed}, required {result.required}"
    ET.SubElement(case, "failure", {"type": kind, "message": _text(message)}).text = _text(said)
    return case


def _objection(sentence: str, suite: str) -> ET.Element:
    case = ET.Element(
        "testcase", {"name": "may take the stage", "classname": f"{suite}.stage", "time": "0"}
    )
    attributes = {"type": "not allowed", "message": _text(sentence)}
    ET.SubElement(case, "failure", attributes).text = _text(sentence)
    return case


def _text(text: str) -> str:
    """Return a text that any reader of XML takes: what it must not hold is shown as a symbol."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN is not itself
        return "NaN"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
