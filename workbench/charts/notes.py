"""The sentence under a chart: what it marks, and what it could not show."""

from collections.abc import Sequence

from workbench.charts.look import Look
from workbench.charts.numbers import counted
from workbench.charts.reduction import Reduction


def notes(reduced: Sequence[Reduction], look: Look) -> str:
    """Return what the reader must know to trust the chart; empty if there is nothing."""
    nans = sum(int(reduction.columns.nans.sum()) for reduction in reduced)
    infinite = sum(reduction.odd for reduction in reduced) - nans
    lost = sum(reduction.not_positive for reduction in reduced)
    lost_x = sum(reduction.not_positive_x for reduction in reduced)
    unplaced = sum(reduction.columns.unplaced for reduction in reduced)
    said = (
        (nans, f"× {counted(nans)} NaN"),
        (infinite, f"▲▼ {counted(infinite)} infinite"),
        (lost, f"{_values(lost)} <= 0 left out of the log axis"),
        (lost_x, f"{_points(lost_x)} at {look.x_label or 'x'} <= 0 left out of the log axis"),
        (unplaced, f"{_points(unplaced)} without a {look.x_label or 'place'} left out"),
    )
    return " · ".join(words for number, words in said if number)


def _values(number: int) -> str:
    return f"{counted(number)} value" + ("" if number == 1 else "s")


def _points(number: int) -> str:
    return f"{counted(number)} point" + ("" if number == 1 else "s")
