"""A drift report for programs: JSON with every field, JUnit that agrees with the exit code."""

import json
from math import inf, nan
from xml.etree import ElementTree as ET

import pytest

from tests.drift_building import chunk, column, finding, report
from workbench.datasets.drift.report import (
    DRIFT,
    ERROR,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    DriftReport,
    LeftOut,
    Measure,
)
from workbench.operations.drift import forms, gist


def cases(made: DriftReport) -> dict[str, str]:
    """Return each case with how it ended."""
    suites = ET.fromstring(forms.as_junit(made))  # noqa: S314 - our own
    ends = ("failure", "error", "skipped")
    return {
        f"{case.get('name')}": next((end for end in ends if case.find(end) is not None), "passed")
        for case in suites.iter("testcase")
    }


def test_json_has_every_field_of_a_report() -> None:
    """A program need not know the defaults: what is empty is there and empty."""
    made = report(verdicts={"a": STABLE})
    fields = json.loads(forms.as_json(made))
    assert set(fields) == {*DriftReport.__struct_fields__, "exit_code"}
    assert fields["opinions"] == []
    (one,) = fields["chunks"][0]["columns"]
    assert set(one) == set(column("a").__struct_fields__)
    assert fields["thresholds"]["psi"] == 0.1


def test_json_holds_no_number_json_does_not_have() -> None:
    """NaN and the infinities are words, so that any reader takes the file."""
    odd = column("a", DRIFT, effect=inf, shift=-inf, measures=(Measure("psi", nan),))
    text = forms.as_json(report(chunks=[chunk(columns=(odd,))]))

    def refuse(word: str) -> None:
        raise AssertionError(word)

    fields = json.loads(text, parse_constant=refuse)
    one = fields["chunks"][0]["columns"][0]
    assert (one["effect"], one["shift"], one["measures"][0]["value"]) == (
        "Infinity", "-Infinity", "NaN",
    )  # fmt: skip


def test_json_can_be_written_whatever_a_column_is_called() -> None:
    """Half a character of a broken file name does not end the program."""
    made = report(chunks=[chunk(columns=(column("a\ud800"),))])
    assert json.loads(forms.as_json(made).encode())["chunks"][0]["columns"][0]["name"] == "a\ud800"


def test_a_column_is_a_case_and_a_chunk_a_suite() -> None:
    """Readers of CI count what they know: suites, tests, failures, skipped."""
    chunks = [
        chunk("2013-01", {"a": SEVERE, "b": STABLE}), chunk("2013-02", {"a": STABLE}),
    ]  # fmt: skip
    suites = ET.fromstring(forms.as_junit(report(chunks=chunks)))  # noqa: S314
    assert (suites.get("tests"), suites.get("failures")) == ("5", "2")
    first, second = suites
    assert "2013-01" in (first.get("name") or "")
    assert second.get("failures") == "0"
    assert first.get("timestamp") == "2026-11-19T11:06:40"


@pytest.mark.parametrize(
    ("verdicts", "ends"),
    [
        ({"a": DRIFT, "b": SHIFTED}, {"the whole": "failure", "a": "failure", "b": "passed"}),
        ({"a": TOO_FEW, "b": STABLE}, {"the whole": "skipped", "a": "skipped", "b": "passed"}),
        ({"a": TOO_FEW}, {"the whole": "failure", "a": "failure"}),
        ({"a": ERROR, "b": STABLE}, {"the whole": "error", "a": "error", "b": "passed"}),
    ],
)
def test_junit_and_exit_code_agree(verdicts: dict[str, str], ends: dict[str, str]) -> None:
    """A failure or an error is there exactly where the exit code is not 0."""
    made = report(verdicts=verdicts)
    assert cases(made) == ends
    assert bool({"failure", "error"} & set(ends.values())) == (gist.exit_code(made) != 0)


def test_a_column_fails_only_where_the_whole_alarms() -> None:
    """A column too light to count does not turn a pipeline red that the command lets pass."""
    made = report(chunks=[chunk(verdicts={"a": DRIFT, "b": STABLE}, verdict=SHIFTED)])
    assert gist.exit_code(made) == 0
    assert cases(made) == {"the whole": "passed", "a": "passed", "b": "passed"}


def test_what_was_left_out_is_skipped_with_its_reason() -> None:
    """An identifier is no passed test."""
    made = report(verdicts={"a": STABLE}, left_out=(LeftOut("id", "an identifier"),))
    suites = ET.fromstring(forms.as_junit(made))  # noqa: S314
    (skipped,) = suites.iter("skipped")
    assert skipped.get("message") == "an identifier"


def test_junit_is_xml_whatever_stands_in_names_and_sentences() -> None:
    """Control characters and markup of data are text in it."""
    strange = 'a<b>&"\x00\x1b[31m'
    made = report(
        chunks=[chunk(columns=(column(strange, DRIFT, words=strange),),
                      findings=(finding(words=strange),))]
    )  # fmt: skip
    names = [one.get("name") for one in ET.fromstring(forms.as_junit(made)).iter("testcase")]  # noqa: S314
    assert names[1] == 'a<b>&"␀␛[31m'
