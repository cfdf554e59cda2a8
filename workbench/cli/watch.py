"""``watch``: what happens, a line at a time."""

from pathlib import Path

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option


@command("watch")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@click.option("--once", is_flag=True, help="Look once and end.")
@form_options("json")
def watch_command(path: Path | None, workspace: Path | None, once: bool, form: str | None) -> None:
    """Print a line whenever something happens to a run or a dataset.

    Runs that begin, end, change or go away and versions of datasets, until Ctrl-C. Datasets that
    workbench.toml names are registered meanwhile when their files change. --once prints what
    changed since the index on this machine was last brought up to date. An index that is made
    anew says only how many runs there are.
    """
    from workbench.operations.news import follow, look_once  # noqa: PLC0415 - after parsing

    with opened(path if path is not None else workspace, sweep=False) as session:
        happened = look_once(session) if once else follow(session)
        for one in happened:
            if form == "json":
                output.line(output.as_json(one._asdict()))
            else:
                when = words.clock_time(one.at)
                said = f"{when}  {one.what:<10} {one.name}  {one.detail}"
                output.line(output.visible(said.rstrip()))
            output.flush()
