"""``drift show``: all that a monitor found, one chunk of it, or one column."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from workbench.cli import output
from workbench.cli.drift_options import FILE, STDOUT, require_places
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.written import write_text
from workbench.errors import NotFoundError, UsageError
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, DriftReport
    from workbench.operations.drift.series import ChunkHead, Series
    from workbench.operations.session import Session


class _Asked(NamedTuple):
    """What of a monitor is to be shown."""

    monitor: str
    chunk: str
    column: str
    plot: bool


@command("show")
@click.argument("monitor")
@workspace_option
@click.option("--chunk", metavar="LABEL", default="", help="What was found in this chunk.")
@click.option("--column", metavar="NAME", default="", help="Everything about this column.")
@click.option("--plot", is_flag=True, help="Draw the column, or those that moved, below.")
@click.option("--html", metavar="FILE", type=FILE, help="Write one static page; - for stdout.")
@form_options("json", "md")
def show_command(
    monitor: str,
    workspace: Path | None,
    chunk: str,
    column: str,
    plot: bool,
    html: Path | None,
    form: str | None,
) -> None:
    """Show all that a monitor found.

    The heat strip, a letter for each column and chunk, and the newest chunk in words; with
    --chunk that one, with --column one column over time and in that chunk. Nothing is checked
    anew: that is `workbench monitor run`.
    """
    from workbench.operations.drift.series import series  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.standing import require_watched  # noqa: PLC0415

    if plot and form:
        raise UsageError(f"--plot and --{form} cannot be given together.")
    require_places(form, {"html": html})
    asked = _Asked(monitor, chunk, column, plot)
    with opened(workspace) as session:
        found = series(session, monitor)
        if not found.chunks:
            require_watched(session, monitor)
            raise UsageError(
                f"{visible(monitor)} was not checked yet.",
                hint=f"Run: workbench monitor run {monitor}",
            )
        head = _head(found, chunk)
        report = _narrowed(_report(session, monitor, head), head if chunk else None)
        if html is not None:
            from workbench.operations.drift.html import page  # noqa: PLC0415

            write_text(html, page(report, found))
        if html != STDOUT:
            _print(found, report, head, asked, form)


def _report(session: "Session", monitor: str, head: "ChunkHead") -> "DriftReport":
    from workbench.operations.drift.series import report_of  # noqa: PLC0415 - after parsing

    return report_of(session, monitor, head.key)


def _head(found: "Series", chunk: str) -> "ChunkHead":
    """Return the chunk that is meant: the newest of all rows where none is named.

    Raises:
        NotFoundError: There is none of that name.
    """
    from workbench.operations.drift.series_sections import label  # noqa: PLC0415 - after parsing

    if not chunk:
        whole = [one for one in found.chunks if not one.segment] or list(found.chunks)
        return whole[-1]
    for one in reversed(found.chunks):
        if chunk in (label(one), one.label):
            return one
    names = [label(one) for one in found.chunks]
    raise NotFoundError(f"There is no chunk {visible(chunk)!r}.", hint=_near(chunk, names))


def _near(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"Did you mean {visible(near[0])}?" if near else f"The newest is {visible(names[-1])}."


def _narrowed(report: "DriftReport", head: "ChunkHead | None") -> "DriftReport":
    """Return a report with one of its chunks alone, where one was named."""
    if head is None:
        return report
    same = (head.label, head.segment)
    chunks = tuple(one for one in report.chunks if (one.label, one.segment) == same)
    verdict = chunks[0].verdict if chunks else report.verdict
    score = chunks[0].score if chunks else report.score
    return msgspec.structs.replace(report, chunks=chunks, verdict=verdict, score=score)


def _print(
    found: "Series", report: "DriftReport", head: "ChunkHead", asked: _Asked, form: str | None
) -> None:
    if asked.column:
        _print_column(found, report, head, asked, form)
        return
    from workbench.cli.drift_lines import print_report  # noqa: PLC0415
    from workbench.operations import sections  # noqa: PLC0415
    from workbench.operations.drift.series_sections import strip  # noqa: PLC0415

    if form is None and not asked.chunk:
        output.lines(sections.text(strip(found), output.width()))
        output.line()
    print_report(report, form, plot=asked.plot)


def _print_column(
    found: "Series", report: "DriftReport", head: "ChunkHead", asked: _Asked, form: str | None
) -> None:
    """Print one column over time and in one chunk.

    Raises:
        NotFoundError: There is no such column.
    """
    from workbench.operations import sections  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.forms import plain  # noqa: PLC0415
    from workbench.operations.drift.series import column_of  # noqa: PLC0415
    from workbench.operations.drift.series_sections import (  # noqa: PLC0415
        column_sections,
        label,
        over_time,
    )
    from workbench.operations.drift.unknown import no_column  # noqa: PLC0415

    names = [one.name for one in found.columns]
    if asked.column not in names:
        raise no_column(asked.monitor, asked.column, names)
    column: ColumnDrift = column_of(report, head.label, head.segment, asked.column)
    if form == "json":
        output.line(output.as_json({"chunk": label(head), **plain(column)}, indent=1))
        return
    told = (*over_time(found, asked.column), *column_sections(column))
    if form == "md":
        from workbench.operations.drift.markdown import tables  # noqa: PLC0415

        output.lines(tables(told))
        return
    output.lines(sections.text(told, output.width()))
    if asked.plot:
        from workbench.cli.drift_lines import print_column_plots  # noqa: PLC0415

        print_column_plots(found, column)
