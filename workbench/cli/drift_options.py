"""Options of a drift check, and what was given of them as values."""

import csv
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from workbench.cli.data_options import read_as
from workbench.errors import NotAllowedError, UsageError
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.datasets.drift.thresholds import Thresholds
    from workbench.operations.drift.checking import Asked

_F = TypeVar("_F", bound=Callable[..., Any])
FILE: Final = click.Path(path_type=Path, allow_dash=True)
STDOUT: Final = Path("-")


def check_options(function: _F) -> _F:
    """Add the options that say what is checked, against what and how."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


_OPTIONS: Final = (
    click.option(
        "--reference", metavar="REF", default="",
        help="A file, a dataset version, training, previous, 'last week' or 'last year'.",
    ),
    click.option(
        "--model", metavar="MODEL", default="",
        help="churn@production or churn@3: its training data are the reference.",
    ),
    click.option(
        "--chunks", metavar="HOW", default="",
        help="day, week, month, file, '1000 rows' or '10 parts'; else all rows at once.",
    ),
    click.option("--time", metavar="COLUMN", default="", help="The column that says when."),
    click.option("--columns", metavar="NAMES", multiple=True, help="Only these, with commas."),
    click.option("--exclude", metavar="NAMES", multiple=True, help="All but these, with commas."),
    click.option(
        "--segments", metavar="NAMES", multiple=True,
        help="One or two columns; the same check for each of their values.",
    ),
    click.option(
        "--measure", "measures", metavar="NAME", multiple=True,
        help="One more: jensen_shannon, hellinger, cramers_v, anderson_darling, "
        "cramer_von_mises or energy; may be repeated.",
    ),
    click.option(
        "--opinion", "opinions", metavar="KIND", multiple=True,
        help="A second opinion: pca or 'domain classifier'; may be repeated.",
    ),
    click.option(
        "--threshold", "thresholds", metavar="NAME=NUMBER", multiple=True,
        help="From what size on a change counts, such as psi=0.2; may be repeated.",
    ),
    click.option(
        "--role", "roles", metavar="COLUMN=ROLE", multiple=True,
        help="How a column is tested, such as zip=category; may be repeated.",
    ),
)  # fmt: skip


def asked_of(current: str, given: Mapping[str, Any]) -> "Asked":
    """Return what is asked.

    Raises:
        UsageError: An option cannot mean anything.
    """
    from workbench.datasets.drift.judging import MEASURES  # noqa: PLC0415 - after parsing
    from workbench.datasets.drift.monitor import OPINIONS  # noqa: PLC0415
    from workbench.operations.drift.checking import Asked  # noqa: PLC0415

    return Asked(
        current,
        reference=given["reference"],
        model=given["model"],
        chunks=given["chunks"],
        time=given["time"],
        columns=_names(given["columns"]),
        exclude=_names(given["exclude"]),
        segments=_names(given["segments"]),
        roles=roles(given["roles"]),
        options=read_as(given),
        measures=_known("--measure", given["measures"], MEASURES, "-", "_"),
        opinions=_known("--opinion", given["opinions"], OPINIONS, "-", " "),
        thresholds=thresholds(given["thresholds"]),
    )


def thresholds(given: Sequence[str]) -> "Thresholds":
    """Return the limits, those that were given in place of the defaults.

    Raises:
        UsageError: One is not written NAME=NUMBER, is not there, or cannot have this value.
    """
    from msgspec import structs  # noqa: PLC0415 - after parsing

    from workbench.datasets.drift.limits import LIMITS, limit_of, no_limit  # noqa: PLC0415 - after parsing
    from workbench.datasets.drift.thresholds import Thresholds  # noqa: PLC0415

    said: dict[str, float] = {}
    for text in given:
        name, equals, number = text.partition("=")
        if not equals or not name:
            raise UsageError(f"--threshold {_shown(text)} is not written NAME=NUMBER.")
        (known,) = _known("--threshold", (name,), tuple(LIMITS), "-", "_")
        value = _number(number)
        fault = "a number" if value is None else no_limit(known, value)
        if value is None or fault:
            raise UsageError(f"--threshold {known} must be {fault}, not {_shown(number)}.")
        said[known] = limit_of(known, value)
    return structs.replace(Thresholds(), **said)


def _number(text: str) -> float | None:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None


def roles(given: Sequence[str]) -> dict[str, str]:
    """Return the role of each column that was given one.

    Raises:
        UsageError: One is not written COLUMN=ROLE, or there is no such role.
    """
    from workbench.datasets.profile import ROLES  # noqa: PLC0415 - after parsing

    said = {}
    for text in given:
        column, equals, role = text.rpartition("=")
        if not equals or not column:
            raise UsageError(f"--role {_shown(text)} is not written COLUMN=ROLE.")
        (said[column],) = _known("--role", (role,), ROLES)
    return said


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """Return names from lists with commas; one that holds a comma stands in quotes."""
    parts = (part.strip() for text in given for part in next(csv.reader([text]), []))
    return tuple(dict.fromkeys(part for part in parts if part))


def _known(
    option: str, given: Sequence[str], there: Sequence[str], sign: str = "", stands_for: str = ""
) -> tuple[str, ...]:
    """Return names as they are written in files, which may be said with another sign.

    Raises:
        UsageError: There is no such name.
    """
    found = []
    for text in given:
        plain = text.strip()
        name = plain if plain in there or not sign else plain.replace(sign, stands_for)
        if name not in there:
            near = get_close_matches(name, there, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(there)}."
            raise UsageError(f"There is no {option} {_shown(text)}.", hint=hint)
        found.append(name)
    return tuple(dict.fromkeys(found))


def _shown(text: str) -> str:
    return repr(visible(text)[:80])


def require_places(form: str | None, files: Mapping[str, Path | None]) -> None:
    """See, before any work is done, that everything asked for has a place to go.

    Args:
        form: What is printed, where it is a form for programs.
        files: Options to the files that were given with them.

    Raises:
        UsageError: Two things are to go to stdout.
        NotAllowedError: The folder of a file is not there.
    """
    printed = [f"--{form}"] if form else []
    printed += [f"--{name} -" for name, path in files.items() if path == STDOUT]
    if len(printed) > 1:
        raise UsageError(
            f"{printed[0]} and {printed[1]} would both go to stdout.", hint="Name a file for one."
        )
    for path in files.values():
        if path is None or path == STDOUT:
            continue
        if not path.absolute().parent.is_dir():
            raise NotAllowedError(
                f"{visible(str(path))} cannot be written: its folder is not there.",
                hint="Make it first.",
            )
        if path.is_dir():
            raise NotAllowedError(
                f"{visible(str(path))} cannot be written: it is a folder.", hint="Name a file."
            )
