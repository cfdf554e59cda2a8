"""``import``: runs of any tool, or a version that another workspace sent, into this one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.interrupting import asked_to_stop, say_stopped
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.progress import Progress
from workbench.errors import StoppedError

if TYPE_CHECKING:
    from workbench.operations.importing.report import Report


@command("import")
@click.argument("path", type=click.Path(path_type=Path))
@workspace_option
@click.option("--only", default="", metavar="FILTER", help="A filter of runs, or a format's name.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--no-artifacts", is_flag=True, help="Leave the runs' files where they are.")
@click.option("--no-models", is_flag=True, help="Leave registered models where they are.")
@click.option("--no-update", is_flag=True, help="Leave copies of runs that have grown as they are.")
@click.option("--name", metavar="MODEL", help="What to call a bundle's model; default as there.")
@form_options("json")
def import_command(
    path: Path, workspace: Path | None, name: str | None, form: str | None, **asked: Any
) -> int:
    """Copy runs of any tool here, or register a bundle's version.

    PATH is a folder or file of runs, of any format that `workbench formats` lists, or another
    workspace; nothing is written into it. Each run becomes one of the workspace's own: curves,
    params, tags, notes, files, times, parents and how it ended. Import it again and only what
    is new, or has grown since, is copied; stopped or killed, the same command goes on. Of
    MLflow the registered models come along too. What could not be carried over is printed and
    kept in reports/imports/.

    PATH may also be a file that `workbench export MODEL@VERSION` wrote: every hash and the journal
    in it are verified, it gets the next number here and holds no stage. The number is printed.
    """
    from workbench.operations.importing.finding import holds_runs  # noqa: PLC0415 - after parsing

    if path.is_file() and not holds_runs(path):
        _bundle(path, workspace, name)
        return 0
    if name is not None:
        raise click.UsageError("--name is for a bundle; runs and models keep their names.")
    return _runs(path, workspace, form, **asked)


def _bundle(file: Path, workspace: Path | None, name: str | None) -> None:
    from workbench.operations.registry.bundle import import_bundle  # noqa: PLC0415 - after parsing

    with opened(workspace, sweep=False) as session:
        done = import_bundle(session, file, name)
    output.line(str(done))
    if not done.new:
        output.say("These files of this run were registered before; nothing was added.")


def _runs(
    path: Path,
    workspace: Path | None,
    form: str | None,
    *,
    only: str,
    dry: bool,
    no_artifacts: bool,
    no_models: bool,
    no_update: bool,
) -> int:
    from workbench.operations.importing.import_runs import import_runs  # noqa: PLC0415
    from workbench.operations.importing.report import as_fields  # noqa: PLC0415
    from workbench.operations.importing.values import Options  # noqa: PLC0415

    options = Options(
        only, artifacts=not no_artifacts, registry=not no_models, update=not no_update, dry=dry
    )
    progress = Progress()
    with opened(workspace, sweep=False) as session, asked_to_stop() as stop:
        try:
            report = import_runs(session, path, options, progress.step, stop)
        except StoppedError as error:
            progress.end()
            return say_stopped(error)
        finally:
            progress.end()
    if form == "json":
        output.line(output.as_json(as_fields(report), indent=2))
    else:
        _print(report)
    return 0


def _print(report: "Report") -> None:
    """Print what was done as data, and the rest of the report as talk."""
    from workbench.operations.importing.report_words import lines  # noqa: PLC0415

    if report.dry:
        for due in report.due:
            output.line(output.visible(f"{due.run_id}  {due.state:5}  {due.source}"))
    for run in report.taken:
        output.line(output.visible(f"{run.run_id}  {run.experiment}/{run.name}"))
    for line in lines(report):
        output.say(output.visible(line))
