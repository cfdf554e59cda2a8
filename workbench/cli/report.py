"""``report``: a saved view as a lab note."""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option


@command("report")
@click.argument("view", metavar="VIEW")
@workspace_option
def report_command(view: str, workspace: Path | None) -> None:
    """Print a saved view as a Markdown note.

    VIEW is the name a view was saved under on the screen (V). The note holds the table of what
    differs, printed plots, the ids of the runs and what runs each of them again; fit for a merge
    request. Without marks in the view it is about the first 12 runs the view lists.
    """
    from workbench.operations.report import report  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        output.lines(report(session, view))
