"""The plots of a drift report as printed text: what moved, and where it moved to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workbench.charts.drifting import figure_of, kinds_for, over_time
from workbench.charts.figure_printed import printed_figure
from workbench.datasets.drift.report import ALARMS, ColumnDrift, DriftReport
from workbench.operations.drift import gist
from workbench.operations.drift.over_time import points_of, promotions_of
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.charts.figure import Figure
    from workbench.operations.drift.series import Series

MOST: Final = 5
"""Columns that are drawn unasked; a column that is named is always drawn."""
_TELLING: Final = ("distributions", "quantile shift", "categories")
_MISSING: Final = "missing"
"""Drawn unasked only where missing values made the verdict."""
_HIGH, _LOW = 16, 12
_KIND_OF_MORE: Final = "cumulative"


def plots(report: DriftReport, *, width: int, color: bool) -> Iterator[list[str]]:
    """Yield the plots of the columns that moved, the gravest first, each as its lines."""
    moved = [one for one in gist.told(report) if one.column.verdict in ALARMS]
    several = len(report.chunks) > 1
    for one in moved[:MOST]:
        if several:
            yield [f"{one.column.name} in {gist.name_of(one.chunk)}"]
        yield from of_column(one.column, width=width, color=color, kinds=_telling(one.column))
    if len(moved) > MOST:
        yield [
            f"{plural(len(moved) - MOST, 'more column')} moved and {_are(len(moved))} not drawn."
        ]


def _telling(column: ColumnDrift) -> tuple[str, ...]:
    return (*_TELLING, _MISSING) if column.measure == _MISSING else _TELLING


def of_column(
    column: ColumnDrift,
    *,
    width: int,
    color: bool,
    kinds: tuple[str, ...] = (*_TELLING, _KIND_OF_MORE, _MISSING),
) -> Iterator[list[str]]:
    """Yield every plot of those kinds that a column has something to show in."""
    for kind in kinds_for(column):
        if kind in kinds:
            yield _printed(figure_of(column, kind), width=width, color=color)


def history(series: "Series", name: str, *, width: int, color: bool) -> Iterator[list[str]]:
    """Yield a column's effect over time, with the limit and the moments of promotion."""
    points = points_of(series, name)
    if points:
        figure = over_time(
            points, title=f"{name}, effect over time", promotions=promotions_of(series)
        )
        yield _printed(figure, width=width, color=color, high=_LOW)


def _printed(figure: "Figure", *, width: int, color: bool, high: int = _HIGH) -> list[str]:
    return printed_figure(figure, width=width, height=high, color=color).splitlines()


def _are(moved: int) -> str:
    return "is" if moved == MOST + 1 else "are"
