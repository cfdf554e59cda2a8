"""Parts are compared together: with the figures each has alone, with progress, until stopped."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from tests.datasets.drift.judged import named, profiled
from workbench.datasets.drift.judging import MEASURES, judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import ColumnDrift
from workbench.datasets.fields import Fields
from workbench.errors import StoppedError

SCALES = (1.0, 1.0, 1e300, 1.0, 1e-200)
"""Of the parts: some so far out that they are divided by a unit of their own."""


def table(seed: int, rows: int, scale: float = 1.0) -> pl.DataFrame:
    """Return a table of every kind of column, of different points and categories in each part."""
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "number": chance.standard_normal(rows) + seed / 10,
            "scaled": chance.standard_normal(rows) * scale,
            "zeros": np.where(chance.random(rows) < 0.995, 0.0, seed),
            "same": np.full(rows, 3.0),
            "count": chance.integers(0, 5 + seed, rows),
            "codes": pl.Series(chance.integers(0, 3 + seed * 9, rows)).cast(pl.String),
            "holes": pl.Series(
                np.where(chance.random(rows) < seed / 20, np.nan, 1.0 * seed), nan_to_null=True
            ),
        }
    )


def parts(*, own: bool = True) -> list[Part]:
    """Return parts of different lengths, one of which may bring its own reference."""
    made = [
        Part(str(k), profiled(table(k + 1, 150 + 300 * k, scale)), within=0.001 * k)
        for k, scale in enumerate(SCALES)
    ]
    if own:
        made[3] = replace(made[3], reference=profiled(table(9, 700)))
    return made


def close(one: float | None, two: float | None) -> bool:
    """Say whether two figures are the same but for the last digits."""
    return one == two or (one is not None and two == pytest.approx(one, rel=1e-9, abs=1e-15))


def figures(column: ColumnDrift) -> list[float | None]:
    """Return all numbers of a column that depend on no other column or part."""
    shape = column.shape
    drawn = (
        (*shape.edges, *shape.reference_shares, *shape.current_shares, *shape.reference_quantiles,
         *shape.current_quantiles, *shape.reference_parts, *shape.current_parts, shape.scale)
        if shape else ()
    )  # fmt: skip
    taken = [(one.value, one.p, one.within) for one in column.measures]
    return [column.p, column.shift, *drawn, *(value for one in taken for value in one)]


@pytest.mark.parametrize("hidden", [(), ("number", "codes", "zeros")])
@pytest.mark.parametrize("own", [True, False])
def test_a_part_has_the_figures_it_has_alone(hidden: tuple[str, ...], *, own: bool) -> None:
    """Whatever stands in the other rows: other lengths, points, units, references."""
    reference = profiled(table(0, 900), fields=Fields(sensitive=hidden))
    whole = judge(reference, parts(own=own), measures=MEASURES)
    for k, part in enumerate(parts(own=own)):
        single = judge(reference, [part], measures=MEASURES)
        for name in table(0, 30).columns:
            one, two = named(whole, name, k), named(single, name)
            assert (one.words, one.test, one.role) == (two.words, two.test, two.role)
            assert len(figures(one)) == len(figures(two))
            assert all(map(close, figures(one), figures(two))), name


def test_what_is_not_known_of_a_parts_shares_is_never_significance() -> None:
    """The part whose shares may be off by a tenth is less sure, and the one beside it is not."""
    reference, moved = profiled(table(0, 900)), profiled(table(4, 900))
    found = judge(reference, [Part("sure", moved), Part("unsure", moved, within=0.1)])
    sure, unsure = (named(found, "number", k) for k in (0, 1))
    assert sure.p is not None
    assert unsure.p is not None
    assert sure.p < 1e-6 < unsure.p
    assert sure.shape == unsure.shape


def test_each_part_is_held_against_its_own_reference() -> None:
    """As each chunk against the one before it: no figure is of another's reference."""
    frames = [table(k, 200 + 50 * k) for k in range(6)]
    chain = [
        Part(str(k), profiled(after), reference=profiled(before))
        for k, (before, after) in enumerate(pairwise(frames))
    ]
    whole = judge(None, chain, measures=MEASURES)
    for k, part in enumerate(chain):
        single = judge(None, [part], measures=MEASURES)
        for name in frames[0].columns:
            one, two = figures(named(whole, name, k)), figures(named(single, name))
            assert len(one) == len(two)
            assert all(map(close, one, two)), name


def test_one_part_that_cannot_be_compared_leaves_the_others() -> None:
    """A fault in one part's column is that part's alone."""
    made = parts()
    broken = made[1].profile
    assert broken is not None
    columns = tuple(
        type(one)(one.name, one.type, one.dtype, fault="it broke") if one.name == "number" else one
        for one in broken.columns
    )
    made[1] = replace(made[1], profile=type(broken)(broken.rows, columns, broken.schema))
    found = judge(profiled(table(0, 900)), made)
    assert named(found, "number", 1).verdict == "error"
    assert "it broke" in named(found, "number", 1).reason
    assert all(named(found, "number", k).verdict != "error" for k in (0, 2, 3, 4))


def test_progress_is_told_up_to_the_last_part() -> None:
    """Rising, and never of more than there are."""
    many, told = [Part(str(k), profiled([1.0, 2.0])) for k in range(150)], list[tuple[int, int]]()
    judge(profiled([1.0, 2.0]), many, on_part=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == (150, 150)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_judging_ends_when_it_is_asked_to(after: int) -> None:
    """Before the next column, also within the same parts."""
    with pytest.raises(StoppedError, match="nothing was kept"):
        judge(profiled(table(0, 90)), parts(), stopped=asked_often(after))


def asked_often(times: int) -> Callable[[], bool]:
    """Return a question that is answered with yes after so many times."""
    answers = iter([False] * times + [True])
    return lambda: next(answers)
