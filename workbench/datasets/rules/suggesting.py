"""Rules proposed from a profile: each holds on the data the profile was made from.

How much a proposal is worth depends on how many rows it rests on, and that is said in its reason:
from 50 rows about one row in 25 of the same source lies outside their range. Nothing is proposed
from which nothing follows, and no value of a sensitive column is ever written into the settings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from typing import Any, Final

from workbench.datasets.profile import CATEGORY, IDENTIFIER, Column, Numbers, Profile
from workbench.words import count, number, percent, plural

FEWEST_ROWS: Final = 30
"""Below, nothing but types is proposed."""
ENOUGH_ROWS: Final = 1_000
"""Below, a proposal is called weak."""
_MOST_VALUES: Final = 50
_SEEN_OFTEN: Final = 10
"""Rows for each different value, so that a list of them is likely complete."""
_NEW_VALUE: Final = 0.01
"""Of coming rows, estimated, that would bring a value not seen yet: more, and no list is made."""
_LONGEST_VALUE: Final = 60
_EXACT: Final = 2.0**53
_SHARE: Final = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule somebody may want, and what speaks for it."""

    table: Mapping[str, Any] = field(default_factory=dict)
    """As it stands in the settings."""
    why: str = ""
    """What it rests on."""
    weak: bool = False
    """It rests on too few rows to be relied on."""


def suggest(profile: Profile) -> tuple[Suggestion, ...]:
    """Return the rules that a profile supports, those of the whole table first."""
    columns = [column for column in profile.columns if not column.fault]
    found = [*_types(columns)]
    if profile.rows >= FEWEST_ROWS:
        found += _rows(profile)
        found += _not_null(columns, profile.rows)
        for column in columns:
            found += _of_column(column)
    return tuple(found)


def _weak(rows: int) -> bool:
    return rows < ENOUGH_ROWS


def _types(columns: list[Column]) -> Iterator[Suggestion]:
    """Yield one rule for all columns of a type."""
    by_type: dict[str, list[str]] = {}
    for column in columns:
        if column.type not in {"null", "other"}:
            by_type.setdefault(column.type, []).append(column.name)
    for type_, names in by_type.items():
        yield Suggestion({"kind": "type", **_named(names), "type": type_}, "as they are now")


def _named(names: list[str]) -> dict[str, Any]:
    return {"column": names[0]} if len(names) == 1 else {"columns": names}


def _rows(profile: Profile) -> Iterator[Suggestion]:
    least = _rounded(profile.rows / 2, floor)
    why = f"half of the {count(profile.rows)} rows there are now; one version says no more"
    yield Suggestion({"kind": "rows", "min": int(least)}, why, weak=True)


def _not_null(columns: list[Column], rows: int) -> Iterator[Suggestion]:
    full = [one.name for one in columns if one.rows and not one.nulls and not one.nans]
    if not full:
        return
    most = 3 / rows
    why = f"none of {count(rows)} rows is; up to {percent(most)} of all may be (3/n, at 95 %)"
    yield Suggestion({"kind": "not_null", **_named(full)}, why, _weak(rows))


def _of_column(column: Column) -> Iterator[Suggestion]:
    if _is_unique(column):
        why = f"{count(column.n)} values, none twice"
        yield Suggestion({"kind": "unique", "column": column.name}, why, _weak(column.n))
    if column.sensitive or column.n < FEWEST_ROWS:
        return
    values = _set(column)
    if values is not None:
        yield values
    elif column.numbers is not None and column.type in {"integer", "float"}:
        yield from _range(column, column.numbers)


def _is_unique(column: Column) -> bool:
    exact = column.distinct == column.n and not column.distinct_at_least
    return column.role == IDENTIFIER and exact and column.n >= FEWEST_ROWS


# -- lists of values ---------------------------------------------------------------------


def _set(column: Column) -> Suggestion | None:
    """Return a list of the values there are, where few more are to be expected."""
    listed = column.type in {"text", "categorical", "integer"} and column.role == CATEGORY
    complete = not column.other and not column.top_within and column.distinct == len(column.top)
    if not listed or not complete or column.distinct_at_least:
        return None
    if not 1 < len(column.top) <= _MOST_VALUES or column.n < _SEEN_OFTEN * len(column.top):
        return None
    once = sum(1 for _, times in column.top if times == 1)
    if once / column.n > _NEW_VALUE:  # Good (1953): the share of rows with a value not seen yet
        return None
    values = _values(column)
    if values is None:
        return None
    unseen = f"; about {percent(once / column.n)} of coming rows bring another" if once else ""
    why = f"all {plural(len(values), 'value')} of {count(column.n)} rows{unseen}"
    table = {"kind": "set", "column": column.name, "values": values}
    return Suggestion(table, why, _weak(column.n))


def _values(column: Column) -> list[Any] | None:
    texts = [text for text, _ in column.top]
    if column.type != "integer":
        return sorted(texts) if all(len(one) <= _LONGEST_VALUE for one in texts) else None
    try:
        return sorted(int(text) for text in texts)
    except ValueError:
        return None


# -- ranges ------------------------------------------------------------------------------


def _range(column: Column, numbers: Numbers) -> Iterator[Suggestion]:
    """Yield limits that leave room: what was not seen yet is not wrong for that."""
    low, high = numbers.min, numbers.max
    unbounded = column.plus_infinities + column.minus_infinities
    if low is None or high is None or column.role == IDENTIFIER or unbounded or low == high:
        return
    if not isfinite(low) or not isfinite(high) or max(abs(low), abs(high)) > _EXACT:
        return
    least, most = _limits(low, high)
    whole = column.type == "integer"
    table = {
        "kind": "range", "column": column.name,
        "min": floor(least) if whole else least, "max": ceil(most) if whole else most,
    }  # fmt: skip
    if not isfinite(float(table["min"])) or not isfinite(float(table["max"])):
        return
    # Of n + 1 rows in any order each is as likely the least, and each the greatest.
    outside = f"1 in {count(max(1, (column.n + 1) // 2))}"
    why = (
        f"{count(column.n)} rows lie from {number(low, 6)} to {number(high, 6)}; about {outside} "
        "of coming rows lie outside those, so the limits leave room"
    )
    yield Suggestion(table, why, _weak(column.n))


def _limits(low: float, high: float) -> tuple[float, float]:
    """Return limits half the range further out, rounded outwards, that keep a sign and a share."""
    if _SHARE[0] <= low and high <= _SHARE[1] and high > _SHARE[1] / 2:
        return _SHARE
    room = (high - low) / 2
    least = 0.0 if low >= 0 and low <= room * 2 else _rounded(low - room, floor)
    if low >= 0:
        least = max(least, 0.0)
    most = 0.0 if high <= 0 and -high <= room * 2 else _rounded(high + room, ceil)
    if high <= 0:
        most = min(most, 0.0)
    return min(least, low), max(most, high)


def _rounded(value: float, towards: Any) -> float:
    """Return a value rounded to two digits, up or down."""
    if value == 0 or not isfinite(value):
        return value
    unit = 10.0 ** (floor(log10(abs(value))) - 1)
    found = float(towards(value / unit)) * unit
    return round(found, max(0, -floor(log10(unit)))) if unit < 1 else float(round(found))
