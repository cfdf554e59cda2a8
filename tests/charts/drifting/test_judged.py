"""Plots of what a check really found: they show what was judged, no more and no less."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from workbench.charts.drifting import KINDS, figure_of, kinds_for
from workbench.charts.drifting.curves import gap_of
from workbench.charts.drifting.shifting import shift_of
from workbench.charts.figure_canvas import draw_figure
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Part
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame

ROWS = 1500


def table(shift, seed):
    """Return rows of every kind of column, moved by so much."""
    draw = np.random.default_rng(seed)
    day = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    missing = draw.random(ROWS) < 0.02 + 0.4 * shift
    kinds = np.array(["a", "b", "c", "\x1b[31mnew"])
    return pl.DataFrame({
        "normal": draw.normal(shift, 1, ROWS),
        "tailed": draw.standard_t(2, ROWS) + shift,
        "count": draw.poisson(40 + 8 * shift, ROWS),
        "huge": draw.normal(shift, 1, ROWS) * 1e300,
        "tiny": draw.normal(shift, 1, ROWS) * 1e-300,
        "missing": np.where(missing, np.nan, draw.normal(0, 1, ROWS)),
        "kind": kinds[draw.integers(0, 3 + round(shift), ROWS)],
        "flag": draw.random(ROWS) < 0.2 + 0.5 * shift,
        "constant": [3.0 + shift] * ROWS,
        "moment": [day + dt.timedelta(hours=int(n)) for n in draw.integers(0, 2000, ROWS)],
    })  # fmt: skip


@pytest.fixture(scope="module")
def judged():
    """Return the columns of a check of data that moved by one deviation."""
    before, now = (profile(of_frame(table(*one))) for one in ((0.0, 1), (1.0, 2)))
    found = judge(before, [Part("now", now)])
    return {column.name: column for column in found.chunks[0].columns}


def test_the_gap_that_is_drawn_is_the_one_that_was_tested(judged):
    """Exact values say how far apart both curves are where the mark stands.

    Of whole numbers a share is known as far as two quantiles that a report keeps are apart.
    """
    for name in ("normal", "tailed", "count", "huge", "tiny"):
        gap = gap_of(judged[name])
        one, other = (table(*side)[name].to_numpy() for side in ((0.0, 1), (1.0, 2)))
        exact = [float((side <= gap.at).mean()) for side in (other, one)]
        assert [gap.low, gap.high] == pytest.approx(exact, abs=0.026), name
        assert gap.size == pytest.approx(exact[1] - exact[0], abs=gap.within + 0.01), name


def test_the_shift_that_is_drawn_is_that_of_the_values(judged):
    """At the median, in robust scales, whatever the size of the numbers."""
    for name in ("normal", "huge", "tiny"):
        found = shift_of(judged[name])
        one, other = (table(*side)[name].to_numpy() for side in ((0.0, 1), (1.0, 2)))
        middle = float(found.by[np.abs(found.at - 50).argmin()])
        exact = (np.median(other) / found.scale) - (np.median(one) / found.scale)
        assert middle == pytest.approx(exact, abs=0.02), name


def test_every_column_is_drawn(judged):
    """All plots that are offered show something at any size; what has none says why."""
    assert kinds_for(judged["missing"])[0] == "missing"
    assert kinds_for(judged["kind"])[0] == "categories"
    for column in judged.values():
        for kind in KINDS:
            figure = figure_of(column, kind)
            assert bool(figure.empty) is (kind not in kinds_for(column)), (column.name, kind)
            for width, height in ((40, 8), (80, 10), (150, 30)):
                text = draw_figure(figure, width=width, height=height).text
                assert "\x1b" not in text
                assert not figure.empty or figure.empty.split()[0] in text
