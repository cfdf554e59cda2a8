"""How many values lie in the far tails of the reference: a change of few rows, however far.

Kolmogorov's test is blind to the ends, and distances are held against what moves many rows: three
rows of a hundred that move by twenty spreads are seen here.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift import effects
from workbench.datasets.drift.aspects import Asked, Aspect, of_rate
from workbench.datasets.drift.curves import Curve, kept_at, read
from workbench.words import number, percent

Floats = NDArray[np.float64]

TAILS: Final = "far tails"
FAR: Final = np.array([0.005, 0.995])
"""Shares of the reference beyond whose quantiles the tails are."""
_SIDES: Final = ("below", "above")


def of_tails(a: Curve, b: Curve, asked: Asked) -> list[Aspect]:
    """Return the test of the values beyond the reference's far quantiles, by part.

    Args:
        a: The reference, one row, or one a part.
        b: The current data, a row a part.
        asked: From what size on a change counts.
    """
    places = kept_at(a, FAR)
    old, sure, likely, most = _shares(a, b, places)
    p = _chances(old * a.n, sure * b.n, a.n, b.n)
    side = np.argmax(likely - old, axis=1)
    rows = zip(
        (np.broadcast_to(a.n, p.shape)[:, 0]).tolist(), b.n[:, 0].tolist(),
        _p(p), side.tolist(), strict=True,
    )  # fmt: skip
    where = np.broadcast_to(places * a.unit, p.shape)
    old = np.broadcast_to(old, p.shape)
    new = np.stack([sure, likely, most], axis=2)
    return [
        _aspect(n1, n2, chance, float(where[k, s]), s, float(old[k, s]), new[k, s].tolist(), asked)
        for k, (n1, n2, chance, s) in enumerate(rows)
    ]


def _shares(a: Curve, b: Curve, places: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the greatest share of the reference beyond; of the current side least to greatest."""
    one, two = (
        read(a, np.broadcast_to(places, (len(a.at), 2))),
        read(b, np.broadcast_to(places, (len(b.at), 2))),
    )
    old = np.stack([one.high_below[:, 0], 1 - one.low_upto[:, 1]], axis=1)
    new = (
        np.stack([below[:, 0], 1 - upto[:, 1]], axis=1)
        for below, upto in (
            (two.low_below, two.high_upto), (two.below, two.upto), (two.high_below, two.low_upto)
        )
    )  # fmt: skip
    least, likely, most = new
    return old, least, likely, most


def _chances(old: Floats, new: Floats, n1: Floats, n2: Floats) -> Floats:
    """Return the p of at least so many current values beyond a value of the reference, by tail.

    Of all values from that one on outwards the reference would have at most so few.
    """
    from scipy.special import bdtr

    a, b = np.ceil(old - 1e-6), np.floor(new + 1e-6)
    n1, n2 = (np.broadcast_to(n, b.shape) for n in (n1, n2))
    return np.where(b > 0, bdtr(a, (a + b).astype(np.int64), n1 / (n1 + n2)), 1.0)


def _p(tails: Floats) -> Sequence[float]:
    """Return the p of both tails together, after Bonferroni."""
    return [min(2 * one, 1.0) for one in tails.min(axis=1).tolist()]


def _aspect(
    n1: float,
    n2: float,
    p: float,
    place: float,
    side: int,
    old: float,
    new: Sequence[float],
    asked: Asked,
) -> Aspect:
    """Return the aspect of one part.

    Args:
        n1: Rows of the reference.
        n2: Rows of the part.
        p: Of both tails.
        place: Where the tail begins that more values are in.
        side: Which tail, 0 or 1.
        old: The reference's share beyond.
        new: The part's: at the least, likely, at the most.
        asked: From what size on a change counts.
    """
    least, value, most = (float(effects.cohens_h(old, max(share, old))) for share in new)
    effect = of_rate(value, 0.0, asked.thresholds, effects.rate_floor(n1, n2, 2))._replace(
        name="tail", within=max(most - value, value - least),
        words=f"Cohen's h of the share of values {_SIDES[side]} {number(place)}",
        said=f"{percent(old)} → {percent(new[1])} of the values {_SIDES[side]} {number(place)}",
    )  # fmt: skip
    return Aspect(TAILS, p, int(min(n1, n2)), (effect,), aside=True)
