"""A drift report as it is printed: text, JSON or Markdown, with or without plots."""

from typing import TYPE_CHECKING

from workbench.cli import output

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, DriftReport
    from workbench.operations.drift.series import Series

_WIDE = 100


def print_report(report: "DriftReport", form: str | None, *, plot: bool = False) -> None:
    """Print a report; plots of what moved stand below text and Markdown."""
    from workbench.operations import sections  # noqa: PLC0415 - after parsing
    from workbench.operations.drift import gist  # noqa: PLC0415
    from workbench.operations.drift.report_sections import sections as of_report  # noqa: PLC0415

    if form == "json":
        from workbench.operations.drift.forms import as_json  # noqa: PLC0415

        output.line(as_json(report).rstrip("\n"))
        return
    if form == "md":
        from workbench.operations.drift.markdown import as_markdown  # noqa: PLC0415

        output.lines(as_markdown(report))
    else:
        output.line(output.strong(output.visible(gist.headline(report))))
        output.line()
        output.lines(sections.text(of_report(report), output.width()))
    if plot:
        print_plots(report, fenced=form == "md")


def print_plots(report: "DriftReport", *, fenced: bool = False) -> None:
    """Print the plots of the columns that moved, the gravest first."""
    from workbench.operations.drift.plots import plots  # noqa: PLC0415 - plotext

    color = output.coloured() and not fenced
    for drawn in plots(report, width=min(output.width(), _WIDE), color=color):
        output.line()
        output.lines(["```text", *drawn, "```"] if fenced else drawn)


def print_column_plots(found: "Series", column: "ColumnDrift") -> None:
    """Print what became of a column over time, and every plot of it in one chunk."""
    from workbench.operations.drift.plots import history, of_column  # noqa: PLC0415 - plotext

    width, color = min(output.width(), _WIDE), output.coloured()
    parts = (
        history(found, column.name, width=width, color=color),
        of_column(column, width=width, color=color),
    )
    for drawn in (one for part in parts for one in part):
        output.line()
        output.lines(drawn)
