"""Plots inside the HTML report: SVG that takes its colours from the page, light or dark."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.charts.drifting import Point, Promotion, figure_of, kinds_for, over_time
from workbench.charts.palette import DARK, LIGHT, Theme
from workbench.charts.svg_figure import figure_svg
from workbench.charts.svg_frame import Sizes
from workbench.datasets.drift.report import ColumnDrift
from workbench.operations.drift.html_tags import Markup, joined, tag

if TYPE_CHECKING:
    from workbench.charts.figure import Figure

TITLES: Final = {
    "distributions": "Where a tenth of the reference lay, how much lies now",
    "cumulative": "Share of values up to each value, and the greatest gap",
    "quantile shift": "By how much each quantile moved",
    "categories": "Shares of categories",
    "missing": "Rows without a value",
}
OVER_TIME: Final = "Effect over time"
_WIDTH, _HEIGHT = 640.0, 380.0
_SIZES: Final = Sizes(title=17, text=14, small=13, edge=14, line=2)
_COLOR: Final = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')
_NAMESPACE: Final = re.compile(r' xmlns="[^"]*"')


class Colors:
    """The colours that plots of one page use: a name for each pair of light and dark."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    @property
    def named(self) -> dict[str, tuple[str, str]]:
        """Each name with its colours."""
        return {name: pair for pair, name in self._names.items()}

    def name(self, light: str, dark: str) -> str:
        """Return the name of a pair."""
        return self._names.setdefault((light, dark), f"p{len(self._names)}")


def plots(
    column: ColumnDrift,
    points: tuple[Point, ...],
    promotions: tuple[Promotion, ...],
    at: str,
    colors: Colors,
) -> Markup:
    """Return all plots a column has something to show in, then its effect over time."""
    found = [
        _drawn([_titled(figure_of(column, kind, theme=theme), TITLES[kind])
                for theme in (LIGHT, DARK)], colors)
        for kind in kinds_for(column)
        if kind != "missing" or _much_missing(column)
    ]  # fmt: skip
    if len(points) > 1:
        found.append(_drawn([_history(points, promotions, at, theme) for theme in (LIGHT, DARK)],
                            colors))  # fmt: skip
    return joined(*found)


def _much_missing(column: ColumnDrift) -> bool:
    """Tell whether missing values are what moved; else their shares stand below in numbers."""
    return column.measure == "missing" or any(one.kind == "null rate" for one in column.findings)


def _titled(figure: "Figure", title: str) -> "Figure":
    return replace(figure, title=title, aside="")


def _history(
    points: tuple[Point, ...], promotions: tuple[Promotion, ...], at: str, theme: Theme
) -> "Figure":
    return over_time(points, title=OVER_TIME, promotions=promotions, at=at, theme=theme)


def _drawn(figures: "list[Figure]", colors: Colors) -> Markup:
    """Return a figure once, with variables where its light and its dark picture have colours."""
    light, dark = (
        figure_svg(figure, theme=theme, width=_WIDTH, height=_HEIGHT, sizes=_SIZES)
        for figure, theme in zip(figures, (LIGHT, DARK), strict=True)
    )
    darker = iter(_COLOR.findall(dark))

    def variable(found: re.Match[str]) -> str:
        return f'{found[1]}="var(--{colors.name(found[2], next(darker)[1])})"'

    return tag("figure", Markup(_NAMESPACE.sub("", _COLOR.sub(variable, light), count=1)))
