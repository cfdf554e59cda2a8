"""Rules about the data a version was made from; what is misspelt is never a gate that is open."""

import pytest

from workbench.errors import FilterError
from workbench.filters import parse_rule, render
from workbench.filters.tree import Compare, Field, In, Not, Relation, Text, Truth


def data(name: str, owner: str = "") -> Field:
    """Return a fact of data; where it stands makes no difference."""
    return Field("data", name, owner=owner)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.retention_due = false", Compare(data("retention_due"), "=", Truth(False))),
        ("data.purpose_allowed != false", Compare(data("purpose_allowed"), "!=", Truth(False))),
        ("data.personal = 'none'", Compare(data("personal"), "=", Text("none"))),
        (
            "data.personal IN (none, pseudonymous)",
            In(data("personal"), (Text("none"), Text("pseudonymous")), negated=False),
        ),
        ("NOT data.personal = special", Not(Compare(data("personal"), "=", Text("special")))),
        (
            "data.personal = champion.data.personal",
            Relation(data("personal"), "=", data("personal", "champion")),
        ),
    ],
)
def test_facts_of_data_are_read_and_written(text: str, expected: object) -> None:
    """What is written reads as what was read."""
    assert parse_rule(text) == expected
    assert parse_rule(render(parse_rule(text))) == expected


def test_a_file_name_beside_an_operator_is_a_text() -> None:
    """As it was before there were facts of data."""
    read = parse_rule("datasets.name = data.csv")
    assert isinstance(read, Compare)
    assert read.value == Text("data.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("data.retention_du = false", "nothing a rule can ask about"),
        ("champion.data.people = none", "There is no data.people"),
        ("data.personal = nobody", "never 'nobody'"),
        ("data.personal != speical", "never 'speical'"),
        ("data.personal IN (none, nil)", "never 'nil'"),
        ("data.personal < special", "has no order"),
        ("data.personal < champion.data.personal", "has no order"),
        ("data.retention_due > false", "have no order"),
        ("data.retention_due = maybe", "true"),
        ("data.personal + 1 = 2", "nothing can be reckoned"),
    ],
)
def test_what_can_never_hold_as_it_is_meant_is_an_error(text: str, says: str) -> None:
    """A word that is never equal would let everything through an inequality."""
    with pytest.raises(FilterError, match=says):
        parse_rule(text)
