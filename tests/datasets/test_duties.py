"""What follows from what a team says of its data."""

from datetime import UTC, datetime

import pytest

from workbench.datasets.duties import Use, is_allowed, is_due, personal, purposes, retention
from workbench.datasets.fields import Fields

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("until", "due"),
    [("", False), ("2026-03-09", True), ("2026-03-10", False), ("2026-03-11", False),
     ("soon", None), ("2026-02-30", None)],
)  # fmt: skip
def test_data_is_due_from_the_day_after_its_last(until: str, due: bool | None) -> None:
    """Days are those of UTC; what is no day decides nothing."""
    assert is_due(Fields(retention_until=until), NOON) is due


@pytest.mark.parametrize(
    ("until", "words", "due"),
    [
        ("2026-03-09", "was to be gone after 2026-03-09, 1 day ago", True),
        ("2026-03-10", "may be kept until 2026-03-10, which is today", False),
        ("2026-04-09", "may be kept until 2026-04-09, 30 more days", False),
        ("2026-04-10", "may be kept until 2026-04-10", False),
        ("soon", "may be kept until 'soon', which is no day", True),
    ],
)
def test_a_retention_says_what_is_left_of_it(until: str, words: str, due: bool) -> None:
    """The last 30 days are counted, and those since."""
    found = retention(Fields(retention_until=until), NOON)
    assert found is not None
    assert (found.words, found.due) == (words, due)


def test_nothing_is_owed_where_nobody_said_until_when() -> None:
    """There is no such duty then."""
    assert retention(Fields(), NOON) is None


@pytest.mark.parametrize(
    ("allowed", "used", "answer"),
    [
        ((), (), True),
        ((), ("marketing",), True),
        (("pricing",), (), None),
        (("pricing",), ("pricing",), True),
        (("Pricing ",), ("pricing",), True),
        (("fraud  detection",), ("Fraud detection",), True),
        (("pricing",), ("marketing",), False),
        (("pricing",), ("pricing", "marketing"), False),
        (("pricing", "marketing"), ("pricing", "marketing"), True),
    ],
)
def test_every_purpose_must_be_allowed(
    allowed: tuple[str, ...], used: tuple[str, ...], answer: bool | None
) -> None:
    """Data without purposes is not restricted; a use nobody named is not known."""
    assert is_allowed(Fields(purposes=allowed), used) is answer


def test_uses_that_are_not_allowed_are_due_and_silent_ones_are_said() -> None:
    """What is allowed is said first."""
    uses = [Use("churn@1", ("marketing",)), Use("churn@2", ()), Use("churn@3", ()),
            Use("churn@4", ("pricing",))]  # fmt: skip
    assert [(one.words, one.due) for one in purposes(Fields(purposes=("pricing",)), uses)] == [
        ("may be used for pricing", False),
        ("churn@1 is for marketing, which is not allowed", True),
        ("nobody has said what churn@2 and 1 more is for", False),
    ]


def test_data_without_purposes_owes_nothing() -> None:
    """Whatever it is used for."""
    assert purposes(Fields(), [Use("churn@1", ("marketing",))]) == ()


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("", "nobody has said whether it holds personal data"),
        ("none", "holds no personal data"),
        ("pseudonymous", "holds pseudonymous data"),
        ("personal", "holds personal data"),
        ("special", "holds special personal data"),
    ],
)
def test_whether_it_is_about_people_is_said_in_words(level: str, words: str) -> None:
    """Also that nobody has said it."""
    assert personal(Fields(personal=level)).words == words
