"""What the field gets wrong: each case beside the usual way to do it, which fails it.

The usual ways are written out here in a few lines each, so that it can be seen that the case is
one, and not only that this program happens to answer.
"""

import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy import stats

from tests.datasets.drift.judged import beside, column, findings, measure, named, profiled, value
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import ALARMS, BREAKING, DRIFT, SEVERE, STABLE, TOO_FEW

Values = NDArray[np.float64]

USUAL = 0.1
"""The threshold that most tools have for every measure."""
ROWS = 5_000


def drawn(seed: int, rows: int = ROWS) -> Values:
    """Return standard normal values."""
    return np.random.default_rng(seed).standard_normal(rows)


# -- the usual ways ----------------------------------------------------------------------


def usual_wasserstein(reference: Values, current: Values) -> float:
    """Return the distance over the deviation, which is at least 0.001."""
    return float(stats.wasserstein_distance(reference, current) / max(np.std(reference), 0.001))


def usual_psi(reference: Values, current: Values) -> float:
    """Return the index over ten bins of one width from the least to the greatest value."""
    edges = np.histogram_bin_edges(np.concatenate([reference, current]), 10)
    p, q = (np.histogram(side, edges)[0] / len(side) + 1e-4 for side in (reference, current))
    return float(((q - p) * np.log(q / p)).sum())


def usual_chi_square(reference: list[str], current: list[str]) -> float:
    """Return the p of the current counts, the reference's shares being taken for known."""
    names = sorted({*reference, *current})
    a, b = (np.array([side.count(name) for name in names]) for side in (reference, current))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(
            np.nansum(
                (b - a * len(current) / len(reference)) ** 2 / (a * len(current) / len(reference))
            )
        )
    return float(stats.chi2.sf(statistic, len(names) - 1))


def usual_ks(reference: Values, current: Values) -> float:
    """Return the p of the values that are there."""
    one, two = (side[np.isfinite(side)] for side in (reference, current))
    return float(stats.ks_2samp(one, two).pvalue)


# -- the cases ---------------------------------------------------------------------------


@pytest.mark.parametrize("far", [1e6, -1e9, 1e300])
def test_one_outlier_in_the_reference_hides_nothing(far: float) -> None:
    """A shift of one deviation is severe beside one far value, as it is without."""
    reference, current = np.append(drawn(1), far), drawn(2) + 1
    with np.errstate(over="ignore", invalid="ignore"):
        assert not usual_wasserstein(reference, current) >= USUAL
    assert usual_psi(reference, current) < USUAL
    found = column(reference, current)
    assert found.verdict == SEVERE
    assert found.shift == pytest.approx(1, abs=0.1)
    without = column(reference[:-1], current)
    assert value(found, "wasserstein") == pytest.approx(value(without, "wasserstein"), rel=0.05)
    assert value(found, "psi") == pytest.approx(value(without, "psi"), rel=0.05)


def test_one_outlier_in_the_current_data_is_no_drift() -> None:
    """A single far value moves the unclipped distance alone."""
    reference, current = drawn(1), np.append(drawn(2), 1e9)
    assert usual_wasserstein(reference, current) > USUAL
    found = column(reference, current)
    assert found.verdict == STABLE
    assert value(found, "wasserstein_unclipped") > 1e4
    assert value(found, "wasserstein") < USUAL


@pytest.mark.parametrize("scale", [1e-6, 1e-12, 1e-300, 1e-310])
def test_a_tiny_scale_is_a_scale(scale: float) -> None:
    """A column with a deviation of a millionth that moved by ten deviations is severe."""
    reference, current = drawn(1) * scale, (drawn(2) + 10) * scale
    assert usual_wasserstein(reference, current) < USUAL
    found = column(reference, current)
    assert found.verdict == SEVERE
    assert found.shift == pytest.approx(10, rel=0.05)
    assert column(reference, drawn(3) * scale).verdict == STABLE


@pytest.mark.parametrize("scale", [1e160, 1e300])
def test_huge_values_do_not_overflow(scale: float) -> None:
    """Values of 1e300 are compared as any others."""
    reference, current = drawn(1) * scale, (drawn(2) + 1) * scale
    with np.errstate(over="ignore", invalid="ignore"):
        assert not usual_wasserstein(reference, current) >= USUAL
    found = column(reference, current)
    assert found.verdict == SEVERE
    assert found.shift == pytest.approx(1, abs=0.1)
    assert all(np.isfinite(one.value) for one in found.measures)
    assert column(reference, drawn(3) * scale).verdict == STABLE


def test_the_ends_of_what_a_float_holds_are_compared() -> None:
    """From the least float to the greatest: every figure is finite."""
    ends = np.array([-1.7e308, 1.7e308] * 250)
    found = column(ends, np.array([-1.7e308] * 500))
    assert found.verdict == SEVERE
    assert all(np.isfinite(one.value) for one in found.measures)


def test_missing_values_are_drift_of_their_own() -> None:
    """0 to 90 % missing is severe though those that are there lie as before."""
    reference, current = drawn(1), drawn(2)
    current[np.random.default_rng(3).random(ROWS) < 0.9] = np.nan
    assert usual_ks(reference, current) > 0.01
    found = column(reference, pl.Series(current, nan_to_null=True))
    assert (found.verdict, found.test, found.measure) == (SEVERE, "null rate", "missing")
    assert found.words == "0% → 90.1% missing"
    assert found.current_missing == pytest.approx(0.9, abs=0.02)
    assert column(reference, current).verdict == SEVERE, "NaN is missing too"
    assert value(found, "wasserstein") < USUAL


def test_missing_values_that_come_back_are_seen_too() -> None:
    """From 90 % missing to none."""
    reference = np.where(np.random.default_rng(3).random(ROWS) < 0.9, np.nan, drawn(1))
    assert column(reference, drawn(2)).verdict == SEVERE


def test_a_new_category_is_found_with_its_share_and_chance_alone_is_not() -> None:
    """Three of a hundred rows in a new category are drift; one row in a thousand is chance."""
    reference = ["a", "b", "c"] * 500
    found = column(reference, [*["a", "b", "c"] * 485, *["new"] * 45])
    assert usual_chi_square(reference, [*reference[:-1], "new"]) == 0, "one row and p is 0"
    assert found.verdict == DRIFT
    new = findings(found)["new categories"]
    assert new.value == pytest.approx(0.03)
    assert new.words == "1 category new, 3% of the rows: 'new'"
    assert found.shape.categories[found.shape.new.index(True)] == "new"
    single = column(reference, [*reference[:-1], "new"])
    assert single.verdict == STABLE
    assert single.effect < 1
    assert "new categories" not in findings(single)


def test_a_new_category_decides_by_itself() -> None:
    """Two of a hundred rows move no other measure to its limit."""
    found = column(["a", "b"] * 500, [*["a", "b"] * 490, *["new"] * 20])
    assert (found.verdict, found.test, found.measure) == (DRIFT, *["new categories"] * 2)
    assert found.effect == pytest.approx(2)
    assert max(value(found, "tvd"), value(found, "psi")) < USUAL


def test_many_categories_of_few_rows_are_no_drift() -> None:
    """Thirty levels, 300 rows a side and no change: the usual test alarms in most draws."""
    chance = np.random.default_rng(5)
    usual = ours = 0
    for _ in range(40):
        one, two = (chance.integers(0, 30, 300).astype(str).tolist() for _ in range(2))
        usual += usual_chi_square(one, two) < 0.05
        ours += column(one, two).verdict in ALARMS
    assert usual > 20
    assert ours == 0


def test_high_cardinality_is_judged_by_what_is_frequent_and_the_rest_as_one() -> None:
    """5,000 different values: no change is stable, a third in one place is severe."""
    chance = np.random.default_rng(6)

    def keys(rows: int) -> list[str]:
        return [f"k{one}" for one in chance.zipf(1.3, rows) % 5_000]

    said = {"roles": {"x": "category"}}
    reference, current = keys(20_000), keys(5_000)
    assert usual_chi_square(reference[:2_000], current[:2_000]) < 1e-6
    assert column(reference, current, **said).verdict == STABLE
    moved = ["k77777" if k % 3 == 0 else name for k, name in enumerate(current)]
    found = column(reference, moved, **said)
    assert found.verdict == SEVERE
    assert "k77777" in found.words


def test_values_that_profiles_do_not_keep_are_no_change() -> None:
    """Of values there twice or less a profile keeps some: which ones is no drift."""
    chance = np.random.default_rng(7)
    one, two = ([f"k{k}" for k in chance.integers(0, 30_000, 20_000)] for _ in range(2))
    found = column(one, two, roles={"x": "category"})
    assert found.verdict == STABLE
    assert found.effect < 1


def codes(letter: str, many: int, rows: int) -> list[str]:
    """Return codes that are all as frequent."""
    return [
        f"{letter}{code}" for code in np.random.default_rng(ord(letter)).integers(0, many, rows)
    ]


@pytest.mark.parametrize("many", [500, 1_500])
def test_codes_that_were_all_replaced_are_no_stable_column(many: int) -> None:
    """More codes than a profile keeps, and none of them there any more."""
    said = {"roles": {"x": "category"}}
    found = column(codes("A", many, 4_000), codes("B", many, 4_000), **said)
    assert found.verdict == SEVERE
    distance = measure(found, "tvd")
    assert distance.value <= 1 <= distance.value + distance.within + 1e-9
    assert found.words == "rare categories are not those of the reference"
    assert found.shape.categories == ()
    same = column(codes("A", many, 4_000), codes("a", many, 4_000), **said)
    assert same.verdict == SEVERE, "another letter is another code"
    again = [name.upper() for name in codes("a", many, 4_000)]
    assert column(codes("A", many, 4_000), again, **said).verdict == STABLE


def test_what_cannot_be_told_is_not_stable() -> None:
    """Profiles of earlier versions hold no buckets, and of few rows nobody can tell."""
    said = {"roles": {"x": "category"}}
    sides = [profiled(codes(letter, 500, 4_000)) for letter in "AB"]
    earlier = [
        replace(side, columns=tuple(replace(one, buckets=()) for one in side.columns))
        for side in sides
    ]
    found = named(judge(earlier[0], [Part("all", earlier[1])], **said), "x")
    assert found.verdict == TOO_FEW
    assert found.reason.startswith("cannot be told: too many values are too rare")
    few = column(codes("A", 5_000, 300), codes("B", 5_000, 300), **said)
    assert few.verdict == TOO_FEW


@pytest.mark.parametrize(("old", "new"), [(0.021, 0.078), (0.011, 0.051)])
@pytest.mark.parametrize(("rare", "usual"), [("yes", "no"), (True, False), (1, 0)])
def test_a_rare_event_that_becomes_frequent_is_drift(
    old: float, new: float, rare: str | int, usual: str | int
) -> None:
    """Three times as many, and less than a tenth of the rows: the rarer value is named."""
    sides = ([rare] * round(20_000 * p) + [usual] * round(20_000 * (1 - p)) for p in (old, new))
    found = column(*sides)
    assert (found.verdict, found.measure) == (DRIFT, "cohens_h")
    assert value(found, "tvd") < USUAL
    assert found.words == f"'{str(rare).lower()}' {old * 100:.1f}% → {new * 100:.1f}%"


def test_an_empty_column_is_severe_and_stops_no_other() -> None:
    """Every value missing now: said, and the column beside it is judged."""
    reference = pl.DataFrame({"empty": drawn(1), "other": drawn(2)})
    current = pl.DataFrame({"empty": [None] * ROWS, "other": drawn(3) + 1})
    with pytest.warns(RuntimeWarning, match="too small"):
        assert np.isnan(usual_ks(drawn(1), np.full(ROWS, np.nan)))
    found = beside(reference, current)
    empty = named(found, "empty")
    assert empty.verdict == SEVERE
    assert findings(empty)["all missing"].severity == BREAKING
    assert named(found, "other").verdict == SEVERE
    assert named(found, "other").test == "ks"


def test_what_is_empty_on_both_sides_is_not_judged() -> None:
    """Nothing was there, and nothing is: nor is a row beside it judged for it."""
    found = column(pl.Series([None] * 50), pl.Series([None] * 70, dtype=pl.String))
    assert (found.verdict, found.role, found.effect) == (TOO_FEW, "empty", 0)
    assert found.reason == "every value is missing on both sides"
    empty = pl.Series([None], dtype=pl.String)
    for rows in (1, 25):
        current = pl.DataFrame({"x": drawn(2, rows), "empty": pl.concat([empty] * rows)})
        reference = pl.DataFrame({"x": drawn(1), "empty": pl.concat([empty] * ROWS)})
        assert beside(reference, current).verdict == TOO_FEW


def test_a_constant_is_stable_until_it_changes() -> None:
    """The same value on both sides has no distance; another one, or one in ten, is drift."""
    with np.errstate(invalid="ignore", divide="ignore"):
        assert np.isnan(stats.wasserstein_distance([5.0], [5.0]) / np.std([5.0, 5.0]))
    assert column([5] * 500, [5] * 400).verdict == STABLE
    found = column([5] * 500, [7] * 400)
    assert found.verdict == SEVERE
    assert found.words == "always 5 in the reference, 7 now"
    tenth = column([5] * 500, [5] * 440 + [7] * 30 + [3] * 30)
    assert tenth.verdict in ALARMS
    assert tenth.test == "share of one value"
    assert usual_ks(np.array([5.0] * 500), np.array([5.0] * 440 + [7.0] * 30 + [3.0] * 30)) > 0.01
    assert column(["yes"] * 500, ["no"] * 400).verdict == SEVERE
    assert findings(column(drawn(1), [0.0] * 500))["constant changed"].words.startswith("only 0")


def test_an_identifier_is_left_out_with_the_reason() -> None:
    """Row numbers that go on are no drift, and a person reads why nobody looked."""
    reference, current = np.arange(1_000), np.arange(1_000, 2_000)
    assert usual_wasserstein(reference.astype(float), current.astype(float)) > 3
    found = beside(
        pl.DataFrame({"id": reference, "x": drawn(1, 1_000)}),
        pl.DataFrame({"id": current, "x": drawn(2, 1_000)}),
    )
    assert found.verdict == STABLE
    assert [one.name for one in found.left_out] == ["id"]
    assert "rising from row to row" in found.left_out[0].reason
    assert [one.name for one in found.chunks[0].columns] == ["x"]


def test_an_identifier_that_repeats_is_said() -> None:
    """What named rows and does no longer is a finding about the table."""
    found = beside(
        pl.DataFrame({"id": np.arange(1_000), "x": drawn(1, 1_000)}),
        pl.DataFrame({"id": np.arange(1_000) // 2, "x": drawn(2, 1_000)}),
    )
    assert [one.kind for one in found.chunks[0].findings] == ["identifier"]
    assert "500 different values in 1,000 rows" in found.chunks[0].findings[0].words


@pytest.mark.parametrize("rows", [1, 5, 29])
def test_few_rows_are_no_verdict(rows: int) -> None:
    """Below thirty rows: the figures, and that nothing can be told."""
    found = column(drawn(1), drawn(2, rows) + 3)
    assert usual_wasserstein(drawn(1), drawn(2, rows) + 3) > USUAL
    assert found.verdict == TOO_FEW
    assert f"at least {30} are needed" in found.reason
    assert (found.p, found.q) == (None, None)
    assert value(found, "wasserstein") > 2


def test_thirty_rows_are_judged() -> None:
    """From thirty on what is sure is said."""
    assert column(drawn(1), drawn(2, 30) + 3).verdict == SEVERE
    assert column(drawn(1), drawn(2, 30)).verdict == STABLE


def test_a_whole_number_that_is_a_code_is_judged_as_a_category() -> None:
    """Codes that swap their meaning keep their order, mean and range, and have another share."""
    reference = np.repeat([1, 2, 3, 4, 5], [400, 100, 400, 100, 400])
    current = np.repeat([1, 2, 3, 4, 5], [400, 0, 600, 0, 400])
    assert reference.mean() == current.mean()
    found = column(reference, current)
    assert (found.role, found.test) == ("category", "chi-square")
    assert found.verdict in ALARMS
    assert findings(found)["gone categories"].value == pytest.approx(1 / 7)


def test_whole_numbers_written_as_floats_are_the_same_column() -> None:
    """Integers read with missing values are floats: no other type, no new categories."""
    chance = np.random.default_rng(8)
    codes, others = (chance.integers(1, 6, 2_000) for _ in range(2))
    found = column(codes, others.astype(float))
    assert (found.role, found.verdict, found.findings) == ("category", STABLE, ())
    numbers, floats = (chance.integers(0, 900, 2_000) for _ in range(2))
    found = column(numbers, floats.astype(float))
    assert (found.verdict, found.findings) == (STABLE, ())
    fractions = column(numbers, floats + 0.5)
    assert findings(fractions)["retyped"].severity == "warning"
    assert fractions.verdict == STABLE


@pytest.mark.parametrize(
    ("reference", "current", "words"),
    [
        (list(range(100)) * 3, ["7", "8", "n/a"] * 100, "numbers in the reference, texts now"),
        (["a", "b"] * 200, [1.5, 2.5] * 200, "texts in the reference, numbers now"),
        (pl.Series([0] * 400).cast(pl.Date), ["1 January"] * 400, "moments in the reference"),
    ],
)
def test_mixed_types_are_breaking_and_stop_no_other(
    reference: list[object], current: list[object], words: str
) -> None:
    """A column of another kind cannot be tested: that itself is severe."""
    others = drawn(1, 400)[: len(reference)], drawn(2, 400)[: len(current)]
    found = beside(
        pl.DataFrame({"x": reference, "other": others[0]}),
        pl.DataFrame({"x": current, "other": others[1]}),
    )
    broken = named(found, "x")
    assert broken.verdict == SEVERE
    assert findings(broken)["retyped"].severity == BREAKING
    assert words in broken.words
    assert named(found, "other").verdict == STABLE
    assert found.verdict == SEVERE


def test_a_million_rows_do_not_alarm_on_trifles() -> None:
    """A shift of a hundredth of the deviation is significant, and too small to matter."""
    reference, current = drawn(1, 1_000_000), drawn(2, 1_000_000) + 0.02
    assert usual_ks(reference, current) < 1e-6
    found = column(reference, current)
    assert found.verdict == "shifted"
    assert found.q < 0.01
    assert found.effect < 1


def test_a_hundred_rows_do_not_alarm_on_noise() -> None:
    """The index and the distance of 90 rows a side are above the usual limit without any drift."""
    reference, current = drawn(11, 90), drawn(12, 90)
    assert usual_psi(reference, current) > USUAL or usual_wasserstein(reference, current) > USUAL
    found = column(reference, current)
    assert found.verdict == STABLE
    assert measure(found, "psi").limit > 0.25


def test_infinities_are_counted_and_poison_nothing() -> None:
    """Some infinite values are drift of their own; the others are compared as if alone."""
    current = np.where(np.random.default_rng(3).random(ROWS) < 0.05, np.inf, drawn(2))
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(usual_wasserstein(drawn(1), current))
    found = column(drawn(1), current)
    assert (found.verdict, found.test) == (DRIFT, "infinities")
    assert value(found, "wasserstein") < USUAL
    assert findings(found)["infinities"].value == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("name", ["jensen_shannon", "hellinger", "cramers_v"])
def test_measures_of_codes_that_were_all_replaced_may_be_one(name: str) -> None:
    """Buckets show less than there is, and each measure says how much more it may be."""
    asked = {"roles": {"x": "category"}, "measures": (name,)}
    found = measure(column(codes("A", 500, 4_000), codes("B", 500, 4_000), **asked), name)
    assert found.value < 1 <= found.value + found.within + 1e-9
