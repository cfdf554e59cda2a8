"""``datasets diff``: what changed between two versions, or two files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.data_options import read_as, reading_options
from workbench.cli.options import command, form_options, opened_for, workspace_option
from workbench.cli.progress import Progress
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.operations.datasets.diff import Difference


@command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@workspace_option
@click.option("--key", "keys", multiple=True, metavar="COLUMN",
              help="A column that, with other --key, names a row.")  # fmt: skip
@click.option("--no-key", is_flag=True, help="Compare whole rows, whatever the dataset's key.")
@click.option("--no-rows", is_flag=True, help="Compare columns and profiles only.")
@click.option("--renamed", multiple=True, metavar="OLD=NEW", help="These columns are one.")
@click.option("--tolerance", type=float, default=0.0, metavar="NUMBER",
              help="Numbers this close are equal; 0 for exactly.")  # fmt: skip
@click.option("--most", type=click.IntRange(0), default=20, metavar="N",
              help="Rows of each kind that are listed.")  # fmt: skip
@click.option("--unmask", is_flag=True, help="Show what sensitive columns hold.")
@reading_options
@form_options("json")
def diff_command(
    old: str, new: str, workspace: Path | None, form: str | None, **given: Any
) -> None:
    """Show what changed from OLD to NEW, two versions or files.

    Columns that came, went or changed; rows by the dataset's key, cell by cell, or whole rows
    without one; what changed in each column's values, the largest change first. Two files need
    no workspace.
    """
    from workbench.operations.datasets.diff import diff  # noqa: PLC0415 - after parsing

    if given["keys"] and given["no_key"]:
        raise UsageError("--key and --no-key cannot be given together.")
    progress = Progress()
    with opened_for((old, new), workspace) as session:
        found = diff(
            session, old, new, key=() if given["no_key"] else given["keys"] or None,
            rows=not given["no_rows"], limit=given["most"], tolerance=given["tolerance"],
            renamed=_names(given["renamed"]), options=read_as(given), unmask=given["unmask"],
            on_rows=progress.rows,
        )  # fmt: skip
    progress.end()
    _print(found, form)


def _names(said: tuple[str, ...]) -> dict[str, str]:
    """Return old names of columns to new ones.

    Raises:
        UsageError: One is not written OLD=NEW.
    """
    names = {}
    for text in said:
        old, equals, new = text.partition("=")
        if not (old and equals and new):
            raise UsageError(f"--renamed {text!r} is not written OLD=NEW.")
        names[old] = new
    return names


def _print(found: "Difference", form: str | None) -> None:
    from workbench.operations import sections  # noqa: PLC0415 - after parsing
    from workbench.operations.datasets import diff_forms, diff_sections  # noqa: PLC0415

    if form == "json":
        output.line(diff_forms.as_json(found).rstrip("\n"))
    else:
        output.lines(sections.text(diff_sections.sections(found)))
