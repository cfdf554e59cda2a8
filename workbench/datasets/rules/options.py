"""What each kind of rule may be told in ``workbench.toml``, and what is wrong with what is said."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final, NamedTuple, TypeAlias, get_args

from workbench.datasets.rules.rule import Kind
from workbench.datasets.table import TYPES
from workbench.filters.literals import problem_with, seconds_of

Complaint: TypeAlias = str
"""What is wrong with a value, as the end of a sentence; empty if nothing is."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_LONGEST: Final = 4_000
_MOST_VALUES: Final = 100_000
NULLS: Final = ("undecided", "pass", "fail")


class Option(NamedTuple):
    """One option of a kind of rule."""

    complaint: Callable[[Any], Complaint]
    required: bool = False


def is_whole(said: Any) -> bool:
    """Say whether a value is a whole number; true and false are none."""
    return isinstance(said, int) and not isinstance(said, bool)


def _is_number(said: Any) -> bool:
    return is_whole(said) or (isinstance(said, float) and math.isfinite(said))


def _text(said: Any) -> Complaint:
    good = isinstance(said, str) and said.strip() and len(said) <= _LONGEST
    return "" if good else f"must be a text of 1 to {_LONGEST:,} letters"


def _texts(said: Any) -> Complaint:
    good = isinstance(said, list) and said and not any(map(_text, said))
    return "" if good and len(set(said)) == len(said) else "must be a list of names, each once"


def _text_or_texts(said: Any) -> Complaint:
    return _text(said) if isinstance(said, str) else _texts(said)


def _type(said: Any) -> Complaint:
    named = said if isinstance(said, list) else [said]
    if (
        named
        and all(one in TYPES for one in named if isinstance(one, str))
        and not any(map(_text, named))
    ):
        return ""
    near = [match for one in named for match in get_close_matches(str(one)[:40], TYPES, 1)]
    return f"must be one of {', '.join(near or TYPES)}"


def _limit(said: Any) -> Complaint:
    good = _is_number(said) or (
        isinstance(said, date) or (isinstance(said, str) and is_moment(said))
    )
    return "" if good else 'must be a number or a date such as "2026-01-31"'


def is_moment(said: str) -> bool:
    """Say whether a text is an ISO date or time."""
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return False
    return True


def _values(said: Any) -> Complaint:
    if not isinstance(said, list) or not said:
        return 'must be a list of values, such as ["a", "b"]'
    if len(said) > _MOST_VALUES:
        return f"has over {_MOST_VALUES:,} values; use a foreign_key"
    kinds = {"number" if _is_number(one) else type(one).__name__ for one in said}
    if (
        kinds <= {"str"}
        or kinds <= {"number"}
        or kinds <= {"bool"}
        or kinds <= {"date", "datetime"}
    ):
        return ""
    return "must be texts, or numbers, or true and false, or dates: all of one kind"


def _pattern(said: Any) -> Complaint:
    wrong = _text(said)
    problem = "" if wrong else problem_with(said)
    return wrong or (f"is no regular expression: {problem}" if problem else "")


def _count(said: Any) -> Complaint:
    return "" if is_whole(said) and said >= 0 else "must be a whole number from 0 up"


def _span(said: Any) -> Complaint:
    seconds = seconds_of(said) if isinstance(said, str) else None
    good = seconds is not None and seconds > 0
    return "" if good else 'must be a length of time such as "36h" or "2d"'


def _nulls(said: Any) -> Complaint:
    return "" if said in NULLS else f"must be {' or '.join(NULLS)}"


def allowed_complaint(said: Any) -> Complaint:
    """Return what is wrong with a number of rows or a share in percent."""
    if is_whole(said) and said >= 0:
        return ""
    return "" if share_of(said) is not None else 'must be a number of rows, or a share such as "1%"'


def share_of(said: Any) -> float | None:
    """Return the share, 0 to 1, that a text such as ``0.5%`` is; None if it is none."""
    if not isinstance(said, str) or not said.strip().endswith("%"):
        return None
    try:
        share = float(said.strip()[:-1]) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


COMMON: Final[Mapping[str, Option]] = {
    "kind": Option(_text, required=True),
    "name": Option(_text),
    "column": Option(_text),
    "columns": Option(_texts),
    "where": Option(_text),
    "allowed": Option(allowed_complaint),
}
_LIMITS: Final = {
    "min": Option(_limit), "max": Option(_limit), "above": Option(_limit), "below": Option(_limit),
}  # fmt: skip
OPTIONS: Final[Mapping[Kind, Mapping[str, Option]]] = {
    "type": {"type": Option(_type, required=True)},
    "not_null": {},
    "unique": {},
    "range": _LIMITS,
    "set": {"values": Option(_values, required=True)},
    "regex": {"pattern": Option(_pattern, required=True)},
    "rows": {"min": Option(_count), "max": Option(_count)},
    "freshness": {"at_most": Option(_span, required=True)},
    "foreign_key": {"in": Option(_text, required=True), "of": Option(_text_or_texts)},
    "expression": {"expression": Option(_text, required=True), "nulls": Option(_nulls)},
}
WITHOUT_COLUMNS: Final[frozenset[Kind]] = frozenset({"rows", "expression"})
TOGETHER: Final[frozenset[Kind]] = frozenset({"unique", "foreign_key"})
"""Kinds that look at several columns as one; the others at each on its own."""
WITHOUT_ROWS: Final[frozenset[Kind]] = frozenset({"type", "freshness"})
"""Kinds that are about the table: `allowed` means nothing there."""
