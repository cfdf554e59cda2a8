"""``describe`` and ``delete``: words beside a version, and doing without its files."""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.registry_options import meant, pairs, reason_option


@command("describe")
@click.argument("version")
@click.argument("text", required=False)
@workspace_option
@click.option("--tag", "tags", multiple=True, metavar="NAME=TEXT", help="Set a tag.")
@click.option("--untag", "untagged", multiple=True, metavar="NAME", help="Take a tag away.")
def describe_command(
    version: str,
    text: str | None,
    workspace: Path | None,
    tags: tuple[str, ...],
    untagged: tuple[str, ...],
) -> None:
    """Write what a version is, or tag it.

    TEXT becomes its description; an empty TEXT takes it away. Files, metrics and numbers
    of a version never change.
    """
    from workbench.operations.registry.describing import describe  # noqa: PLC0415

    changes: dict[str, str | None] = {**pairs(tags, "NAME=TEXT"), **dict.fromkeys(untagged)}
    with opened(workspace) as session:
        one = meant(session, version)
        describe(session, one.model, one.version, description=text, tags=changes)
        output.say(f"{one} is described.")


@command("delete")
@click.argument("version")
@workspace_option
@reason_option
def delete_command(version: str, workspace: Path | None, reason: str) -> None:
    """Put a version's files in the trash.

    Its number, its history and what was known of it stay. A version that holds a stage
    cannot be deleted.
    """
    from workbench.operations.registry.retiring import delete  # noqa: PLC0415

    with opened(workspace) as session:
        one = meant(session, version)
        delete(session, one.model, one.version, reason)
        output.say(f"{one} is deleted; its files lie in the trash until `workbench gc`.")
