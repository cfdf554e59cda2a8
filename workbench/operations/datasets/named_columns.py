"""Columns that people name by hand, held against those there are.

A sensitive column that is misspelt would be shown to everybody while it is said to be hidden: what
is not there cannot be said to be anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from workbench.datasets.fields import Fields
from workbench.errors import UsageError
from workbench.operations.data_fields import ROLE
from workbench.words import visible

OF_COLUMNS: Final[Mapping[str, str]] = {
    "sensitive": "sensitive",
    "key": "a key",
    "segments": "a segment",
    "label": "the label",
    "time": "the time",
}
"""The fields that name columns, and what they say of one."""
_LISTED: Final = 8


def named(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield a field and each column it names; roles aside."""
    return _named({name: getattr(fields, name) for name in OF_COLUMNS})


def as_changes(fields: Fields) -> dict[str, Any]:
    """Return the fields that name columns, as `require_there` takes them."""
    roles = {f"{ROLE}{column}": role for column, role in fields.roles.items()}
    return {name: getattr(fields, name) for name in OF_COLUMNS} | roles


def require_there(changes: Mapping[str, Any], there: Sequence[str]) -> None:
    """Do nothing if every column that is named is there, or nobody knows which there are.

    Args:
        changes: Fields and what they are to be, as `fields.set_fields` takes them.
        there: The columns there are; empty where nobody knows.

    Raises:
        UsageError: One is not; names what is near.
    """
    for field, column in _named(changes):
        what = OF_COLUMNS.get(field, "given a role")
        if there and column not in there:
            raise UsageError(
                f"There is no column {visible(column)[:80]!r}, and it cannot be {what}.",
                hint=near(column, there),
            )


def near(column: str, there: Sequence[str]) -> str:
    """Return a sentence about which column was meant."""
    parts = [part.strip() for part in column.split(",")]
    if len(parts) > 1 and all(part in there for part in parts):
        return f"Name each by itself: {' and '.join(map(visible, parts))}."
    close = [
        one
        for part in parts
        for one in get_close_matches(part.casefold(), [t.casefold() for t in there], n=2)
    ]
    meant = [one for one in there if one.casefold() in close]
    if meant:
        return f"Did you mean {' or '.join(map(visible, meant))}?"
    more = ", …" if len(there) > _LISTED else ""
    return f"Columns: {', '.join(map(visible, there[:_LISTED]))}{more}."


def _named(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a field and each column it names."""
    for field, value in changes.items():
        if field.startswith(ROLE) and value:
            yield ROLE, field.removeprefix(ROLE)
        elif field in OF_COLUMNS and value:
            yield from ((field, one) for one in ([value] if isinstance(value, str) else value))
