"""What chance explains is no finding, and no words say two things at once."""

import numpy as np
import polars as pl

from tests.datasets.drift.judged import beside, column, findings
from workbench.datasets.drift.report import Shape
from workbench.datasets.drift.wording import moved


def test_few_rows_without_what_is_rare_raise_no_finding() -> None:
    """A row that is there misses nothing, and 25 rows cannot hold every category."""
    chance = np.random.default_rng(1)
    holes = [None if one < 0.054 else one for one in chance.random(4_000)]
    assert findings(column(holes, [0.5])) == {}
    rare = [f"k{k}" for k in chance.zipf(2, 4_000) % 9]
    assert findings(column(rare, rare[:25])) == {}


def test_all_missing_is_said_of_few_rows_too() -> None:
    """Twenty rows without a value where every row had one are no chance."""
    found = column([1.0, 2.0] * 500, pl.Series([None] * 20, dtype=pl.Float64))
    assert "all missing" in findings(found)


def test_an_identifier_that_repeats_by_chance_is_no_finding() -> None:
    """Different texts may repeat where rows are drawn again: one does, and half of them do not."""
    reference = pl.DataFrame({"x": [f"n{k}" for k in range(350)]})
    for repeated, told in ((1, 0), (100, 1)):
        names = [f"m{max(k, repeated)}" for k in range(350)]
        found = beside(reference, pl.DataFrame({"x": names})).chunks[0].findings
        assert len([one for one in found if one.kind == "identifier"]) == told


def test_words_do_not_contradict_themselves() -> None:
    """The median went down a little, and the low end up: the one is told as an exception."""
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    shape = Shape(
        at=at, reference_quantiles=(100, 500, 780, 900, 1_000),
        current_quantiles=(300, 520, 779, 900, 1_000), scale=360.0,
    )  # fmt: skip
    assert moved(shape) == "median 780 → 779 (-0.0028 of its spread), but higher at the low end"
