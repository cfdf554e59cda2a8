"""How a column's distribution moved: both sides in one picture, the reference behind the current.

Everywhere the reference is pale and filled or dashed, the current data are a bright whole line,
so that neither needs colour. What is drawn is what a report keeps of a column (`Shape`); no data
and no profile is read. What cannot be drawn is a figure that says why.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from workbench.charts.drifting.categories import categories, missing_values
from workbench.charts.drifting.curves import cumulative
from workbench.charts.drifting.deciles import distributions
from workbench.charts.drifting.over_time import Point, Promotion, over_time
from workbench.charts.drifting.shifting import quantile_shift
from workbench.charts.drifting.tables import Table, over_time_table, table
from workbench.charts.drifting.verdicts import color_of
from workbench.charts.figure import Figure
from workbench.charts.palette import DARK, Theme

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift

__all__ = [
    "KINDS", "Point", "Promotion", "Table", "categories", "color_of", "cumulative",
    "distributions", "figure_of", "kinds_for", "missing_values", "over_time", "over_time_table",
    "quantile_shift", "table",
]  # fmt: skip

KINDS: Final[dict[str, Callable[..., Figure]]] = {
    "distributions": distributions,
    "cumulative": cumulative,
    "quantile shift": quantile_shift,
    "categories": categories,
    "missing": missing_values,
}
"""The plots of one column of one chunk by name, in the order they are offered."""


def kinds_for(column: "ColumnDrift") -> tuple[str, ...]:
    """Return which plots a column has something to show in; none where nothing was kept.

    Where it is missing values that moved most, they come first.
    """
    shape = column.shape
    missing = bool(column.reference_missing or column.current_missing)
    if shape is None:
        return ("missing",) if missing else ()
    there: Sequence[bool] = (
        bool(shape.reference_shares or shape.current_shares),
        bool(shape.at and (shape.reference_quantiles or shape.current_quantiles)),
        bool(shape.at and shape.reference_quantiles and shape.current_quantiles),
        bool(shape.categories),
        missing,
    )
    found = [kind for kind, has in zip(KINDS, there, strict=True) if has]
    return tuple(sorted(found, key=lambda kind: kind != column.measure))


def figure_of(column: "ColumnDrift", kind: str, *, theme: Theme = DARK) -> Figure:
    """Return one of the plots of `KINDS` of a column.

    Raises:
        KeyError: There is no such kind.
    """
    return KINDS[kind](column, theme=theme)
