"""Whether a repetition came out the same."""

import math

import pytest

from workbench.runs.repeated import repeated

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("then", "now", "tolerance", "holds"),
    [
        (0.5, 0.5, None, True), (0.5, 0.5 + 1e-12, None, True), (0.5, 0.5001, None, False),
        (0.5, 0.509, 0.01, True), (0.5, 0.511, 0.01, False), (0.0, 0.0, None, True),
        (NAN, NAN, None, True), (NAN, 0.5, 1.0, False), (INF, INF, None, True),
        (INF, -INF, 1.0, False), (1e300, 1e300 * (1 + 1e-12), None, True), (-2.0, -2.0, 0.0, True),
    ],
)  # fmt: skip
def test_the_tolerance_decides(then, now, tolerance, holds):
    """Within the tolerance is the same; without one, rounding alone is forgiven."""
    given = {} if tolerance is None else {"auc": tolerance}
    (found,) = repeated(["auc"], {"auc": then}, {"auc": now}, given)
    assert found.holds is holds
    assert found.given is (tolerance is not None)


def test_a_metric_that_was_not_logged_again_is_not_the_same():
    """What is missing on either side is not reproduced, whatever the tolerance."""
    gone, new = repeated(["a", "b"], {"a": 1.0}, {"b": 1.0}, {"a": 9.0, "b": 9.0})
    assert not gone.holds
    assert not new.holds
    assert gone.difference is None
