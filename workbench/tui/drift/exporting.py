"""Taking a monitor along: the plot, its numbers, the strip, the whole report, each as a file."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.operations.sections import text
from workbench.operations.session import Session
from workbench.operations.taking_along import write_page
from workbench.tui.drift import plots
from workbench.tui.drift.grid import Grid
from workbench.tui.widgets.choose import Choice
from workbench.words import defused, exact, moment

if TYPE_CHECKING:
    from workbench.charts.palette import Theme
    from workbench.datasets.drift.report import DriftReport

CHOICES: Final = (
    Choice("plot-txt", "plot as text", "the plot and its numbers"),
    Choice("plot-svg", "plot as SVG", "a picture for a page"),
    Choice("plot-csv", "plot as CSV", "the numbers that are drawn"),
    Choice("strip-csv", "heat strip as CSV", "a line per column and chunk"),
    Choice("report-txt", "report as text", "everything the check found"),
    Choice("report-html", "report as HTML", "one page that fetches nothing"),
)


class Taken(NamedTuple):
    """What is on the screen, to be written."""

    monitor: str
    grid: Grid
    subject: plots.Subject
    kind: str
    report: "DriftReport | None"
    theme: "Theme"


def offered(taken: Taken) -> tuple[Choice, ...]:
    """Return what can be written: no plot where nothing is drawn, no report where none was read."""
    return tuple(
        one
        for one in CHOICES
        if (one.id.startswith("report") and taken.report is not None)
        or (one.id.startswith("plot") and taken.kind)
        or one.id.startswith("strip")
    )


def export(session: Session, taken: Taken, what: str) -> str:
    """Write a file into the current folder and return where it is.

    Raises:
        NotAllowedError: The folder cannot be written.
    """
    name, _, kind = what.rpartition("-")
    made = {
        "plot-txt": plot_text, "plot-svg": plot_svg, "plot-csv": plot_csv, "strip-csv": strip_csv,
        "report-txt": report_text, "report-html": report_html,
    }[what](taken)  # fmt: skip
    title = f"{taken.monitor}-{taken.subject.name}-{taken.subject.at}"
    if name != "plot":
        title = "-".join((taken.monitor, *([taken.subject.at] if name == "report" else []), name))
    return str(write_page(session, title, list(made), kind))


def plot_text(taken: Taken) -> Iterable[str]:
    """Return the plot and its numbers."""
    found = plots.as_table(taken.subject, taken.kind)
    yield from plots.printed(taken.subject, taken.kind).splitlines()
    yield ""
    yield found.title
    yield from ("\t".join(row) for row in (found.heads, *found.rows) if row)


def plot_svg(taken: Taken) -> Iterable[str]:
    """Return the plot as a picture."""
    return plots.pictured(taken.subject, taken.kind, taken.theme).splitlines()


def plot_csv(taken: Taken) -> Iterable[str]:
    """Return the numbers of the plot."""
    found = plots.as_table(taken.subject, taken.kind)
    return _csv([found.heads, *found.rows])


def strip_csv(taken: Taken) -> Iterable[str]:
    """Return a line per column and chunk that are on the strip."""
    grid = taken.grid
    heads = ("column", "part", "chunk", "segment", "verdict", "effect", "q", "shift", "measure",
             "words")  # fmt: skip
    rows: list[Sequence[str]] = [heads]
    for row in range(len(grid.rows)):
        column = grid.column(row)
        for at in range(len(grid.places)):
            chunk, cell = grid.chunk(at), grid.cell(row, at)
            if cell is not None:
                rows.append((
                    column.name, column.part, chunk.label, chunk.segment, cell.verdict,
                    exact(cell.effect), _number(cell.q), _number(cell.shift), cell.measure,
                    cell.words,
                ))  # fmt: skip
    return _csv(rows)


def report_text(taken: Taken) -> Iterable[str]:
    """Return everything the check found."""
    from workbench.operations.drift.report_sections import sections  # noqa: PLC0415 - when asked

    report = taken.report
    if report is None:
        return
    yield f"{taken.monitor}   {taken.subject.at}   {report.verdict}"
    yield f"checked {moment(report.time)}: {report.current.name} against {report.reference.name}"
    yield ""
    yield from text(sections(report))


def report_html(taken: Taken) -> Iterable[str]:
    """Return the report as a page."""
    from workbench.operations.drift.html import page  # noqa: PLC0415 - when asked for

    if taken.report is None:
        return ()
    return page(taken.report, taken.grid.series).splitlines()


def _number(value: float | None) -> str:
    return "" if value is None else exact(value)


def _csv(rows: Iterable[Sequence[str]]) -> list[str]:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([defused(cell) for cell in row] for row in rows if row)
    return out.getvalue().splitlines()
