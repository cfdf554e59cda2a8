"""Distances between stored profiles, against what scipy told of the rows, on eight real pairs."""

import pytest

from tests.datasets.profiling.tables import NAMES, TOLD, frame, summary
from workbench.datasets.diffing import Distance, profile_deltas


@pytest.mark.parametrize("pair", NAMES)
def test_distances_are_those_of_the_rows_within_what_is_told(pair: str) -> None:
    """KS D within the bound beside it, the total variation distance exactly; chance as p says."""
    old, new = (summary(frame(pair, side), correlations=False) for side in ("ref", "cur"))
    found = {one.column: one for one in profile_deltas(old, new)}
    seen = 0
    for name, told in TOLD[pair].items():
        for distance in found[name].distances if name in found else ():
            seen += _is_as_told(distance, told)
    assert seen


def _is_as_told(distance: Distance, told: dict[str, float]) -> bool:
    """Compare a distance with what scipy said; say whether scipy said anything of it."""
    if distance.measure == "KS D" and "ks_D" in told:
        assert abs(distance.size - told["ks_D"]) <= distance.within + 1e-9
        p = told["ks_p_asymp"]
    elif distance.measure == "TVD" and "tvd" in told:
        assert distance.size == pytest.approx(told["tvd"], abs=1e-9)
        p = told["chi2_p"]
    else:
        return False
    if not 0.01 < p < 0.2:  # near the line the bound and rare values decide
        assert distance.chance == (p > 0.05)
    return True
