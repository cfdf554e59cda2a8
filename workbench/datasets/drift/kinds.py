"""What two columns of one name have in common: how they are tested, or why they cannot be.

The reference says what a column is. Whether its values can be laid beside those of the current
data depends on both: 3 and 3.0 can, true and 1 can. A moment and a text that reads as one say the
same, as files that know no moments hold texts; a moment and any other text do not.
"""

from typing import Final, NamedTuple

from workbench.datasets import table
from workbench.datasets.drift.report import BREAKING, NOTE, WARNING, Finding
from workbench.datasets.profile import (
    CATEGORY,
    CONSTANT,
    EMPTY,
    IDENTIFIER,
    MOMENT,
    NESTED,
    NUMBER,
    WORDS,
    Column,
)

_FAMILIES: Final = {
    table.INTEGER: "numbers", table.FLOAT: "numbers", table.DECIMAL: "numbers",
    table.BOOLEAN: "true or false", table.DURATION: "durations",
    table.TEXT: "texts", table.CATEGORICAL: "texts",
    table.DATE: "moments", table.DATETIME: "moments", table.TIME: "times of day",
    table.LIST: "lists", table.STRUCT: "structs", table.BINARY: "bytes",
}  # fmt: skip
_BOTH_WAYS: Final = frozenset({"0", "1", "0.0", "1.0"})
_SAID: Final = frozenset({"true", "false"})
RETYPED: Final = "retyped"


class Kind(NamedTuple):
    """How a pair of columns is tested."""

    role: str
    findings: tuple[Finding, ...] = ()
    apart: bool = False
    """Their values have nothing in common: there is nothing to test."""


def has_values(column: Column) -> bool:
    """Say whether there is anything but missing values."""
    return bool(column.n or column.plus_infinities or column.minus_infinities)


def kind_of(a: Column, b: Column, said: str = "") -> Kind:
    """Return how two columns are tested.

    Args:
        a: The reference's.
        b: The current one.
        said: The role a person gave it; empty: what the reference's profile says.
    """
    role = _role(a, b, said)
    refused = _refused(a, said)
    if not has_values(a) or not has_values(b):
        return Kind(role, refused)
    one, two = (_FAMILIES.get(side.type, side.type) for side in (a, b))
    if _moments_as_texts(a, b) and (one != two or not said):
        return Kind(MOMENT, refused + _other_writing(a, b))
    if one == two:
        return Kind(role, refused + _no_longer_whole(a, b) + _other_clock(a, b))
    if _true_as_other(a, b):
        words = f"{a.type} in the reference, {b.type} now, with the same values"
        return Kind(CATEGORY, (Finding(RETYPED, words, WARNING, a.name),))
    words = f"{one} in the reference, {two} now{_read_in_texts(a, b)}"
    return Kind(role, (Finding(RETYPED, words, BREAKING, a.name),), apart=True)


def _role(a: Column, b: Column, said: str) -> str:
    there = a if has_values(a) else b
    if not has_values(there):
        return EMPTY
    role = said if said and _fits(there, said) else there.role
    return _by_type(there) if role in (CONSTANT, EMPTY) else role


def _refused(column: Column, said: str) -> tuple[Finding, ...]:
    """Return that a column cannot be tested as what a person said it is."""
    if not said or _fits(column, said) or not has_values(column):
        return ()
    words = f"it cannot be tested as {said}: its values are {column.type}"
    return (Finding("schema", words, NOTE, column.name),)


def _fits(column: Column, role: str) -> bool:
    """Say whether a column can be tested as what a person said of it."""
    if role == NUMBER:
        return column.numbers is not None
    if role == MOMENT:
        return column.moments is not None
    return role not in (CATEGORY, WORDS) or column.moments is None


def _by_type(column: Column) -> str:
    """Return how a column is tested of which only the type is known."""
    if column.type == table.BOOLEAN or _FAMILIES.get(column.type) == "texts":
        return CATEGORY
    if column.moments is not None:
        return MOMENT
    return NUMBER if column.numbers is not None else NESTED


def _no_longer_whole(a: Column, b: Column) -> tuple[Finding, ...]:
    """Return that whole numbers became fractions; whole ones written as floats are no news."""
    if a.type != table.INTEGER or b.type == table.INTEGER or whole(b):
        return ()
    words = "whole numbers in the reference, fractions now"
    return (Finding(RETYPED, words, WARNING, a.name),)


def _other_clock(a: Column, b: Column) -> tuple[Finding, ...]:
    if a.type == b.type or {a.type, b.type} != {table.DATE, table.DATETIME}:
        return ()
    return (Finding(RETYPED, f"{a.type} in the reference, {b.type} now", NOTE, a.name),)


def _moments_as_texts(a: Column, b: Column) -> bool:
    """Say whether both hold moments, and at least one of them as texts."""
    there = (_reads_as_moment(a), _reads_as_moment(b))
    return all(there) and "texts" in (_FAMILIES.get(a.type), _FAMILIES.get(b.type))


def _reads_as_moment(column: Column) -> bool:
    if _FAMILIES.get(column.type) == "moments":
        return True
    return _FAMILIES.get(column.type) == "texts" and 0 < column.n == column.moment_texts


def _other_writing(a: Column, b: Column) -> tuple[Finding, ...]:
    if a.type == b.type:
        return ()
    old, new = (
        f"{side.type} that reads as moments" if side.moments is None else side.type
        for side in (a, b)
    )
    return (Finding(RETYPED, f"{old} in the reference, {new} now", NOTE, a.name),)


def whole(column: Column) -> bool:
    """Say whether every value that a profile keeps of a column is a whole number."""
    points = column.numbers.quantiles if column.numbers else None
    return points is not None and all(float(value).is_integer() for value in points.at)


def _true_as_other(a: Column, b: Column) -> bool:
    """Say whether one is true or false and the other says the same in numbers or in words."""
    if table.BOOLEAN not in (a.type, b.type):
        return False
    other = b if a.type == table.BOOLEAN else a
    values = {value.lower() for value, _ in other.top}
    if other.other or other.plus_infinities or other.minus_infinities:
        return False
    return values <= (_BOTH_WAYS if other.numbers is not None else _SAID)


def _read_in_texts(a: Column, b: Column) -> str:
    """Return what gives away why: numbers or moments that were read as texts."""
    what, count = "", 0
    if a.numbers is not None and b.numeric_texts:
        what, count = "numbers", b.numeric_texts
    elif _FAMILIES.get(a.type) == "moments" and b.moment_texts:
        what, count = "moments", b.moment_texts
    if not what:
        return ""
    rest = b.n - count
    return (
        f", {rest:,} of {b.n:,} of which do not read as {what}"
        if rest
        else f", all of which read as {what}"
    )


def left_out(column: Column, said: str = "") -> str:
    """Return why a column is not judged, in words; empty where it is."""
    if (said or column.role) != IDENTIFIER:
        return ""
    reason = "said by a person" if said else column.role_reason
    return f"identifier: {reason}, so every part has other values"


TESTED_AS_CATEGORIES: Final = frozenset({CATEGORY, WORDS})
