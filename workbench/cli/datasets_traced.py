"""``datasets lineage``: where data came from and what is touched if it must go."""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows


@command("lineage")
@click.argument("name", metavar="DATASET[@VERSION]")
@workspace_option
@form_options("json", "csv", "md")
def lineage_command(name: str, workspace: Path | None, form: str | None) -> None:
    """Show what came of a dataset, and is touched if it must go.

    Files and copies of the data, runs that used it, versions of models made from it and where
    they are deployed. `census@4` is one version, `census` all of them. Told by the bytes a run
    recorded; what only names the dataset is listed as such.
    """
    from workbench.operations.datasets import lineage, names, traced  # noqa: PLC0415

    with opened(workspace) as session:
        ref = names.parse(name)
        if form == "json":
            found = lineage.touched(session, ref.name, ref.version)
            output.line(output.as_json(found.as_json(), indent=1))
            return
        lines = traced.traced(session, ref.name, ref.version)
    print_rows(
        ("what", "name", "detail"), [(one.kind, one.name, one.detail) for one in lines], form
    )
