"""Options that commands over data files share: how a file is read, what is said of a dataset."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.datasets.fields import Fields

_F = TypeVar("_F", bound=Callable[..., Any])
_READING: Final[Mapping[str, str]] = {
    "format": "What the file is, where its name and first bytes do not say.",
    "separator": "What stands between the cells of a CSV file.",
    "encoding": "Of a CSV file, such as utf-8 or latin-1.",
    "decimal": "The decimal sign of a CSV file: . or ,",
    "quote": "The quotation mark of a CSV file, or none.",
    "null": "What stands for no value in a CSV file, with commas between, or none.",
    "header": "Whether the first line of a CSV file names the columns: yes or no.",
    "sheet": "Which sheet of an Excel file.",
    "table": "Which table of an SQLite file.",
}
_ONE: Final[Mapping[str, str]] = {
    "owner": "Who answers for it.",
    "description": "What it is.",
    "source": "Where it comes from.",
    "licence": "Under which licence it may be used.",
    "personal": "Personal data in it: none, pseudonymous, personal or special.",
    "retention_until": "The last day it may be kept, YYYY-MM-DD.",
    "label": "The column that is predicted.",
    "time": "The column that says when.",
}
_MANY: Final[Mapping[str, str]] = {
    "purposes": "A purpose it may be used for.",
    "sensitive": "A column that is masked in every preview.",
    "key": "A column that, with other --key, names a row.",
    "segments": "A column by which the data is looked at in parts.",
}
_SINGULAR: Final = {"purposes": "purpose", "segments": "segment"}


def reading_options(function: _F) -> _F:
    """Add the options that say how a file is read; they are found out where nobody says."""
    for name, says in reversed(list(_READING.items())):
        function = click.option(f"--{name}", f"read_{name}", metavar="TEXT", help=says)(function)
    return function


def read_as(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the reading options that were given."""
    said = ((name, given.get(f"read_{name}")) for name in _READING)
    return {name: str(value) for name, value in said if value is not None}


def field_options(function: _F) -> _F:
    """Add the options that say what people know of a dataset."""
    role = "How a column is treated when it is tested, such as zip=category."
    function = click.option("--role", "field_roles", multiple=True, metavar="COLUMN=ROLE",
                            help=role)(function)  # fmt: skip
    for name, says in reversed(list(_MANY.items())):
        option = f"--{_SINGULAR.get(name, name)}"
        told = f"{says.removesuffix('.')}; may be repeated."
        named = f"field_{name}"
        function = click.option(option, named, multiple=True, metavar="TEXT", help=told)(function)
    for name, says in reversed(list(_ONE.items())):
        option = f"--{name.replace('_', '-')}"
        function = click.option(option, f"field_{name}", metavar="TEXT", help=says)(function)
    return function


def said_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that were given, by name.

    Raises:
        UsageError: A role is not written COLUMN=ROLE.
    """
    one = {name: given.get(f"field_{name}") for name in _ONE}
    many = {name: tuple(given.get(f"field_{name}") or ()) for name in _MANY}
    roles = dict(_role(text) for text in given.get("field_roles") or ())
    found = {
        **{k: v for k, v in one.items() if v is not None},
        **{k: v for k, v in many.items() if v},
    }
    return {**found, "roles": roles} if roles else found


def fields_of(given: Mapping[str, Any]) -> "Fields":
    """Return the fields that were given as a value.

    Raises:
        UsageError: A role is not written COLUMN=ROLE.
    """
    from workbench.datasets.fields import Fields  # noqa: PLC0415 - after parsing

    return Fields(**said_fields(given))


def _role(text: str) -> tuple[str, str]:
    column, equals, role = text.rpartition("=")
    if not equals or not column:
        raise UsageError(f"--role {text!r} is not written COLUMN=ROLE.")
    return column, role
