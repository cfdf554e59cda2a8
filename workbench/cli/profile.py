"""``profile``: what is in a data file, with no workspace needed."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.data_options import field_options, fields_of, read_as, reading_options
from workbench.cli.options import command, form_options

if TYPE_CHECKING:
    from workbench.operations.datasets.profile_file import Profiled


@command("profile")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--column", metavar="NAME", help="Everything about this column.")
@click.option("--duplicates", is_flag=True, help="Count rows that repeat an earlier one.")
@click.option("--no-correlations", is_flag=True, help="Leave out how columns go together.")
@reading_options
@field_options
@form_options("json", "csv", "md")
def profile_command(
    files: tuple[Path, ...],
    column: str | None,
    duplicates: bool,
    no_correlations: bool,
    form: str | None,
    **given: Any,
) -> None:
    """Say what is in a data file, column by column.

    FILES is a file or a folder of one table: Parquet, CSV, TSV, Arrow, JSON lines, Excel or
    SQLite, also compressed. Nothing is written, and no workspace is needed.
    """
    from workbench.operations.datasets.profile_file import profile_file  # noqa: PLC0415

    found = profile_file(
        files, options=read_as(given), fields=fields_of(given),
        correlations=not no_correlations, duplicates=duplicates,
    )  # fmt: skip
    _print(found, column, form)


def _print(found: "Profiled", column: str | None, form: str | None) -> None:
    from workbench.cli.profile_lines import print_column, print_profile  # noqa: PLC0415

    if column is not None:
        print_column(found.profile, column, form)
        return
    if form is None:
        how = ", ".join(f"{name} {value}" for name, value in found.said)
        output.say(output.visible(f"{found.path}: {found.format}{f' ({how})' if how else ''}"))
    print_profile(found.profile, form)
