"""``drift check``: any data against any reference, with nothing kept."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.data_options import reading_options
from workbench.cli.drift_options import FILE, STDOUT, asked_of, check_options, require_places
from workbench.cli.options import (
    command,
    ends_with,
    form_options,
    opened,
    opened_for,
    workspace_option,
)
from workbench.cli.progress import Progress
from workbench.cli.written import write_text
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.settings import find_workspace

if TYPE_CHECKING:
    from workbench.datasets.drift.report import DriftReport
    from workbench.operations.drift.checking import Asked
    from workbench.operations.session import Session


@command("check")
@click.argument("current", metavar="CURRENT")
@workspace_option
@check_options
@click.option("--plot", is_flag=True, help="Draw the columns that moved below.")
@click.option("--junit", metavar="FILE", type=FILE, help="Write JUnit XML; - for stdout.")
@click.option("--html", metavar="FILE", type=FILE, help="Write one static page; - for stdout.")
@reading_options
@form_options("json", "md")
def check_command(
    current: str,
    workspace: Path | None,
    form: str | None,
    plot: bool,
    junit: Path | None,
    html: Path | None,
    **given: Any,
) -> int:
    """Say whether data have moved away from a reference.

    CURRENT is a file, a folder, a pattern, a dataset version (census@4), or `predictions` with
    --model. Two files need no workspace. Nothing is kept.

    Exit code 0 when nothing drifted, 3 when it did, 5 when nothing could be judged, such as too
    few rows, which is never a pass, and 2 when something cannot be read or asked.
    """
    from workbench.operations.drift import gist  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.checking import check  # noqa: PLC0415

    if plot and form == "json":
        raise UsageError("--plot is drawn, --json is for programs.", hint="Leave one out.")
    require_places(form, {"junit": junit, "html": html})
    asked = asked_of(current, given)
    with _readable(), _session(asked, workspace) as session:
        progress = Progress()
        try:
            report = check(session, asked, on_progress=progress.step, stopped=lambda: False)
        finally:
            progress.end()
    code = ends_with(gist.exit_code(report))
    _write(report, junit, html)
    if STDOUT not in (junit, html):
        from workbench.cli.drift_lines import print_report  # noqa: PLC0415

        print_report(report, form, plot=plot)
    return code


def _session(asked: "Asked", workspace: Path | None) -> "AbstractContextManager[Session | None]":
    """Return the workspace that is meant or near; none where all can only be files."""
    from workbench.datasets.drift.monitor import (  # noqa: PLC0415 - after parsing
        LAST_WEEK,
        LAST_YEAR,
        PREDICTIONS,
        PREVIOUS,
        TRAINING,
    )

    if asked.model or asked.current == PREDICTIONS:
        return opened(workspace)
    if workspace is not None or find_workspace(Path.cwd()) is not None:
        return opened(workspace)  # it says of files too what of them is sensitive
    other = asked.reference not in ("", TRAINING, PREVIOUS, LAST_WEEK, LAST_YEAR)
    names = (asked.current, *([asked.reference] if other else []))
    try:
        return opened_for(names, None)
    except NotFoundError:
        if any("@" in name and not Path(name).exists() for name in names):
            raise
        return nullcontext()  # what is not there is said of the file, not of a workspace


@contextmanager
def _readable() -> Iterator[None]:
    """Take what cannot be read for what was said wrongly: these are the words of this command."""
    try:
        yield
    except (FormatError, NotAllowedError) as error:
        raise UsageError(error.message, hint=error.hint) from error


def _write(report: "DriftReport", junit: Path | None, html: Path | None) -> None:
    if junit is not None:
        from workbench.operations.drift.forms import as_junit  # noqa: PLC0415

        write_text(junit, as_junit(report))
    if html is not None:
        from workbench.operations.drift.html import page  # noqa: PLC0415

        write_text(html, page(report))
