"""Moments as people write them: a day, a day and time, or how long ago or ahead."""

from datetime import datetime, timedelta

from workbench.errors import UsageError
from workbench.filters.literals import seconds_of

_BEFORE = "Write a day such as 2026-08-14, a time such as 2026-08-14T09:30, or -2d for two days ago"
_AHEAD = "Write a day to come such as 2027-01-31, or a length of time such as 7d"


def moment_at(text: str, now: float) -> float | None:
    """Return the moment that ``text`` asks about, in seconds since 1970; None for now.

    A day means its end, so that what happened on the day counts. Today means now: as it is, and
    not as it was at a time of this computer, because others' clocks may be ahead of it. Without
    a zone it is the zone of this computer.

    Raises:
        UsageError: It is no moment, or has not come yet.
    """
    first, last = _moments(text.strip(), now, _BEFORE)
    if first > now:
        raise UsageError(f"{text} has not come yet.", hint=f"{_BEFORE}.")
    return None if last >= now else last


def moment_since(text: str, now: float) -> float:
    """Return the moment ``text`` begins with, in seconds since 1970; a day begins at 0:00.

    Raises:
        UsageError: It is no moment, or has not come yet.
    """
    first, _ = _moments(text.strip(), now, _BEFORE)
    if first > now:
        raise UsageError(f"{text} has not come yet.", hint=f"{_BEFORE}.")
    return first


def moment_until(text: str, now: float) -> float:
    """Return the moment until which something is to hold, in seconds since 1970.

    A day means its end; ``7d`` is seven days from now.

    Raises:
        UsageError: It is no moment, or is over.
    """
    _, last = _moments(text.strip(), now, _AHEAD, "day")
    if last <= now:
        raise UsageError(f"{text} is over.", hint=f"{_AHEAD}.")
    return last


def _moments(text: str, now: float, forms: str, wanted: str = "moment") -> tuple[float, float]:
    """Return where the time that is meant begins and ends: a whole day, else one moment."""
    span = seconds_of(text)
    if span is not None:
        return now + span, now + span
    try:
        first = datetime.fromisoformat(text)
        whole_day = timedelta(days=1, microseconds=-1) if _is_day(text) else timedelta()
        return first.timestamp(), (first + whole_day).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no {wanted}.", hint=f"{forms}.") from None


def _is_day(text: str) -> bool:
    """Say whether a day is written without a time."""
    return not set(text) & set("T: ")
