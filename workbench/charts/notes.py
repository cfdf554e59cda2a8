"""The sentence under a chart: what it marks, and what it could not show."""

from collections.abc import Iterator, Sequence

from workbench.charts.look import Look
from workbench.charts.numbers import counted, power_label
from workbench.charts.reduction import Curve, Frame, Reduction
from workbench.charts.scale import Scale
from workbench.charts.scaling import SYMLOG
from workbench.charts.ticks import place_label
from workbench.runs.series import Floats, Ints


def notes(curves: Sequence[Curve], reduced: Sequence[Reduction], look: Look) -> str:
    """Return what the reader must know to trust the chart; empty if there is nothing."""
    return " · ".join((*_odd(reduced, look), *_changes_of_n(curves, reduced, look)))


def _odd(reduced: Sequence[Reduction], look: Look) -> list[str]:
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
    return [words for number, words in said if number]


def _changes_of_n(
    curves: Sequence[Curve], reduced: Sequence[Reduction], look: Look
) -> Iterator[str]:
    """Yield where the number of curves in a mean changes; of several means, with their letters."""
    said: dict[str, list[str]] = {}
    for curve, reduction in zip(curves, reduced, strict=True):
        if reduction.n is not None and (change := _change(*reduction.n, look)):
            said.setdefault(change, []).append(curve.letter)
    several = len(curves) > 1
    for change, letters in said.items():
        yield " ".join((*filter(None, letters if several else ()), change))


def _change(places: Floats, n: Ints, look: Look) -> str:
    """Return ``n falls to 3 at 120``; nothing where it is the same everywhere."""
    if len(n) < 2:  # noqa: PLR2004 - it begins, and that is all
        return ""

    def to(at: int) -> str:
        return f"to {n[at]} at {place_label(look.x_kind, float(places[at]), '', look.zone).strip()}"

    most = int(n.argmax())
    said = [f"rises {to(most)}"] if most else []
    if most + 1 < len(n):
        said.append(f"falls {to(most + 1)}")
        least = most + 1 + int(n[most + 1 :].argmin())
        said += [to(least)] if least > most + 1 else []
    return f"n {', '.join(said)}"


def beside(curves: Sequence[Curve], frame: Frame, scale: Scale | None, look: Look) -> str:
    """Return what a reader must know of bands and scales, in words beside the title.

    That is what a band stands for, and up to where a symmetric logarithm is nearly linear.
    """
    y = f"linear to ±{power_label(scale.by.constant)}" if scale else ""
    x = f"{look.x_label} linear to ±{power_label(frame.x.constant)}".lstrip()
    banded = any(curve.banded for curve in curves)
    said = (("mean ± std", banded), (y, look.y_scale == SYMLOG), (x, look.x_scale == SYMLOG))
    return " · ".join(words for words, so in said if so and words)


def _values(number: int) -> str:
    return f"{counted(number)} value" + ("" if number == 1 else "s")


def _points(number: int) -> str:
    return f"{counted(number)} point" + ("" if number == 1 else "s")
