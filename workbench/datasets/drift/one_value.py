"""A column of numbers that hardly varies: the share of the value that nearly all rows have.

Without a spread nothing says how far is far, and Kolmogorov's test is blind to what leaves one
value for both sides of it.
"""

from typing import Final

import numpy as np

from workbench.datasets.drift import effects, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, of_index, of_rate
from workbench.datasets.drift.curves import Curve, read, values_at
from workbench.words import number, percent

ENOUGH: Final = 10
"""Other values that are expected on the shorter side, where their share is judged for how rare it
is."""
ONE_VALUE: Final = "share of one value"


def of_one_value(a: Curve, b: Curve, asked: Asked) -> Aspect:
    """Return the test of the share of the value that nearly all of the reference have.

    Args:
        a: The reference, one row.
        b: The current data, one row.
        asked: From what size on a change counts.
    """
    limits, n1, n2 = asked.thresholds, int(a.n[0, 0]), int(b.n[0, 0])
    one = float(values_at(a, np.array([0.5]))[0, 0])
    low, high = _share_of(a, one)
    old = (low + high) / 2
    least, most = _share_of(b, one)
    new = min(max(old, least), most)
    moved = abs(new - old)
    said = f"{percent(old)} → {percent(new)} of the values are {number(one * float(a.unit[0, 0]))}"
    counts = effects.counts_of(*(
        np.array([[round(share * n), n - round(share * n)]], np.float64)
        for share, n in ((old, n1), (new, n2))
    ))  # fmt: skip
    p = significance.proportions(round(old * n1), n1, round(new * n2), n2)
    index = of_index(
        float(effects.stability_index(counts)[0]), moved, limits,
        effects.stability_floor(2, n1, n2),
    )._replace(
        words="population stability index of that value and all others", said=said
    )  # fmt: skip
    rate = of_rate(
        float(effects.cohens_h(old, new)), moved, limits, effects.rate_floor(n1, n2)
    )._replace(said=said)
    away = Effect(
        "tvd", moved, limits.tvd, limits.tvd_severe,
        significance.share_floor(round(old * n1), n1, round(new * n2), n2), most - least,
        "share of values that would have to change", said,
    )  # fmt: skip
    often = min(n1, n2) * (1 - (old * n1 + new * n2) / (n1 + n2)) >= ENOUGH
    return Aspect(ONE_VALUE, p, min(n1, n2), (away, index, rate) if often else (away, index))


def _share_of(one: Curve, value: float) -> tuple[float, float]:
    """Return the least and the greatest share of values that can be just this one."""
    found = read(one, np.array([[value]]))
    least = float((found.low_upto - found.high_below)[0, 0])
    most = float((found.high_upto - found.low_below)[0, 0])
    return max(least, 0.0), min(max(most, 0.0), 1.0)
