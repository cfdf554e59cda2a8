"""Runs from other tools and to them: asked for by a path, done as a job that can be stopped."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import StoppedError
from workbench.tui.errand import Errand, carry_far
from workbench.tui.runs.desk import RunsDesk
from workbench.tui.toast import error_text, tell, tell_error
from workbench.tui.widgets.prompt import PromptScreen
from workbench.words import count, plural

if TYPE_CHECKING:
    from workbench.operations.importing.report import Report
    from workbench.operations.mlflow_export.export_mlflow import Exported

_IMPORT, _EXPORT = "Import runs", "Export to MLflow"


class Exchanging(RunsDesk):
    """The part of the runs screen that takes runs in and hands them on."""

    def press_import_runs(self) -> None:
        """Ask where the runs are, and copy them."""
        _ask_import(self)

    def press_export_mlflow(self) -> None:
        """Ask where to, and write the marked runs, or all."""
        _ask_export(self, self.view.marks)


def _ask_import(screen: Exchanging, path: str = "", news: str = "") -> None:
    dialog = PromptScreen(
        "Copy runs of another tool from", path, news=news, check=_named,
        hint="A folder or a file of runs: mlruns, wandb, mlflow.db, another workspace …",
    )  # fmt: skip
    screen.app.push_screen(dialog, lambda said: _import(screen, said) if said else None)


def _named(text: str) -> str | None:
    return None if text.strip() else "A path is needed."


def _import(screen: Exchanging, said: str) -> None:
    session, app = screen.session, screen.app

    def work(errand: Errand) -> "Report":
        from workbench.operations.importing.import_runs import import_runs  # noqa: PLC0415
        from workbench.operations.importing.values import Options  # noqa: PLC0415

        return import_runs(
            session, _path(said), Options(), errand.progress, lambda: not errand.wanted
        )

    def refused(error: Exception) -> None:
        if isinstance(error, StoppedError):
            tell(app, error_text(error))
            _look_again(screen)
        elif app.screen is screen:
            _ask_import(screen, said, error_text(error))
        else:
            tell_error(app, _IMPORT, error)

    carry_far(screen, session, _IMPORT, work, partial(_tell_import, screen), refused, import_report)


def _path(said: str) -> Path:
    return Path.cwd() / Path(said.strip()).expanduser()


def _tell_import(screen: Exchanging, report: "Report") -> None:
    tell(screen.app, imported_words(report))
    _look_again(screen)


def _look_again(screen: Exchanging) -> None:
    screen.app.watch_again()  # type: ignore[attr-defined]


def imported_words(report: "Report") -> str:
    """Return what became of an import."""
    said = [f"Copied {plural(len(report.taken), 'run')}"]
    if report.same:
        said.append(f"{count(report.same)} here already")
    if report.older:
        said.append(f"{count(len(report.older))} shorter than the copy here")
    versions = sum(one.new for one in report.models)
    if versions:
        said.append(f"{plural(versions, 'model version')} registered")
    if report.failed:
        said.append(f"{count(len(report.failed))} not taken")
    lost = " Not all came along as it was." if report.lost else ""
    more = f"{lost} The report is in Activity, Jobs: Enter." if report.kept else lost
    return f"{', '.join(said)}.{more}"


def import_report(report: "Report") -> str:
    """Return what became of an import in a line, and below it what did not come along."""
    from workbench.operations.importing.report_words import lines  # noqa: PLC0415

    return "\n".join((imported_words(report).partition(".")[0], *lines(report)))


def _ask_export(screen: Exchanging, marks: tuple[str, ...], path: str = "", news: str = "") -> None:
    which = f"{plural(len(marks), 'marked run')}" if marks else "all runs and models"
    dialog = PromptScreen(
        f"Write {which} for MLflow to", path, news=news, check=_named,
        hint="A folder that is empty, not there yet, or was written so before",
    )  # fmt: skip
    screen.app.push_screen(dialog, lambda said: _export(screen, marks, said) if said else None)


def _export(screen: Exchanging, marks: tuple[str, ...], said: str) -> None:
    session, app = screen.session, screen.app

    def work(errand: Errand) -> "Exported":
        from workbench.operations.mlflow_export.export_mlflow import (  # noqa: PLC0415
            Wanted,
            export_mlflow,
        )

        return export_mlflow(
            session, _path(said), Wanted(marks), errand.progress, lambda: not errand.wanted
        )

    def refused(error: Exception) -> None:
        if isinstance(error, StoppedError):
            tell(app, error_text(error))
        elif app.screen is screen:
            _ask_export(screen, marks, said, error_text(error))
        else:
            tell_error(app, _EXPORT, error)

    def tell_done(done: "Exported") -> None:
        tell(app, exported_words(done))

    carry_far(screen, session, _EXPORT, work, tell_done, refused, exported_words)


def exported_words(done: "Exported") -> str:
    """Return what became of an export."""
    said = [f"Wrote {plural(done.written, 'run')} to {done.path}"]
    if done.same:
        said.append(f"{count(done.same)} there already")
    if done.models:
        said.append(plural(done.models, "model"))
    if done.failed:
        said.append(f"{count(len(done.failed))} not written")
    return f"{', '.join(said)}."
