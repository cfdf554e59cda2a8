"""Verdicts of columns, of chunks and of all; what is left out; what one broken column does."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from msgspec import json
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy import stats

from tests.datasets.drift.judged import beside, column, findings, measure, named, profiled, value
from workbench.datasets.drift import comparing
from workbench.datasets.drift.judging import MEASURES, judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import ChunkDrift
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.fields import MASK, Fields
from workbench.errors import UsageError

Values = NDArray[np.float64]


def drawn(seed: int, rows: int = 1_000) -> Values:
    """Return standard normal values."""
    return np.random.default_rng(seed).standard_normal(rows)


def even(rows: int, moved: float = 0.0) -> Values:
    """Return the quantiles of a normal distribution: a sample without any chance in it."""
    return stats.norm.ppf((np.arange(rows) + 0.5) / rows) + moved


def table(seed: int, names: str = "abcdefghij", rows: int = 1_000, **moved: float) -> pl.DataFrame:
    """Return a table of normal columns, some of them moved by so many deviations."""
    return pl.DataFrame(
        {name: drawn(seed * 100 + k, rows) + moved.get(name, 0) for k, name in enumerate(names)}
    )


# -- a test and an effect ----------------------------------------------------------------


def test_what_is_significant_and_small_is_shifted() -> None:
    """A verdict needs both; without the effect it is information."""
    found = column(drawn(1, 200_000), drawn(2, 200_000) + 0.05)
    assert (found.verdict, found.q < 0.01, found.effect < 1) == ("shifted", True, True)
    assert measure(found, "wasserstein").limit == 0.1


def test_what_is_large_and_not_significant_is_stable() -> None:
    """Sixty rows a quarter of a deviation away: above the usual limit, and chance."""
    found = column(drawn(1, 60), drawn(2, 60) + 0.25)
    assert value(found, "wasserstein") > 0.1
    assert found.verdict == "stable"


def test_limits_are_raised_to_what_chance_alone_exceeds() -> None:
    """At 300 rows the index of no change is near 0.1: the limit is above that."""
    found = column(drawn(1, 300), drawn(2, 300))
    assert measure(found, "psi").limit == pytest.approx(27.877 * (2 / 300), rel=1e-3)
    assert 0.15 < measure(found, "wasserstein").limit < 0.4
    many = column(drawn(1, 50_000), drawn(2, 50_000))
    assert (measure(many, "psi").limit, measure(many, "wasserstein").limit) == (0.1, 0.1)
    levels = [str(k % 40) for k in range(400)]
    assert measure(column(levels, levels), "tvd").limit > 0.2


def test_the_floor_itself_decides() -> None:
    """Significant, above the plain limit and below the floor: shifted; above the floor: drift."""
    plain = Thresholds(q=1.0)
    found = column(even(260), even(260, 0.15), thresholds=plain)
    assert 0.1 < value(found, "wasserstein") < measure(found, "wasserstein").limit
    assert found.verdict == "shifted"
    assert column(even(260), even(260, 0.4), thresholds=plain).verdict == "drift"


def test_of_few_rows_p_alone_decides() -> None:
    """Below 200 rows what is significant is held against the plain limit, not the floor."""
    one, two = drawn(1, 120), drawn(2, 120) + 0.6
    found = column(one, two)
    assert found.q <= 0.01
    assert measure(found, "wasserstein").limit == 0.1
    assert found.verdict in ("drift", "severe")
    assert measure(column(one, drawn(3, 120)), "wasserstein").limit > 0.3


def test_severe_is_above_the_floor_too() -> None:
    """Few rows that are sure of a change are not sure of its size."""
    lower = Thresholds(q=1.0, psi_severe=0.1)
    few = column(even(120), even(120, 0.45), thresholds=lower)
    assert 0.1 < value(few, "psi") < 27.877 * (2 / 120)
    assert few.verdict == "drift"
    assert column(even(2_000), even(2_000, 0.45), thresholds=lower).verdict == "severe"


@pytest.mark.parametrize(("moved", "verdict"), [(0.0, "stable"), (0.25, "drift"), (1.0, "severe")])
def test_verdicts_rise_with_the_shift(moved: float, verdict: str) -> None:
    """Nothing, a quarter of a deviation, a whole one."""
    found = column(drawn(1, 5_000), drawn(2, 5_000) + moved)
    assert found.verdict == verdict


def test_people_choose_their_own_limits() -> None:
    """A laxer index and a laxer distance: what was drift is shifted."""
    one, two = drawn(1, 5_000), drawn(2, 5_000) + 0.25
    lax = Thresholds(psi=0.5, wasserstein=0.5)
    assert column(one, two, thresholds=lax).verdict == "shifted"
    nothing = Thresholds(q=0.0)
    assert column(one, two, thresholds=nothing).verdict == "stable"


# -- many tests --------------------------------------------------------------------------


def test_one_discovery_among_many_tests_must_be_a_greater_surprise() -> None:
    """The same column alarms alone, and not among a hundred that did not move."""
    alone = pl.DataFrame({"a": even(250)}), pl.DataFrame({"a": even(250, 0.45)})
    found = named(beside(*alone), "a")
    assert 1e-4 < found.p < 0.01
    assert found.verdict == "drift"
    others = [f"other_{k}" for k in range(99)]
    wide = [frame.with_columns([pl.Series(name, even(250)) for name in others]) for frame in alone]
    among = beside(*wide)
    assert among.tests == 200
    assert named(among, "a").p == found.p
    assert named(among, "a").q == pytest.approx(200 * found.p)
    assert named(among, "a").verdict == "stable"


def test_all_chunks_share_one_rate() -> None:
    """Q of a column grows with the chunks that are judged with it."""
    reference, moved = (
        profiled(pl.DataFrame({"a": even(250)})),
        profiled(pl.DataFrame({"a": even(250, 0.45)})),
    )
    single = judge(reference, [Part("1", moved)])
    many = judge(reference, [Part("1", moved), *[Part("", reference)] * 40])
    assert (single.tests, many.tests) == (2, 82)
    assert named(single, "a").verdict == "drift"
    assert named(many, "a").verdict == "stable"
    assert many.verdict == "stable"


def test_what_has_nothing_to_test_takes_no_share_of_the_rate() -> None:
    """Columns without a missing value on either side are no test of missing values."""
    assert beside(table(1), table(2)).tests == 20, "where they lie, and their far tails"
    holes = table(2).with_columns(
        pl.when(pl.col("a") > 2).then(None).otherwise(pl.col("a")).alias("a")
    )
    assert beside(table(1), holes).tests == 21


# -- of a chunk --------------------------------------------------------------------------


def test_the_score_is_the_importance_of_what_moved() -> None:
    """Two of ten columns drift that matter nearly as much as the others: the whole shifts."""
    weights = dict.fromkeys("abcdefghi", 1.0) | {"j": 0.9999}
    found = beside(table(1), table(2, a=0.3, b=0.3), importance=weights)
    assert found.score == pytest.approx(0.2, abs=1e-4)
    assert found.chunks[0].verdict == "shifted"
    three = beside(table(1), table(2, a=0.3, b=0.3, c=0.3), importance=weights)
    assert (three.score > 0.3 - 1e-4, three.verdict) == (True, "drift")


def test_where_nobody_says_what_matters_one_column_is_enough() -> None:
    """One of ten columns alike in importance drifts: so does the whole, and the score is 0.1."""
    found = beside(table(1), table(2, a=0.3))
    assert (found.verdict, found.score) == ("drift", pytest.approx(0.1))
    assert named(found, "a").verdict == "drift", "not severe, which would be enough anyway"


def test_importance_weighs() -> None:
    """The one column that matters drifts: the whole does; one that does not: it does not."""
    weights = {"a": 8.0, "b": 1.0, "c": 1.0}
    matters = beside(table(1), table(2, a=0.3), importance=weights)
    assert (matters.verdict, matters.score) == ("drift", pytest.approx(0.8))
    assert named(matters, "a").importance == pytest.approx(0.8)
    assert named(matters, "d").importance == 0
    little = beside(table(1), table(2, c=0.3), importance=weights)
    assert (little.verdict, little.score) == ("shifted", pytest.approx(0.1))


def test_a_severe_column_among_the_most_important_is_enough() -> None:
    """One of the first five by importance makes it severe; the tenth does not."""
    weights = {name: float(20 - k) for k, name in enumerate("abcdefghij")}
    assert beside(table(1), table(2, e=2), importance=weights).verdict == "severe"
    assert beside(table(1), table(2, f=2), importance=weights).verdict == "shifted"
    assert beside(table(1), table(2, f=2)).verdict == "severe", "all alike: any one is"


def test_shifted_columns_alone_are_never_drift() -> None:
    """A hundred thousand rows, everything moved a little: the score is high, nothing alarms."""
    names = "abcd"
    found = beside(
        table(1, names, 100_000), table(2, names, 100_000, a=0.08, b=0.08, c=0.08, d=0.08)
    )
    assert {one.verdict for one in found.chunks[0].columns} == {"shifted"}
    assert found.score > 0.5
    assert found.verdict == "shifted"


def test_predictions_and_labels_come_first_and_count_by_themselves() -> None:
    """They have no importance; one that drifts is drift of the whole."""
    asked = {"columns": {"i": "prediction", "j": "label"}}
    found = beside(table(1), table(2, i=0.3), **asked)
    assert (found.verdict, found.score) == ("drift", 0)
    found = beside(table(1), table(2, a=0.3, i=0.3), **asked)
    assert [one.name for one in found.chunks[0].columns[:2]] == ["i", "j"]
    assert (named(found, "i").part, named(found, "j").part) == ("prediction", "label")
    assert (named(found, "i").importance, named(found, "a").importance) == (0, 1 / 8)
    assert (found.verdict, found.score) == ("drift", pytest.approx(1 / 8))
    only = beside(table(1, "i"), table(2, "i", i=0.3), columns={"i": "prediction"})
    assert (only.verdict, only.score) == ("drift", 1)


def test_what_moved_most_where_it_matters_is_listed_first() -> None:
    """By importance times effect; what is stable comes after."""
    found = beside(table(1), table(2, b=0.3, c=0.9, d=0.4), importance={"b": 9, "c": 2, "d": 0.1})
    assert [one.name for one in found.chunks[0].columns[:3]] == ["b", "c", "d"]


def test_a_feature_that_is_gone_is_severe_and_a_label_is_not() -> None:
    """Missing and new columns are findings; a model cannot do without a feature."""
    found = beside(table(1), table(2).rename({"a": "new"}))
    kinds = {one.kind: one for one in found.chunks[0].findings}
    assert kinds["missing column"].severity == "breaking"
    assert kinds["new column"].severity == "note"
    assert (found.verdict, found.score) == ("severe", pytest.approx(0.1))
    label = beside(table(1), table(2).drop("a"), columns={"a": "label"})
    assert label.verdict == "stable"
    unused = beside(table(1), table(2).drop("a"), importance={"b": 1})
    assert unused.verdict == "stable"
    assert unused.chunks[0].findings[0].severity == "warning"


# -- parts and references ----------------------------------------------------------------


def test_chunks_keep_their_order_and_say_what_they_are() -> None:
    """Labels, times, segments and rows are handed through; the gravest is the verdict of all."""
    reference = profiled(table(1))
    parts = [
        Part("2013-01", profiled(table(2, rows=400)), 0.0, 5.0),
        Part("2013-02", profiled(table(3, a=3)), 5.0, 9.0, segment="origin=JFK"),
    ]
    found = judge(reference, parts)
    assert [(one.label, one.rows, one.start, one.end, one.segment) for one in found.chunks] == [
        ("2013-01", 400, 0.0, 5.0, ""), ("2013-02", 1_000, 5.0, 9.0, "origin=JFK"),
    ]  # fmt: skip
    assert [one.verdict for one in found.chunks] == ["stable", "severe"]
    assert found.verdict == "severe"


def test_a_part_may_bring_its_own_reference() -> None:
    """The previous chunk, the same month of last year."""
    moved = profiled(table(3, a=3))
    part = Part("b", profiled(table(2, a=3)), reference=moved, reference_name="a")
    found = judge(profiled(table(1)), [part])
    assert (found.verdict, found.chunks[0].reference) == ("stable", "a")


def test_a_part_without_a_profile_or_a_reference_says_so_and_stops_no_other() -> None:
    """A file that cannot be read is an error; a first chunk has none before it."""
    good = Part("good", profiled(table(2)))
    found = judge(profiled(table(1)), [Part("bad", None, reason="it is torn"), good])
    assert [(one.verdict, one.reason) for one in found.chunks] == [
        ("error", "it is torn"),
        ("stable", ""),
    ]
    assert found.verdict == "error"
    first = judge(None, [good, Part("next", good.profile, reference=good.profile)])
    assert [one.verdict for one in first.chunks] == ["too few", "stable"]
    assert first.verdict == "stable"
    assert judge(None, []).verdict == "too few"


def test_a_chunk_of_few_rows_is_too_few_and_hides_no_other() -> None:
    """Nothing is said of twelve rows; what the others say stands."""
    reference = profiled(table(1))
    few = Part("few", profiled(table(2, rows=12)))
    assert judge(reference, [few]).verdict == "too few"
    assert "12 rows" in judge(reference, [few]).chunks[0].reason
    assert judge(reference, [few, Part("all", profiled(table(3)))]).verdict == "stable"
    assert judge(reference, [few, Part("all", profiled(table(3, a=3)))]).verdict == "severe"


def test_a_column_that_breaks_is_an_error_and_the_others_are_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever goes wrong with one column is written beside its name."""
    real = comparing.numbers.compared

    def broken(pairs: Any, asked: Any) -> Any:
        if any(pair.a.name == "b" for pair in pairs):
            raise ZeroDivisionError("it \x1b[31mbroke")
        return real(pairs, asked)

    monkeypatch.setattr(comparing.numbers, "compared", broken)
    found = beside(table(1, "abc"), table(2, "abc", c=1))
    assert named(found, "b").verdict == "error"
    assert named(found, "b").reason == "ZeroDivisionError: it ␛[31mbroke"
    assert [named(found, name).verdict for name in "ac"] == ["stable", "severe"]
    alone = beside(table(1, "b"), table(2, "b"))
    assert (alone.verdict, alone.chunks[0].reason) == ("error", "no column could be compared")


def test_a_column_that_could_not_be_profiled_is_an_error_with_its_fault() -> None:
    """The fault of either side is the reason."""
    good = profiled(table(1, "ab"))
    torn = tuple(
        replace(one, fault="it ends early") if one.name == "a" else one for one in good.columns
    )
    found = judge(good, [Part("all", replace(good, columns=torn))])
    assert named(found, "a").verdict == "error"
    assert "it ends early" in named(found, "a").reason
    assert named(found, "b").verdict == "stable"


# -- what is asked -----------------------------------------------------------------------


def test_columns_are_chosen_and_left_out_by_name() -> None:
    """Only these; without those, which is said; what is not looked at is no missing column."""
    found = beside(table(1), table(2, c=3), only=["a", "b"])
    assert {one.name for one in found.chunks[0].columns} == {"a", "b"}
    without = beside(table(1), table(2, c=3), exclude=["c"])
    assert without.verdict == "stable"
    assert [(one.name, one.reason) for one in without.left_out] == [("c", "left out as asked")]
    assert beside(table(1), table(2).drop("c"), exclude=["c"]).chunks[0].findings == ()


def test_measures_on_request_are_there_and_no_others() -> None:
    """Each by its name; one that is not known is refused with the names that are."""
    plain = {one.name for one in column(drawn(1), drawn(2)).measures}
    assert plain == {"ks", "wasserstein", "psi", "wasserstein_unclipped", "tail"}
    found = column(drawn(1), drawn(2), measures=["energy", "hellinger"])
    assert {one.name for one in found.measures} - plain == {"energy", "hellinger"}
    everything = column(drawn(1), drawn(2), measures=MEASURES)
    assert {one.name for one in everything.measures} == plain | {*MEASURES}
    with pytest.raises(UsageError, match="no measure 'kl'") as refused:
        column(drawn(1), drawn(2), measures=["kl"])
    assert "jensen_shannon" in refused.value.hint


@pytest.mark.parametrize("rows", [(1, 1), (1, 2), (2, 2), (1, 40)])
def test_next_to_no_rows_break_no_measure(rows: tuple[int, int]) -> None:
    """Even where a person asks for a verdict on a single row."""
    one, two = even(rows[0]), even(rows[1], 1.0)
    found = column(one, two, measures=MEASURES, thresholds=Thresholds(fewest=0))
    assert found.verdict in ("stable", "drift", "severe")
    assert value(found, "energy") > 0


def test_a_role_that_a_person_says_counts_and_one_that_cannot_be_is_said() -> None:
    """Codes with many values as categories; texts are no numbers; an unknown role is refused."""
    codes = [k * 7 % 31 for k in range(900)]
    assert column(codes, codes).role == "number"
    assert column(codes, codes, roles={"x": "category"}).test == "chi-square"
    texts = column(["a", "b"] * 90, ["a", "b"] * 90, roles={"x": "number"})
    assert texts.role == "category"
    assert findings(texts)["schema"].words == "it cannot be tested as number: its values are text"
    left = beside(drawn(1), drawn(2), roles={"x": "identifier"})
    assert "said by a person" in left.left_out[0].reason
    assert left.chunks[0].reason == "no column is judged: all are left out"
    with pytest.raises(UsageError, match="no role 'nominal'"):
        column(codes, codes, roles={"x": "nominal"})


def test_sensitive_columns_stay_hidden() -> None:
    """Sensitive on one side is hidden on both: no name, no rare value, no end."""
    reference = pl.DataFrame(
        {"x": ["Anna-Lena", "Bohumil"] * 200 + ["Zdenka"] * 3, "y": drawn(1, 403)}
    )
    current = pl.DataFrame({"x": ["Anna-Lena", "Evelyn"] * 200, "y": drawn(2, 400) + 50})
    hidden = profiled(reference, fields=Fields(sensitive=("x", "y")))
    found = judge(hidden, [Part("all", profiled(current))])
    raw = json.encode(found.chunks).decode()
    assert all(name not in raw for name in ("Anna-Lena", "Bohumil", "Zdenka", "Evelyn"))
    assert MASK in named(found, "x").words
    assert {*named(found, "x").shape.categories} == {MASK}
    assert [named(found, name).verdict for name in "xy"] == ["severe", "severe"]
    ends = [f"{value:.12g}" for value in (current["y"].min(), current["y"].max())]
    assert not any(end in raw for end in ends)


def test_a_judgement_is_what_it_is_after_it_was_written() -> None:
    """Plain numbers and texts only: what is kept on disk is the same."""
    mixed = pl.DataFrame({"n": drawn(1), "c": ["a", "b"] * 500, "k": [1, 2, 3, 4] * 250})
    found = beside(mixed, mixed.with_columns(pl.col("n") * 1e300), measures=MEASURES)
    kept = json.decode(json.encode(found.chunks), type=tuple[ChunkDrift, ...])
    assert kept == found.chunks
