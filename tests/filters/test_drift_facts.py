"""Rules about what drifted of a version; what is misspelt is never a gate that is open."""

import pytest

from workbench.errors import FilterError
from workbench.filters import parse_rule, render
from workbench.filters.tree import Compare, Field, Number, Relation, Text


def drift(name: str, owner: str = "") -> Field:
    """Return a fact of drift; where it stands makes no difference."""
    return Field("drift", name, owner=owner)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drift.severe = 0", Compare(drift("severe"), "=", Number(0))),
        ("drift.score < 0.3", Compare(drift("score"), "<", Number(0.3))),
        ("drift.age_days <= 7", Compare(drift("age_days"), "<=", Number(7))),
        ("champion.drift.alerts > 0", Compare(drift("alerts", "champion"), ">", Number(0))),
        (
            "drift.drifted <= champion.drift.drifted",
            Relation(drift("drifted"), "<=", drift("drifted", "champion")),
        ),
    ],
)
def test_facts_of_drift_are_read_and_written(text: str, expected: object) -> None:
    """What is written reads as what was read."""
    assert parse_rule(text) == expected
    assert parse_rule(render(parse_rule(text))) == expected


def test_a_file_name_beside_an_operator_is_a_text() -> None:
    """As it was before there were facts of drift."""
    read = parse_rule("datasets.name = drift.csv")
    assert isinstance(read, Compare)
    assert read.value == Text("drift.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("drift.sever = 0", "nothing a rule can ask about"),
        ("champion.drift.sever = 0", "There is no drift.sever"),
        ("drift.severe = none", "is a number"),
        ("drift.age_days < 7d", "is a length of time"),
        ("drift.severe LIKE 'x'", "looks at text"),
    ],
)
def test_what_can_never_hold_as_it_is_meant_is_an_error(text: str, says: str) -> None:
    """A gate with it would be open, or shut, for ever."""
    with pytest.raises(FilterError, match=says):
        parse_rule(text)


def test_a_misspelt_fact_is_told_what_there_is() -> None:
    """Whichever facts a rule can ask about stand in the hint."""
    with pytest.raises(FilterError) as caught:
        parse_rule("drift.sever = 0")
    assert "severe, drifted, score, alerts, age_days" in str(caught.value.hint)
