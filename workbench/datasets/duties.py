"""What follows from what a team says of its data: until when it may be kept, and what for.

Days are days of UTC, so that a duty is due at the same moment for everybody who looks.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from workbench.datasets.fields import Fields
from workbench.words import plural, visible

Kind: TypeAlias = Literal["retention", "purpose", "personal"]

SOON_DAYS: Final = 30
"""From so many days before its end a retention is worth saying."""
PERSONAL_WORDS: Final = {
    "personal": "personal data",
    "special": "special personal data",
    "pseudonymous": "pseudonymous data",
}


class Duty(NamedTuple):
    """Something a team owes to its data."""

    kind: Kind
    words: str
    """A phrase, as ``was to be gone after 2026-03-02, 12 days ago``."""
    due: bool
    """Whether somebody should act now."""


class Use(NamedTuple):
    """Somebody or something that was made from the data, and what for."""

    name: str
    """As ``churn@3``, or a run's name."""
    purposes: tuple[str, ...]
    """None where nobody has said."""


def is_due(fields: Fields, now: float) -> bool | None:
    """Say whether data should be gone; None where the day that was said is none.

    Args:
        fields: What was said of the data.
        now: Seconds since 1970.
    """
    if not fields.retention_until:
        return False
    until = _day(fields.retention_until)
    return None if until is None else _today(now) > until


def retention(fields: Fields, now: float) -> Duty | None:
    """Return until when data may be kept; None where nobody has said.

    Args:
        fields: What was said of the data.
        now: Seconds since 1970.
    """
    if not fields.retention_until:
        return None
    until = _day(fields.retention_until)
    if until is None:
        said = visible(fields.retention_until)[:40]
        return Duty("retention", f"may be kept until {said!r}, which is no day", due=True)
    left = (until - _today(now)).days
    if left < 0:
        words = f"was to be gone after {until}, {plural(-left, 'day')} ago"
        return Duty("retention", words, due=True)
    soon = f", {plural(left, 'more day', 'more days')}" if left else ", which is today"
    return Duty("retention", f"may be kept until {until}{soon * (left <= SOON_DAYS)}", due=False)


def is_allowed(fields: Fields, purposes: Sequence[str]) -> bool | None:
    """Say whether data may be used for all of these; None where nobody said what it is used for.

    Capitals and spaces around a word make no difference.
    """
    if not fields.purposes:
        return True
    if not purposes:
        return None
    allowed = {_plain(one) for one in fields.purposes}
    return all(_plain(one) in allowed for one in purposes)


def purposes(fields: Fields, uses: Iterable[Use]) -> tuple[Duty, ...]:
    """Return what data may be used for, and each use that is not allowed or not known."""
    if not fields.purposes:
        return ()
    allowed = visible(", ".join(fields.purposes))
    found = [Duty("purpose", f"may be used for {allowed}", due=False)]
    silent = []
    for use in uses:
        answer = is_allowed(fields, use.purposes)
        if answer is False:
            what = f"{use.name} is for {', '.join(use.purposes)}, which is not allowed"
            found.append(Duty("purpose", visible(what), due=True))
        elif answer is None:
            silent.append(use.name)
    if silent:
        more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
        what = f"nobody has said what {silent[0]}{more} is for"
        found.append(Duty("purpose", visible(what), due=False))
    return tuple(found)


def personal(fields: Fields) -> Duty:
    """Return whether data is about people."""
    if fields.personal == "none":
        return Duty("personal", "holds no personal data", due=False)
    words = PERSONAL_WORDS.get(fields.personal)
    said = f"holds {words}" if words else "nobody has said whether it holds personal data"
    return Duty("personal", said, due=False)


def _plain(purpose: str) -> str:
    return " ".join(purpose.casefold().split())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _today(now: float) -> date:
    return datetime.fromtimestamp(now, tz=UTC).date()
