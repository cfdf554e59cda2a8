"""Moments as people write them."""

from datetime import datetime

import pytest

from workbench.errors import UsageError
from workbench.operations.moments import moment_at, moment_since, moment_until

NOW = datetime(2026, 11, 21, 12, 0).timestamp()  # noqa: DTZ001 - the zone of this computer


def _local(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-08-14", _local("2026-08-14T23:59:59.999999")),
        ("2026-11-21", None),
        ("0d", None),
        ("2026-08-14T09:30", _local("2026-08-14T09:30")),
        ("2026-08-14 09:30", _local("2026-08-14T09:30")),
        ("2026-08-14T09:30+00:00", _local("2026-08-14T09:30+00:00")),
        ("-2d", NOW - 2 * 86400),
    ],
)
def test_a_moment_of_the_past(text: str, moment: float | None) -> None:
    """A day means its end, today means as it is, and a span counts from now."""
    assert moment_at(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-11-22", "2d"])
def test_what_is_no_moment_of_the_past(text: str) -> None:
    """What cannot be read, and what has not come yet, is refused with the forms there are."""
    with pytest.raises(UsageError) as raised:
        moment_at(text, NOW)
    assert "2026-08-14" in raised.value.hint


@pytest.mark.parametrize(
    ("text", "moment"),
    [("7d", NOW + 7 * 86400), ("2026-11-30", _local("2026-11-30T23:59:59.999999"))],
)
def test_a_moment_to_come(text: str, moment: float) -> None:
    """An end is a day that lies ahead, to its end, or a length of time."""
    assert moment_until(text, NOW) == moment


@pytest.mark.parametrize("text", ["2026-11-20", "-2d", "soon", "2026-11-21T11:59"])
def test_what_is_no_moment_to_come(text: str) -> None:
    """An end in the past is no end."""
    with pytest.raises(UsageError):
        moment_until(text, NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-11-21", _local("2026-11-21T00:00")), ("-2d", NOW - 2 * 86400)],
)
def test_a_moment_to_begin_with(text: str, moment: float) -> None:
    """A day counts from its beginning, today too."""
    assert moment_since(text, NOW) == moment
    with pytest.raises(UsageError):
        moment_since("2026-11-22", NOW)
