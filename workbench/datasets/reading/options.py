"""How a file is to be read, as people say it: on the command line, in settings, in a manifest."""

from collections.abc import Mapping
from typing import Final

from workbench.datasets.table import Table
from workbench.errors import UsageError

OPTIONS: Final = (
    "format", "separator", "encoding", "decimal", "header", "sheet", "table", "quote", "null",
)  # fmt: skip
"""What may be said; what is not said is found out, and then stands in ``Table.said``."""

FORMATS: Final = ("parquet", "csv", "json lines", "arrow", "excel", "sqlite")
_SEPARATORS: Final = {
    "tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ",
    "colon": ":",
}  # fmt: skip
_ALIASES: Final = {
    "tsv": "csv", "jsonl": "json lines", "ndjson": "json lines", "json": "json lines",
    "feather": "arrow", "ipc": "arrow", "xlsx": "excel", "xls": "excel", "ods": "excel",
}  # fmt: skip
NONE: Final = "none"
"""The word for no quote sign and no null sign."""


def checked(options: Mapping[str, str]) -> dict[str, str]:
    """Return options in the form readers take; what is not said is left out.

    Raises:
        UsageError: There is no such option, or it cannot have this value.
    """
    made = {name: value for name, value in options.items() if value != ""}
    for name in made:
        if name not in OPTIONS:
            raise UsageError(
                f"There is no reading option {name!r}.", hint=f"Use {', '.join(OPTIONS)}."
            )
    if "format" in made:
        made["format"] = _format(made["format"])
    if "separator" in made:
        made["separator"] = _sign(
            "separator", _SEPARATORS.get(made["separator"], made["separator"])
        )
    if made.get("quote", NONE) != NONE:
        _sign("quote", made["quote"])
    _one_of(made, "decimal", (".", ","))
    _one_of(made, "header", ("yes", "no"))
    return made


def _format(value: str) -> str:
    word = _ALIASES.get(value.lower(), value.lower())
    if word not in FORMATS:
        raise UsageError(f"There is no format {value!r}.", hint=f"Use {', '.join(FORMATS)}.")
    return word


def _sign(name: str, value: str) -> str:
    if len(value) != 1 or not value.isascii() or value in "\r\n\0":
        raise UsageError(f"The {name} is one ASCII sign, not {value!r}.")
    return value


def _one_of(options: Mapping[str, str], name: str, values: tuple[str, ...]) -> None:
    if options.get(name, values[0]) not in values:
        choice = " or ".join(map(repr, values))
        raise UsageError(f"The option {name} is {choice}, not {options[name]!r}.")


def separator_word(separator: str) -> str:
    """Return a separator as it is shown and may be said: ``tab``, ``;``."""
    return {"\t": "tab", " ": "space"}.get(separator, separator)


def read_as(table: Table) -> dict[str, str]:
    """Return how a table was read, as options that read it the same way again."""
    return {name: value for name, value in table.said if name in OPTIONS}
