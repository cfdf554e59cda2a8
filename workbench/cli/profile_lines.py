"""A profile, or one column of it, printed in the form asked for."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.rows import print_rows
from workbench.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from workbench.datasets.profile import Profile

_RIGHT = ("missing", "distinct", "min", "median", "max")


def print_profile(profile: "Profile", form: str | None, *, unmask: bool = False) -> None:
    """Print a profile: JSON has all of it, CSV and Markdown a line a column.

    Args:
        profile: As it may be looked at.
        form: JSON, CSV, Markdown or text.
        unmask: Show what sensitive columns hold.
    """
    from workbench.datasets.profiling.hiding import shown  # noqa: PLC0415 - numpy
    from workbench.operations import sections  # noqa: PLC0415 - after parsing
    from workbench.operations.datasets import summary  # noqa: PLC0415
    from workbench.operations.datasets.plain import plain  # noqa: PLC0415

    if form == "json":
        output.line(output.as_json(plain(shown(profile, unmask=unmask)), indent=1))
    elif form is None:
        output.lines(sections.text(summary.sections(profile, unmask=unmask)))
    else:
        rows = [summary.column_facts(one, profile.rows, unmask=unmask) for one in profile.columns]
        print_rows(summary.HEADS, rows, form, right=_RIGHT)


def print_column(profile: "Profile", name: str, form: str | None, *, unmask: bool = False) -> None:
    """Print everything about one column.

    Raises:
        NotFoundError: There is none of that name.
        UsageError: It cannot be printed in this form.
    """
    from workbench.datasets.profiling.hiding import shown_column  # noqa: PLC0415 - numpy
    from workbench.operations import sections  # noqa: PLC0415 - after parsing
    from workbench.operations.datasets import summary  # noqa: PLC0415
    from workbench.operations.datasets.plain import plain  # noqa: PLC0415

    column = next((one for one in profile.columns if one.name == name), None)
    if column is None:
        near = get_close_matches(name, [one.name for one in profile.columns], n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "See all: leave out --column."
        raise NotFoundError(f"There is no column {name!r}.", hint=hint)
    if form == "json":
        output.line(output.as_json(plain(shown_column(column, unmask=unmask)), indent=1))
    elif form is None:
        output.lines(sections.text(summary.column_sections(column, profile, unmask=unmask)))
    else:
        raise UsageError("A column is printed as text or with --json.")
