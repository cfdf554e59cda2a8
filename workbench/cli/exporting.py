"""``export`` and ``import``: a version to another workspace, in one file."""

from pathlib import Path

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option


@command("export")
@click.argument("version", metavar="MODEL@VERSION")
@click.argument("file", type=click.Path(path_type=Path))
@workspace_option
def export_command(version: str, file: Path, workspace: Path | None) -> None:
    """Write a version and everything known of it into one file.

    Files, metrics, lineage, code changes, environment, the model's journal and the hash of
    each. `workbench import FILE` registers it in another workspace.
    """
    from workbench.operations.registry.bundle import export_version  # noqa: PLC0415 - after parsing

    with opened(workspace, sweep=False) as session:
        done = export_version(session, version, file)
    output.say(
        output.visible(
            f"Wrote {done.model}@{done.version} to {done.path}: "
            f"{words.plural(done.members, 'file')}, {words.size(done.size)}."
        )
    )
