"""The colours of verdicts. The signs that say the same without colour are the report's."""

from typing import Final

from workbench.charts.palette import DARK, Theme
from workbench.datasets.drift.report import DRIFT, ERROR, SEVERE, SHIFTED, STABLE

_SERIES: Final = {STABLE: 2, SHIFTED: 0, DRIFT: 1, SEVERE: 3, ERROR: 4}
"""Green, sky, orange, vermillion, pink of the series."""


def color_of(verdict: str, theme: Theme = DARK) -> int:
    """Return the colour of a verdict; what is not judged, and what is not known, is muted."""
    at = _SERIES.get(verdict)
    return theme.muted if at is None else theme.series[at]
