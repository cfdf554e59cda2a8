"""Better, not worse, worse or cannot tell: never a confident wrong number."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from tests.datasets.answering import frame, many, numbers, said
from workbench.datasets.challenge import Verdict, compare
from workbench.datasets.measuring import mcnemar
from workbench.datasets.pairing import pair
from workbench.datasets.scoring import METRICS
from workbench.errors import UsageError
from workbench.registry import check_options

GOOD, POOR = frame(2000, noise=0.3), frame(2000, noise=3.0, seed=2)


def _compare(one: pl.DataFrame, other: pl.DataFrame, metric: str, **options: object) -> Verdict:
    return compare(said(one), said(other), metric=metric, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "metric", [name for name, one in METRICS.items() if one.needs != "numbers"]
)
def test_a_clearly_better_version_is_better_and_the_other_worse(metric: str) -> None:
    """Whichever way the metric is good."""
    up, down = _compare(POOR, GOOD, metric), _compare(GOOD, POOR, metric)
    assert (up.verdict, down.verdict) == ("better", "worse")
    assert up.difference == pytest.approx(-down.difference)
    assert (up.difference > 0) == METRICS[metric].greater_is_better
    assert up.low < up.difference < up.high
    assert up.sentence.startswith(f"Better: {metric} ")


@pytest.mark.parametrize("metric", ["rmse", "mae", "r2"])
def test_numbers_are_compared_in_their_own_direction(metric: str) -> None:
    """A smaller error is better, a larger r2 is."""
    good, poor = numbers(noise=1.0), numbers(noise=2.0, seed=2)
    assert _compare(poor, good, metric).verdict == "better"
    assert _compare(good, poor, metric).verdict == "worse"


def test_a_margin_turns_a_small_loss_into_not_worse() -> None:
    """Within the margin means the whole interval is."""
    one, other = frame(2000), frame(2000, seed=2)
    found = _compare(one, other, "roc_auc", margin=0.1)
    assert found.verdict == "not worse"
    assert found.sentence.startswith("Not worse within 0.1: roc_auc ")
    assert _compare(one, other, "roc_auc", margin=0.0).verdict == "cannot tell"


def test_worse_means_worse_than_the_margin() -> None:
    """A loss that is sure, and may be within the margin or not, cannot be told yet."""
    loss = _compare(GOOD, POOR, "accuracy").difference
    assert _compare(GOOD, POOR, "accuracy", margin=-loss).verdict == "cannot tell"
    assert _compare(GOOD, POOR, "accuracy", margin=-loss / 2).verdict == "worse"


def test_about_how_many_rows_it_would_take_is_about_right() -> None:
    """With as many rows as were said, and the same difference, it is decided."""
    few = _compare(frame(300, noise=1.0), frame(300, noise=0.8, seed=2), "log_loss")
    assert few.verdict == "cannot tell"
    assert few.about_rows_needed is not None
    assert len(str(few.about_rows_needed).rstrip("0")) == 1
    assert f"About {few.about_rows_needed:,} rows would be needed" in few.sentence
    times = few.about_rows_needed // 300 + 1
    one, other = (
        pl.concat([frame(300, noise=noise, seed=seed)] * times).with_columns(
            row_id=pl.int_range(pl.len())
        )
        for noise, seed in ((1.0, 1), (0.8, 2))
    )
    assert _compare(one, other, "log_loss").verdict != "cannot tell"


def test_too_few_rows_are_too_few() -> None:
    """Below twenty there is no interval."""
    found = _compare(frame(19, noise=0.1), frame(19, noise=5, seed=2), "accuracy")
    assert (found.verdict, found.about_rows_needed) == ("cannot tell", 20)
    assert np.isnan(found.low)
    assert "19 rows are too few: at least 20 are needed." in found.sentence


@pytest.mark.parametrize("metric", ["accuracy", "f1", "log_loss", "roc_auc"])
def test_one_class_alone_says_nothing(metric: str) -> None:
    """There is no area under the curve of one class, and accuracy there is of that class only."""
    one, other = (table.with_columns(label=pl.lit(0)) for table in (GOOD, POOR))
    found = _compare(one, other, metric)
    assert found.verdict == "cannot tell"
    assert "All labels are '0'" in found.sentence
    assert np.isnan(found.difference)


def test_a_class_with_hardly_any_rows_is_named() -> None:
    """A metric by class needs some of each."""
    rare = pl.when(pl.int_range(pl.len()) < 4).then(1).otherwise(0)
    one, other = (table.head(400).with_columns(label=rare) for table in (GOOD, POOR))
    found = _compare(one, other, "roc_auc")
    assert (found.verdict, found.about_rows_needed) == ("cannot tell", 1000)
    assert "Class '1' has 4 rows: at least 10 are needed." in found.sentence
    assert _compare(one, other, "accuracy").verdict != "cannot tell"


def test_labels_without_variance_have_no_r2() -> None:
    """It would be a division by nothing."""
    one, other = (table.with_columns(label=pl.lit(1.0)) for table in (numbers(), numbers(seed=2)))
    found = _compare(one, other, "r2")
    assert found.verdict == "cannot tell"
    assert "All labels are the same number" in found.sentence


def test_the_interval_of_a_difference_without_spread_is_the_point() -> None:
    """Every error larger by exactly one is worse by one."""
    base = numbers(500).with_columns(prediction=pl.col("label") + 1)
    other = base.with_columns(pl.col("prediction") + 1)
    worse, better = _compare(base, other, "mae"), _compare(other, base, "mae")
    assert (worse.verdict, better.verdict) == ("worse", "better")
    assert worse.low == worse.high == worse.difference == pytest.approx(1.0)
    assert "mae 1 → 2, +1 [1, 1] at 95% on 500 rows" in worse.sentence
    few = [table.head(19) for table in (other, base)]
    assert _compare(*few, "mae").verdict == "cannot tell"


def test_no_difference_in_any_resample_is_not_certainty_that_there_is_none() -> None:
    """Two scores that order all rows may differ in the next, and a row moves an error any far."""
    base = frame(200).with_columns(prediction=pl.col("label") + 0.5).drop("probability_0")
    other = base.with_columns(pl.col("prediction") * 2, probability_1=pl.col("label") * 0.9)
    base = base.with_columns(probability_1=pl.col("label") * 0.8)
    found = _compare(base, other, "roc_auc")
    assert (found.verdict, found.difference) == ("cannot tell", 0.0)
    assert "the same roc_auc whichever of the rows are drawn" in found.sentence
    assert _compare(base, other, "roc_auc", margin=0.2).verdict == "not worse"
    up, down = (numbers().with_columns(prediction=pl.col("label") + by) for by in (1, -1))
    assert _compare(up, down, "mae", margin=0.2).verdict == "cannot tell"


def test_versions_that_answer_alike_are_not_worse_where_rows_enough_say_so() -> None:
    """What never happened in n rows may happen in 3/n of all: 2,000 rows bound it, 100 do not."""
    found = _compare(GOOD, GOOD, "accuracy", margin=0.01)
    assert (found.verdict, found.difference) == ("not worse", 0.0)
    assert "Both versions answer all 2,000 rows alike." in found.sentence
    few = _compare(GOOD.head(100), GOOD.head(100), "accuracy", margin=0.01)
    assert (few.verdict, few.about_rows_needed) == ("cannot tell", 600)
    assert _compare(GOOD, GOOD, "log_loss", margin=0.01).verdict == "cannot tell"


def test_rows_are_paired_by_id_and_those_of_one_side_counted() -> None:
    """Order does not matter, and nothing is left out silently."""
    late = pl.when(pl.col("row_id") < 20).then(None).otherwise(pl.col("label")).alias("label")
    one = GOOD.filter(pl.col("row_id") >= 5).with_columns(late)
    other = (
        POOR.filter(pl.col("row_id") < 1990)
        .drop("label")
        .sample(fraction=1.0, shuffle=True, seed=1)
    )
    found = _compare(one, other, "accuracy")
    assert (found.only_champion, found.only_challenger, found.unlabelled) == (10, 5, 15)
    assert found.n == 1970
    expected = (GOOD["prediction"] == GOOD["label"])[20:1990].mean()
    assert found.champion == pytest.approx(expected)
    assert "10 rows only of the champion, 5 rows only of the challenger" in found.sentence


@pytest.mark.parametrize("turned", [False, True])
def test_rows_that_one_side_left_out_are_no_comparison(turned: bool) -> None:
    """The three hundred rows a version got right say nothing of it, and nor do all but one."""
    right = POOR.filter(pl.col("prediction") == pl.col("label"))
    for part in (right.head(300), POOR.head(1999)):
        sides = (part, GOOD) if turned else (GOOD, part)
        found = _compare(*sides, "accuracy", margin=0.9)
        assert (found.verdict, found.about_rows_needed) == ("cannot tell", None)
        assert "Both must have answered the same rows" in found.sentence
    assert _compare(GOOD, POOR, "accuracy", margin=0.9).verdict == "not worse"


def test_labels_that_one_side_picked_are_no_comparison() -> None:
    """Labels of some rows count where both files know the same ones."""
    right = pl.when(pl.col("prediction") == pl.col("label")).then(pl.col("label")).alias("label")
    picked, half = POOR.with_columns(right), pl.when(pl.col("row_id") < 900).then(pl.col("label"))
    for sides in ((GOOD.drop("label"), picked), (picked, GOOD.drop("label"))):
        found = _compare(*sides, "accuracy", margin=0.9)
        assert found.verdict == "cannot tell"
        assert "must label the same rows" in found.sentence
    assert _compare(GOOD, picked, "accuracy", margin=0.9).verdict == "not worse"
    fair = [table.with_columns(half.alias("label")) for table in (GOOD, POOR)]
    assert _compare(*fair, "accuracy", margin=0.9).verdict == "not worse"


@pytest.mark.parametrize("metric", ["f1", "roc_auc", "average_precision", "brier"])
def test_which_of_two_classes_counts_is_said(metric: str) -> None:
    """Also, and above all, where nobody named it."""
    told = _compare(GOOD, POOR, metric).numbers
    assert told.endswith(", positive class '1' (the last; none is named)")
    assert _compare(GOOD, POOR, metric, positive="0").numbers.endswith(", positive class '0'")
    assert "positive class" not in _compare(GOOD, POOR, "accuracy").numbers


def test_labels_that_disagree_are_refused() -> None:
    """Then the rows are not the same rows."""
    other = POOR.with_columns(label=1 - pl.col("label"))
    with pytest.raises(UsageError, match="labels of 2,000 rows are not the same"):
        _compare(GOOD, other, "accuracy")


@pytest.mark.parametrize(
    ("other", "metric", "sentence"),
    [
        (GOOD, "auc", "There is no metric 'auc'."),
        (GOOD.with_columns(pl.col("row_id") + 10_000), "accuracy", "no row_id in common"),
        (GOOD.drop("probability_0", "probability_1"), "log_loss", "needs a column probability_1"),
        (GOOD.with_columns(prediction=pl.col("probability_1")), "f1", "f1 needs classes"),
        (GOOD.with_columns(pl.col("row_id").cast(pl.String)), "f1", "holds whole numbers in"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_sentence(
    other: pl.DataFrame, metric: str, sentence: str
) -> None:
    """A wrong name, ids that do not meet, columns that are missing."""
    with pytest.raises(UsageError, match=sentence):
        _compare(GOOD, other, metric)


def test_the_settings_know_every_metric_there_is() -> None:
    """They are read where nothing of predictions is loaded."""
    assert tuple(METRICS) == check_options.METRICS


def test_missing_labels_a_wrong_margin_and_a_wrong_segment_are_said() -> None:
    """Each before anything is reckoned."""
    with pytest.raises(UsageError, match="Neither file has a label"):
        _compare(GOOD.drop("label"), POOR.drop("label"), "accuracy")
    for empty in (pl.lit(None), pl.lit(None, dtype=pl.Int64)):
        one, other = (table.with_columns(label=empty) for table in (GOOD, POOR))
        with pytest.raises(UsageError, match=r"None of the 2,000 rows|Neither file has a label"):
            _compare(one, other, "roc_auc")
        assert _compare(one, POOR, "accuracy").n == 2000
    with pytest.raises(UsageError, match="A margin is 0 or more"):
        _compare(GOOD, POOR, "accuracy", margin=float("nan"))
    with pytest.raises(UsageError, match="no column 'nowhere' to be a segment"):
        _compare(GOOD, POOR, "accuracy", segments=("nowhere",))
    with pytest.raises(UsageError, match="holds Float64"):
        _compare(GOOD, POOR, "accuracy", segments=("probability_1",))
    wide = GOOD.with_columns(id=pl.col("row_id"))
    with pytest.raises(UsageError, match="has 2,000 values"):
        _compare(wide, POOR, "accuracy", segments=("id",))


def test_the_same_seed_gives_the_same_interval() -> None:
    """A gate that is asked twice says the same."""
    one, two, other = (_compare(GOOD, POOR, "roc_auc", seed=seed) for seed in (0, 0, 1))
    assert (one.low, one.high) == (two.low, two.high) != (other.low, other.high)


def test_a_score_is_ranked_whatever_its_scale() -> None:
    """Area and average precision need an order, not probabilities."""
    named = pl.col("label").replace_strict([0, 1], ["no", "yes"])
    one, other = (
        table.select(
            "row_id", named, prediction=pl.col("probability_1") * 100 - 3,
        )
        for table in (POOR, GOOD)
    )  # fmt: skip
    by_score, by_share = _compare(one, other, "roc_auc"), _compare(POOR, GOOD, "roc_auc")
    assert by_score.challenger == pytest.approx(by_share.challenger)
    turned = _compare(one, other, "roc_auc", positive="no")
    assert turned.challenger == pytest.approx(1 - by_score.challenger)
    with pytest.raises(UsageError, match="There is no class 'maybe'"):
        _compare(one, other, "roc_auc", positive="maybe")


def test_one_probability_says_both_of_two_classes() -> None:
    """The other is what is left."""
    single = GOOD.drop("probability_0")
    assert _compare(POOR, single, "log_loss").challenger == pytest.approx(
        _compare(POOR, GOOD, "log_loss").challenger
    )


def test_labels_of_true_and_false_and_decimals_name_their_classes() -> None:
    """However Python prints a class in a column's name."""
    yes = GOOD.with_columns(pl.col("label", "prediction").cast(pl.Boolean)).rename(
        {"probability_0": "probability_False", "probability_1": "probability_True"}
    )
    assert _compare(
        yes, yes.with_columns(probability_True=1 - pl.col("probability_False")), "brier"
    )
    plain = _compare(POOR, GOOD, "log_loss").champion
    floats = POOR.with_columns(pl.col("label").cast(pl.Float64))
    assert _compare(floats, GOOD, "log_loss").champion == pytest.approx(plain)


def test_mcnemar_is_the_mid_p_of_the_discordant_rows() -> None:
    """Held against the exact test: the mid-p is it without half of the point itself."""
    pairs = pair(GOOD, POOR, METRICS["accuracy"])
    one = pairs.champion.prediction == pairs.champion.label
    other = pairs.challenger.prediction == pairs.challenger.label
    few = int((other & ~one).sum())
    discord = int((other != one).sum())
    exact = binomtest(few, discord, 0.5)
    at = binomtest(few, discord, 0.5, alternative="less").pvalue
    below = binomtest(few - 1, discord, 0.5, alternative="less").pvalue
    assert mcnemar(pairs.champion, pairs.challenger) == pytest.approx(exact.pvalue - (at - below))
    assert mcnemar(pairs.champion, pairs.champion) == 1.0
    assert _compare(GOOD, POOR, "roc_auc").mcnemar_p is None


def test_as_many_rows_that_only_each_gets_right_leave_half_the_point() -> None:
    """One row each: the exact test says 1, the mid-p takes away half of 1/2."""
    base = GOOD.head(30).with_columns(prediction=pl.col("label"))
    one, other = (
        base.with_columns(
            prediction=pl.when(pl.col("row_id") == row).then(1 - pl.col("label")).otherwise("label")
        )
        for row in (3, 4)
    )
    pairs = pair(one, other, METRICS["accuracy"])
    assert mcnemar(pairs.champion, pairs.challenger) == pytest.approx(0.75)


def test_the_worst_segment_is_found_and_says_of_how_many() -> None:
    """A version that is better on the whole may fail a region."""
    wrong = (1 - pl.col("label")).alias("prediction")
    south = pl.col("region") == "south"
    broken = GOOD.with_columns(
        pl.when(south).then(wrong).otherwise(pl.col("label")).alias("prediction")
    )
    found = _compare(POOR, broken, "accuracy", segments=("region",)).worst_segment
    assert found is not None
    assert (found.column, found.value, found.looked_at) == ("region", "south", 3)
    assert found.n == GOOD.filter(south).height
    assert found.high < 0
    single = _compare(POOR.filter(south), broken.filter(south), "accuracy", segments=())
    assert found.difference == pytest.approx(single.difference)
    assert found.high - found.low > single.high - single.low


def test_small_segments_are_not_judged() -> None:
    """Below thirty rows a group's metric is mostly noise."""
    rare = pl.when(pl.col("row_id") < 29).then(pl.lit("rare")).otherwise(pl.lit("other"))
    one, other = (table.with_columns(group=rare) for table in (GOOD, POOR))
    found = _compare(one, other, "accuracy", segments=("group",)).worst_segment
    assert found is not None
    assert (found.value, found.looked_at) == ("other", 1)


def test_segments_named_by_the_files_are_looked_at_and_empty_cells_are_a_group() -> None:
    """A group nobody filled in may be the one that fails."""
    gone = pl.when(pl.col("row_id") % 2 == 0).then(pl.col("region")).alias("region")
    one, other = (said(table.with_columns(gone), segments=("region",)) for table in (GOOD, POOR))
    found = compare(one, other, metric="accuracy").worst_segment
    assert found is not None
    assert found.looked_at == 4
    assert compare(one, other, metric="accuracy", segments=()).worst_segment is None


def test_many_classes_are_compared_and_too_many_refused() -> None:
    """A ranking of four classes is the mean of each against the rest."""
    assert _compare(many(seed=1), many(seed=2), "roc_auc").n == 600
    ids = GOOD.with_columns(label=pl.col("row_id"), prediction=pl.col("row_id"))
    with pytest.raises(UsageError, match="2,000 classes"):
        _compare(ids, ids, "accuracy")


@pytest.mark.parametrize(("metric", "rows"), [("accuracy", 40), ("brier", 40), ("roc_auc", 80)])
def test_the_interval_holds_the_true_difference_about_as_often_as_it_says(
    metric: str, rows: int
) -> None:
    """Of 300 experiments of one population the 95 % interval misses some 15, give or take."""
    world = frame(300 * rows, noise=0.5), frame(300 * rows, noise=1.5, seed=2)
    true = _compare(*world, metric, resamples=50).difference
    held = 0
    for first in range(0, 300 * rows, rows):
        found = _compare(*(table.slice(first, rows) for table in world), metric, resamples=400)
        held += found.low <= true <= found.high
    assert 0.92 * 300 <= held <= 0.99 * 300
