"""What measures on request are off by, held against scipy on shapes that are hard for points."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.datasets.drift.judged import column, measure

Values = NDArray[np.float64]
MEASURES = ("anderson_darling", "cramer_von_mises", "energy")


def shapes(name: str, seed: int) -> tuple[Values, Values]:
    """Return two samples of a shape."""
    chance = np.random.default_rng(seed)
    one, two = chance.standard_normal(3_000), chance.standard_normal(2_000)
    made = {
        "normal": (one, two + 0.3), "same": (one, two), "heavy": (one**5, 2 * two**5),
        "lognormal": (np.exp(2 * one), np.exp(2 * two) * 1.3),
        "clumped": (np.round(one, 1) + 1e-9 * one, np.round(two, 1)),
        "zeros": (np.where(one < 0.5, 0, one), np.where(two < 0.3, 0, two)),
        "few": (one[:40], two[:90] + 1),
    }  # fmt: skip
    return made[name]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "name", ["normal", "same", "heavy", "lognormal", "clumped", "zeros", "few"]
)
@pytest.mark.parametrize("seed", range(3))
def test_measures_on_request_are_within_what_they_say(name: str, seed: int) -> None:
    """The figure of scipy lies within the bound of the one that is read off points."""
    one, two = shapes(name, seed)
    found = column(one, two, measures=MEASURES, roles={"x": "number"})
    energy = measure(found, "energy")
    assert abs(energy.value - stats.energy_distance(one, two)) <= energy.within + 1e-9
    darling = measure(found, "anderson_darling")
    told = stats.anderson_ksamp([one, two], variant="midrank").statistic
    assert abs(darling.value - told) <= darling.within + 1e-6
    mises = measure(found, "cramer_von_mises")
    assert abs(mises.value - in_the_middle(one, two)) <= mises.within + 1e-9
    if name == "few":
        assert (energy.within, darling.within, mises.within) == (0, 0, 0)
    if name == "normal":
        assert max(one.within / one.value for one in (energy, darling, mises)) < 0.4


def in_the_middle(one: Values, two: Values) -> float:
    """Return T with ranks of ties in their middle, which is scipy's where there are none."""
    both = np.concatenate([one, two])
    ordered = [np.sort(one), np.sort(two)]
    ranks = [
        (side.searchsorted(both, "left") + side.searchsorted(both, "right")) / 2 for side in ordered
    ]
    return float(
        len(one) * len(two) / len(both) ** 2
        * ((ranks[0] / len(one) - ranks[1] / len(two)) ** 2).sum()
    )  # fmt: skip
