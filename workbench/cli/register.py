"""``register``: a run's model, or files, become a version."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.registry_options import pairs
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.operations.registry.register import Registered
    from workbench.operations.session import Session


@command("register")
@click.argument("source")
@click.argument("model")
@workspace_option
@click.option("--artifact", default="", metavar="PATH", help="Which file of the run is the model.")
@click.option("--files", is_flag=True, help="SOURCE is a file or folder, not a run.")
@click.option("--run", metavar="RUN", help="With --files: the run the files came from.")
@click.option("--description", default="", metavar="TEXT", help="What the version is.")
@click.option("--tag", "tags", multiple=True, metavar="NAME=TEXT", help="A tag of the version.")
def register_command(
    source: str,
    model: str,
    workspace: Path | None,
    artifact: str,
    files: bool,
    run: str | None,
    description: str,
    tags: tuple[str, ...],
) -> None:
    """Make a run's model a version of MODEL.

    SOURCE is a run: an id, a unique part of it, or a name; with --files a file or folder.
    The files are copied once, hashed and made read-only; params, metrics, datasets,
    environment and git state of the run go with them. The number is printed.
    """
    tagged = pairs(tags, "NAME=TEXT")
    if files and artifact:
        raise UsageError("--artifact names a file of a run; --files names none.")
    with opened(workspace) as session:
        if files:
            done = _files(session, Path(source), model, run, description, tagged)
        else:
            done = _run(session, source, model, artifact, description, tagged)
    output.line(str(done))
    if not done.new:
        output.say("The same files of the same run were registered before; nothing was added.")


def _files(
    session: "Session",
    path: Path,
    model: str,
    run: str | None,
    description: str,
    tags: dict[str, str],
) -> "Registered":
    from workbench.operations.registry.register import register  # noqa: PLC0415 - after parsing
    from workbench.operations.select import select  # noqa: PLC0415

    run_id = None if run is None else select(session, run).run_id
    return register(session, model, path, run=run_id, description=description, tags=tags)


def _run(
    session: "Session", run: str, model: str, artifact: str, description: str, tags: dict[str, str]
) -> "Registered":
    from workbench.errors import NotFoundError  # noqa: PLC0415
    from workbench.operations.registry.register_run import register_run  # noqa: PLC0415

    try:
        return register_run(
            session, run, model, artifact=artifact, description=description, tags=tags
        )
    except NotFoundError as error:
        if Path(run).exists():
            hint = f"It is a file here; register it with: workbench register {run} {model} --files"
            raise NotFoundError(error.message, hint=hint) from None
        raise
