"""Which plots a column of a chunk has, and each as a figure, a table, a picture, a text."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.tui.drift.grid import Grid

if TYPE_CHECKING:
    from workbench.charts.drifting import Point, Promotion, Table
    from workbench.charts.figure import Figure
    from workbench.charts.palette import Theme
    from workbench.datasets.drift.report import ColumnDrift

OVER_TIME: Final = "effect over time"
_WIDTH, _HEIGHT = 100, 24


class Subject(NamedTuple):
    """What is drawn: a column of a chunk, and what it was in the others."""

    name: str
    column: "ColumnDrift | None"
    """None until its report was read."""
    points: "tuple[Point, ...]" = ()
    promotions: "tuple[Promotion, ...]" = ()
    at: str = ""
    """The label of the chunk."""
    others: "Mapping[str, tuple[Point, ...]]" = MappingProxyType({})
    """Of the marked columns, by name."""


def kinds_of(subject: Subject) -> tuple[str, ...]:
    """Return the plots there are, the one over time last."""
    from workbench.charts.drifting import kinds_for  # noqa: PLC0415 - numpy

    own = kinds_for(subject.column) if subject.column is not None else ()
    return (*own, OVER_TIME) if subject.points else own


def chosen(kinds: Sequence[str], wanted: str) -> str:
    """Return the kind that is drawn: the one wanted, else the first; empty where there is none."""
    return wanted if wanted in kinds else (kinds[0] if kinds else "")


def figure(subject: Subject, kind: str, theme: "Theme") -> "Figure":
    """Return a plot."""
    from workbench.charts.drifting import figure_of, over_time  # noqa: PLC0415 - numpy

    if kind == OVER_TIME or subject.column is None:
        from workbench.tui.drift.marked_effects import with_marked  # noqa: PLC0415 - numpy

        alone = over_time(
            subject.points, title=f"{subject.name}, {OVER_TIME}", promotions=subject.promotions,
            at=subject.at, theme=theme,
        )  # fmt: skip
        return with_marked(alone, subject.points, subject.others, theme)
    return figure_of(subject.column, kind, theme=theme)


def as_table(subject: Subject, kind: str) -> "Table":
    """Return a plot's numbers."""
    from workbench.charts.drifting import over_time_table, table  # noqa: PLC0415 - numpy

    if kind == OVER_TIME or subject.column is None:
        return over_time_table(subject.points, subject.promotions)
    return table(subject.column, kind)


def printed(subject: Subject, kind: str) -> str:
    """Return a plot as plain text."""
    from workbench.charts.figure_printed import printed_figure  # noqa: PLC0415 - numpy
    from workbench.charts.palette import DARK  # noqa: PLC0415

    found = figure(subject, kind, DARK)
    return printed_figure(found, width=_WIDTH, height=_HEIGHT, color=False)


def pictured(subject: Subject, kind: str, theme: "Theme") -> str:
    """Return a plot as an SVG document."""
    from workbench.charts.svg_figure import figure_svg  # noqa: PLC0415 - numpy

    return figure_svg(figure(subject, kind, theme), theme=theme)


def subject_of(grid: Grid, row: int, at: int, column: "ColumnDrift | None") -> Subject:
    """Return what is drawn of the cell at a place of the strip."""
    from workbench.operations.drift.over_time import points_of, promotions_of  # noqa: PLC0415

    name, chunk = grid.column(row).name, grid.chunk(at)
    marked = (grid.column(other).name for other in range(len(grid.rows)) if other != row)
    others = {
        other: points_of(grid.series, other, chunk.segment)
        for other in marked
        if other in grid.marked
    }
    points = points_of(grid.series, name, chunk.segment)
    return Subject(name, column, points, promotions_of(grid.series), chunk.label, others)
