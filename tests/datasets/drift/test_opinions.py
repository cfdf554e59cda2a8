"""Second opinions on all columns at once."""

import numpy as np
import polars as pl
import pytest

from workbench.datasets.drift.classifying import auc_of
from workbench.datasets.drift.monitor import DOMAIN_CLASSIFIER, PCA
from workbench.datasets.drift.opinions import KINDS, opinions
from workbench.datasets.drift.report import Opinion
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import IDENTIFIER
from workbench.datasets.reading import of_frame
from workbench.errors import StoppedError, UsageError


def table(rows: int, seed: int, *, together: float = 0.9, shift: float = 0.0) -> pl.DataFrame:
    """Return rows whose two first columns go together that much."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=rows) + shift
    y = together * x + np.sqrt(1 - together**2) * generator.normal(size=rows)
    return pl.DataFrame(
        {
            "x": x,
            "y": y,
            "z": x + y + generator.normal(size=rows),
            "c": generator.choice(["a", "b", "c"], rows),
            "k": generator.integers(0, 4, rows),
        }
    )


def asked(reference: pl.DataFrame, current: pl.DataFrame, **more: object) -> dict[str, Opinion]:
    """Return both opinions by kind."""
    made = opinions(KINDS, of_frame(reference), of_frame(current), **more)  # type: ignore[arg-type]
    return {one.kind: one for one in made}


def test_no_opinion_alarms_where_nothing_moved() -> None:
    """Two draws of one table cannot be told apart, whatever is drawn."""
    for seed in range(2):
        found = asked(table(800, seed), table(800, 100 + seed))
        assert not [one.kind for one in found.values() if one.alarm]
        assert found[DOMAIN_CLASSIFIER].low < 0.5 < found[DOMAIN_CLASSIFIER].high + 0.03


def test_columns_that_come_apart_are_seen_where_each_alone_is_as_before() -> None:
    """The reason for second opinions: every single column is distributed as it was."""
    found = asked(table(2000, 1), table(2000, 2, together=-0.9).with_columns(z=table(2000, 1)["z"]))
    assert found[PCA].alarm
    assert found[PCA].value > found[PCA].high
    assert found[DOMAIN_CLASSIFIER].alarm
    assert found[DOMAIN_CLASSIFIER].low > Thresholds().auc


def test_the_classifier_names_what_tells_most() -> None:
    """A shift of one column is found there."""
    moved = table(1500, 2).with_columns(c=pl.lit("d"))
    words = asked(table(1500, 1), moved)[DOMAIN_CLASSIFIER].words
    assert words.endswith("mostly by c")


def test_one_wild_value_does_not_hide_what_moved() -> None:
    """Nor does it make an alarm of its own."""
    wild = table(2000, 1)
    wild[7, "x"] = 1e300
    assert asked(wild, table(2000, 2, together=-0.9))[PCA].alarm
    assert not asked(wild, table(2000, 2))[PCA].alarm


def test_identifiers_and_times_tell_nothing() -> None:
    """Rows are of later days and of higher numbers without any drift."""
    before, now = (
        table(1500, seed).with_columns(
            id=pl.int_range(first, first + 1500),
            code=pl.int_range(first, first + 1500).shuffle(seed),
            t=pl.datetime_range(
                pl.datetime(2013 + seed, 1, 1), pl.datetime(2014 + seed, 1, 1), "1h", eager=True
            ).head(1500),
        )
        for seed, first in ((1, 0), (2, 10_000))
    )
    assert not asked(before, now, roles={"code": IDENTIFIER})[DOMAIN_CLASSIFIER].alarm
    assert asked(before, now, roles={"code": "number"})[DOMAIN_CLASSIFIER].alarm
    assert not asked(before, now, exclude=["code"])[DOMAIN_CLASSIFIER].alarm
    assert asked(before, now, only=["code"], roles={"code": "number"})[DOMAIN_CLASSIFIER].alarm


def test_rows_that_repeat_are_not_told_by_heart() -> None:
    """Each side repeats its own rows ten times; that is no drift."""
    before, now = (pl.concat([table(150, seed)] * 10) for seed in (1, 2))
    assert not asked(before, now)[DOMAIN_CLASSIFIER].alarm


def test_missing_values_and_new_categories_are_no_obstacle() -> None:
    """Nulls, NaN and infinities stand on both sides, and a column of nothing else."""
    odd = table(600, 1).with_columns(
        x=pl.when(pl.col("k") > 0).then("x"),
        y=pl.when(pl.col("k") > 1).then(pl.lit(float("inf"))).otherwise("y"),
        c=pl.when(pl.col("k") > 2).then(pl.lit("new")),
        nothing=pl.lit(None, pl.Float64),
    )
    for before, now in ((odd, table(600, 2)), (table(600, 2), odd), (odd, odd)):
        assert not any(one.reason for one in asked(before, now).values())


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (table(20, 1), table(500, 2)),
        (table(500, 1), table(20, 2)),
        (table(500, 1), table(500, 1).select(other="x")),
        (table(0, 1), table(0, 2)),
    ],
)
def test_there_is_a_reason_where_there_is_no_opinion(
    before: pl.DataFrame, now: pl.DataFrame
) -> None:
    """Too few rows, and no column in common."""
    for one in asked(before, now).values():
        assert one.reason
        assert not one.alarm
        assert one.value is None


def test_a_table_of_equal_rows_has_no_opinion() -> None:
    """Nothing varies, and there is nothing to learn."""
    same = pl.DataFrame({"x": [1.0] * 500, "c": ["a"] * 500, "y": [2.5] * 500})
    for one in asked(same, same).values():
        assert one.reason
        assert not one.alarm


def test_the_same_seed_gives_the_same_opinion() -> None:
    """Also where rows are drawn."""
    before, now = table(30_000, 1), table(30_000, 2)
    pca = [
        opinions([PCA], of_frame(before), of_frame(now), seed=seed)[0].value for seed in (5, 5, 6)
    ]
    assert pca[0] == pca[1] != pca[2]


def test_the_threshold_of_the_auc_is_the_persons() -> None:
    """What one team lets pass another does not."""
    before, now = table(800, 1), table(800, 2, shift=0.6)
    low = asked(before, now)[DOMAIN_CLASSIFIER].low
    for limit, alarm in ((low - 0.01, True), (low + 0.01, False)):
        found = asked(before, now, thresholds=Thresholds(auc=limit))
        assert found[DOMAIN_CLASSIFIER].alarm is alarm


@pytest.mark.parametrize("after", [0, 1, 2, 5, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_an_opinion_stops_where_a_person_wants_it_to(kind: str, after: int) -> None:
    """Between the steps of either."""
    turns = iter(range(1_000_000))
    sides = of_frame(table(500, 1)), of_frame(table(500, 2))
    with pytest.raises(StoppedError):
        opinions([kind], *sides, stopped=lambda: next(turns) >= after)


def test_an_unknown_opinion_is_refused() -> None:
    """With the names of those there are."""
    with pytest.raises(UsageError, match="'oracle'") as caught:
        opinions(["oracle"], of_frame(table(5, 1)), of_frame(table(5, 1)))
    assert "domain classifier" in caught.value.hint


def test_the_area_and_its_variance_are_those_of_pairs() -> None:
    """By ranks as by counting every pair, ties as one half."""
    generator = np.random.default_rng(2)
    scores = np.round(generator.normal(size=60), 1)
    positive = generator.random(60) < 0.4
    yes, no = scores[positive], scores[~positive]
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    variance = wins.mean(1).var(ddof=1) / len(yes) + wins.mean(0).var(ddof=1) / len(no)
    assert auc_of(scores, positive) == pytest.approx((wins.mean(), variance))
