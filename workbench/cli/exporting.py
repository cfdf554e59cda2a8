"""``export``: a version to another workspace, in one file, or runs and models to MLflow."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.interrupting import asked_to_stop, say_stopped
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.progress import Progress
from workbench.errors import StoppedError, UsageError

if TYPE_CHECKING:
    from workbench.operations.mlflow_export.export_mlflow import Exported

_FEW = 5
"""Failures that are printed one by one."""
_BUNDLE_NEEDS = 2


@command("export")
@click.argument("what", nargs=-1, metavar="[MODEL@VERSION FILE | RUN...]")
@workspace_option
@click.option("--mlflow", "store", metavar="DIR", type=click.Path(path_type=Path),
              help="Write runs and models there, as MLflow keeps them in files.")  # fmt: skip
@click.option("-f", "--filter", "text", default="", metavar="TEXT", help="Only runs that match.")
@click.option("--no-artifacts", is_flag=True, help="Leave the runs' files out.")
@click.option("--no-models", is_flag=True, help="Leave registered models out.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def export_command(
    what: tuple[str, ...], workspace: Path | None, store: Path | None, **asked: Any
) -> int:
    """Write a version into one file, or runs and models for MLflow.

    MODEL@VERSION FILE: files, metrics, lineage, code changes, environment, the model's journal
    and the hash of each. `workbench import FILE` registers it in another workspace.

    --mlflow DIR: all runs, or those named or matching a filter, with curves, times, params, tags,
    parents, files and how they ended; with all runs the registered models too, stages as aliases.
    Names MLflow does not take are changed, and kept in a tag. Say it again and only what changed
    is written. MLflow 3 reads it with MLFLOW_ALLOW_FILE_STORE=true, and `mlflow
    migrate-filestore` moves it into a database.
    """
    if store is not None:
        return _mlflow(what, workspace, store, **asked)
    if len(what) != _BUNDLE_NEEDS:
        raise click.UsageError("Name a version and a file, or --mlflow and a folder.")
    _bundle(what[0], Path(what[1]), workspace)
    return 0


def _bundle(version: str, file: Path, workspace: Path | None) -> None:
    from workbench.operations.registry.bundle import export_version  # noqa: PLC0415 - after parsing

    with opened(workspace, sweep=False) as session:
        done = export_version(session, version, file)
    output.say(
        output.visible(
            f"Wrote {done.model}@{done.version} to {done.path}: "
            f"{words.plural(done.members, 'file')}, {words.size(done.size)}."
        )
    )


def _mlflow(
    runs: tuple[str, ...],
    workspace: Path | None,
    store: Path,
    *,
    text: str,
    no_artifacts: bool,
    no_models: bool,
    as_json: bool,
) -> int:
    from workbench.operations.mlflow_export import export_mlflow as exporting  # noqa: PLC0415

    wanted = exporting.Wanted(runs, text, artifacts=not no_artifacts, models=not no_models)
    progress = Progress()
    with opened(workspace) as session, asked_to_stop() as stop:
        if session.root == store.expanduser().absolute():
            raise UsageError(f"{store} is what is exported.", hint="Name another folder.")
        try:
            done = exporting.export_mlflow(session, store, wanted, progress.step, stop)
        except StoppedError as error:
            progress.end()
            return say_stopped(error)
        finally:
            progress.end()
    if as_json:
        fields = {**done._asdict(), "failed": [one._asdict() for one in done.failed]}
        output.line(output.as_json(fields, indent=2))
    else:
        _say(done)
    return 0


def _say(done: "Exported") -> None:
    parts = [f"{words.plural(done.runs, 'run')}: {words.count(done.written)} written"]
    if done.same:
        parts.append(f"{words.count(done.same)} there already")
    if done.models:
        parts.append(words.plural(done.models, "model"))
    output.say(output.visible(f"{done.path} holds {', '.join(parts)}."))
    for kind, number in done.lost.items():
        output.say(
            output.visible(f"Not as it was: {kind}, {words.count(number)} ({done.examples[kind]})")
        )
    for one in done.failed[:_FEW]:
        output.say(output.visible(f"Not written: {one.what}: {one.reason}"))
    if len(done.failed) > _FEW:
        output.say(f"Not written: {words.count(len(done.failed) - _FEW)} more.")
