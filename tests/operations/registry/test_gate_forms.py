"""Results for programs: nothing that is not passed looks like a pass to any of them."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.operations.registry.card import Card, Delta, Waiting
from workbench.operations.registry.gate_forms import as_json, as_junit, exit_code
from workbench.registry.checks import Check, Outcome, Result, StagePolicy
from workbench.registry.event import Reading
from workbench.registry.folding import fold

NOW = 1_795_000_000.0
EMPTY = fold("churn", Reading(()))


def result(name: str, outcome: Outcome, sentence: str = "") -> Result:
    """Return what came out of a rule."""
    return Result(Check(name, "rule", "metrics.auc >= 0.9"), outcome, "0.8", "≥ 0.9", sentence)


def card(*results: Result, objections: tuple[str, ...] = ()) -> Card:
    """Return a card with these results."""
    return Card(
        "promote", "churn", "production", 3, 2, None, EMPTY, StagePolicy("production"),
        checks=results, objections=objections,
    )  # fmt: skip


EVERY = card(
    result("a", "holds"),
    result("b", "fails", "It is 0.1 short."),
    result("c", "undecided", "auc was not logged."),
    result("d", "not applicable", "There is no champion yet."),
)


@pytest.mark.parametrize(
    ("outcomes", "objections", "code"),
    [
        ((), (), 0),
        (("holds", "not applicable"), (), 0),
        (("holds", "undecided"), (), 5),
        (("undecided", "fails"), (), 3),
        (("holds",), ("production was frozen by ben.",), 4),
    ],
)
def test_the_exit_code_is_the_worst_of_all(
    outcomes: tuple[Outcome, ...], objections: tuple[str, ...], code: int
) -> None:
    """A pipeline that looks at nothing else still does the right thing."""
    found = card(*(result(name, name) for name in outcomes), objections=objections)
    assert exit_code(found) == code
    assert json.loads(as_json(found, NOW))["exit_code"] == code


def cases(text: str) -> dict[str, ET.Element]:
    """Return the test cases of a JUnit file by name, read as any program would."""
    return {one.attrib["name"]: one for one in ET.fromstring(text).iter("testcase")}  # noqa: S314


def test_one_case_a_check_and_undecided_is_not_passed() -> None:
    """Skipped would be green in GitLab and in Jenkins."""
    found = cases(as_junit(EVERY, NOW))
    failures = {name: one.find("failure") for name, one in found.items()}
    assert {name for name, one in failures.items() if one is None} == {"a", "d"}
    kinds = {name: one.attrib["type"] for name, one in failures.items() if one is not None}
    assert kinds == {"b": "failed", "c": "undecided"}
    assert "auc was not logged." in str(ET.tostring(found["c"]))
    assert "no champion yet" in str(found["d"].findtext("system-out"))


def test_the_counts_are_those_of_the_cases() -> None:
    """Jenkins shows the numbers of the file, GitLab counts itself: both see the same."""
    root = ET.fromstring(as_junit(EVERY, NOW))  # noqa: S314
    (suite,) = root.findall("testsuite")
    for one in (root, suite):
        assert (one.attrib["tests"], one.attrib["failures"]) == ("4", "2")
        assert (one.attrib["errors"], one.attrib["skipped"]) == ("0", "0")
    assert suite.attrib["name"] == "churn@3 to production"
    assert suite.attrib["timestamp"] == "2026-11-18T11:06:40"


def test_what_cannot_be_at_all_is_a_case_that_fails() -> None:
    """A frozen stage without checks is not an empty, green file."""
    found = cases(as_junit(card(objections=("It is frozen.", "It is retired.")), NOW))
    (one,) = found.values()
    failure = one.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "It is frozen. It is retired."


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_files(name: str, sentence: str, observed: str) -> None:
    """Names and values are other people's: control characters, quotes, half characters."""
    odd = Result(Check(name, "rule", sentence), "fails", observed, "", sentence)
    found = card(replace(odd, outcome="holds"), odd, objections=(sentence,))
    parsed = ET.fromstring(as_junit(found, NOW).encode("utf-8"))  # noqa: S314
    assert len(list(parsed.iter("testcase"))) == 3
    fields = json.loads(as_json(found, NOW).encode("utf-8"))
    assert fields["checks"][0]["name"] == name


def test_json_has_everything_on_the_card_and_no_numbers_json_lacks() -> None:
    """NaN is no JSON: a strict reader would refuse the whole file."""
    full = replace(
        EVERY,
        deltas=(Delta("auc", float("nan"), float("inf"), None, "max"),),
        asks=(Waiting("four eyes", "approval", ("ben",), 1, "1 approval missing."),),
        data=("census: ab → cd",),
    )

    def refuse(word: str) -> None:
        raise AssertionError(word)

    fields = json.loads(as_json(full, NOW), parse_constant=refuse)
    assert (fields["model"], fields["version"], fields["stage"]) == ("churn", 3, "production")
    assert (fields["champion"], fields["outcome"]) == (2, "fails")
    assert fields["metrics"][0]["was"] == "NaN"
    assert fields["metrics"][0]["now"] == "Infinity"
    assert fields["waiting_for"][0]["people"] == ["ben"]
    assert [one["passed"] for one in fields["checks"]] == [True, False, False, True]
    assert fields["checks"][2]["sentence"] == "auc was not logged."
