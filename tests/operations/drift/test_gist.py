"""A report in short: one line, one exit code, each column by its gravest chunk."""

from typing import Any

import pytest

from tests.drift_building import chunk, column, finding, report
from workbench.datasets.drift.report import (
    DRIFT,
    ERROR,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    Side,
)
from workbench.operations.drift import gist


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ({"a": STABLE}, 0),
        ({"a": SHIFTED}, 0),
        ({"a": TOO_FEW, "b": STABLE}, 0),
        ({"a": DRIFT}, 3),
        ({"a": SEVERE, "b": ERROR}, 3),
        ({"a": TOO_FEW, "b": TOO_FEW}, 5),
        ({"a": ERROR, "b": STABLE}, 5),
        ({}, 5),
    ],
)
def test_the_exit_code_says_whether_it_may_pass(verdicts: dict[str, str], code: int) -> None:
    """Drift is 3; what could not be judged is 5, never a pass, unless something was judged."""
    assert gist.exit_code(report(verdicts=verdicts)) == code


def test_the_headline_says_verdict_share_and_sides() -> None:
    """How many columns moved, what was held against what, with rows."""
    said = gist.headline(report(verdicts={"temp": SEVERE, "dewp": STABLE, "hour": DRIFT}))
    assert said.startswith("severe: 2 of 3 columns moved; ")
    assert "flights-month@1 (27,662 rows) against flights-train@1 (80,789 rows)" in said


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        ({"a": STABLE, "b": STABLE}, "stable: none of 2 columns moved; "),
        ({"a": SHIFTED, "b": STABLE}, "shifted: 1 of 2 columns moved, too little to count; "),
        ({"a": TOO_FEW}, "too few: nothing could be judged: 12 rows, 30 are needed; "),
        ({"a": ERROR, "b": STABLE}, "error: not everything could be judged: it holds mixed types"),
    ],
)
def test_the_headline_of_what_does_not_alarm(verdicts: dict[str, str], says: str) -> None:
    """What could not be told is said with its reason, and is not called stable."""
    assert gist.headline(report(verdicts=verdicts)).startswith(says)


def test_the_headline_counts_chunks_and_breaking_findings() -> None:
    """Several chunks are told by how many drifted; a missing column is in the line."""
    chunks = (
        chunk("2013-01", {"a": DRIFT}),
        chunk("2013-02", {"a": STABLE}, findings=(finding("missing column", severity="breaking"),)),
        chunk("2013-03", {"a": TOO_FEW}),
    )
    said = gist.headline(report(chunks=chunks))
    assert "1 breaking finding" in said
    assert "drift in 1 of 3 chunks, 1 not judged" in said


def test_a_reference_that_differs_from_chunk_to_chunk_is_told_in_words() -> None:
    """`previous` is no name of a file."""
    said = gist.headline(report(verdicts={"a": STABLE}, reference=Side("previous", "previous")))
    assert said.endswith("against the chunk before each; score 0")


def test_names_of_sides_cannot_steer_a_terminal() -> None:
    """A file called with an escape sequence is shown, not obeyed."""
    said = gist.headline(report(verdicts={"a": STABLE}, current=Side("\x1b[31mred.csv")))
    assert "\x1b" not in said


def test_a_column_is_told_by_its_gravest_chunk() -> None:
    """The chunk with the gravest verdict, then the greatest effect; alarms are counted."""
    chunks = [
        chunk("2013-01", columns=(column("a", DRIFT, effect=2.0),)),
        chunk("2013-02", columns=(column("a", DRIFT, effect=3.0),)),
        chunk("2013-03", columns=(column("a", STABLE, effect=9.0),)),
    ]
    (one,) = gist.told(report(chunks=chunks))
    assert (one.chunk.label, one.alarms, one.chunks) == ("2013-02", 2, 3)


def test_a_column_that_was_judged_somewhere_is_told_so() -> None:
    """One short chunk does not hide that all others were stable; it is told apart."""
    short = chunk("2013-01", {"a": TOO_FEW, "b": STABLE}, verdict=STABLE)
    made = report(chunks=[short, chunk("2013-02", {"a": STABLE})])
    assert [one.column.verdict for one in gist.told(made)] == [STABLE, STABLE]
    assert [(one.alarms, one.chunks, one.chunk.label) for one in gist.unjudged(made)] == [
        (1, 2, "2013-01")
    ]


def test_a_chunk_that_is_too_short_as_a_whole_says_so_itself() -> None:
    """Not once more for each of its columns, unless it is all there is."""
    short = chunk("2013-02", {"a": TOO_FEW})
    assert gist.unjudged(report(chunks=[chunk("2013-01", {"a": STABLE}), short])) == ()
    assert len(gist.unjudged(report(chunks=[short]))) == 1


def test_a_column_that_moved_in_a_whole_that_does_not_alarm_is_said_so() -> None:
    """The word and the number beside it never seem to disagree."""
    found = chunk(verdicts={"a": DRIFT, "b": STABLE}, verdict=SHIFTED, score=0.11)
    first, *rest = gist.headline(report(chunks=[found])).split("; ")
    said = "1 column in drift, not enough of the importance to alarm: score 0.11 of 0.3"
    assert first == f"shifted: {said}"
    assert not any("score" in one for one in rest)


def test_predictions_are_first_then_what_matters() -> None:
    """Within a part columns stand by importance times effect, the gravest of equal ones first."""
    columns = (
        column("light", DRIFT, effect=5.0, importance=0.01),
        column("heavy", DRIFT, effect=2.0, importance=0.9),
        column("worst", SEVERE, effect=1.0, importance=0.0),
        column("prediction", STABLE),
    )
    told = gist.told(report(chunks=[chunk(columns=columns)]))
    assert [one.column.name for one in told] == ["prediction", "heavy", "light", "worst"]


def test_a_finding_is_told_as_it_is_where_it_is_greatest() -> None:
    """The sentence of the worst chunk stands for all of them."""
    small, great = finding(value=0.01, words="1% new"), finding(value=0.2, words="20% new")
    chunks = [chunk(label, {}, findings=(one,)) for label, one in
              (("2013-01", small), ("2013-02", great), ("2013-03", small))]  # fmt: skip
    (found,) = gist.findings(report(chunks=chunks))
    assert (found.finding.words, found.chunk.label, found.chunks) == ("20% new", "2013-02", 3)


def test_a_finding_of_many_chunks_is_told_once() -> None:
    """With how many chunks it was found in; the gravest findings first."""
    note = finding("freshness", severity="note")
    gone = finding("missing column", severity="breaking", column="x")
    chunks = [chunk("2013-01", {}, findings=(note, gone)), chunk("2013-02", {}, findings=(gone,))]
    found = gist.findings(report(chunks=chunks))
    assert [(one.finding.kind, one.chunks) for one in found] == [
        ("missing column", 2), ("freshness", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"label": "2013-04"}, "2013-04"),
        ({"label": "2013-04", "segment": "origin=JFK"}, "2013-04 origin=JFK"),
        ({"label": ""}, "all rows"),
    ],
)
def test_a_chunk_has_a_name(fields: dict[str, Any], name: str) -> None:
    """Label and segment; without either it is all rows."""
    assert gist.name_of(chunk(verdicts={}, **fields)) == name


def test_a_word_of_a_newer_program_counts_as_grave() -> None:
    """A verdict nobody here knows is put first, never passed over as stable."""
    columns = (column("a", STABLE), column("b", verdict=STABLE, part="context"))
    strange = column("a", STABLE).__class__(name="c", verdict="torn")
    told = gist.told(report(chunks=[chunk(columns=(*columns, strange), verdict=STABLE)]))
    assert [one.column.name for one in told] == ["c", "a", "b"]
