"""Facts that are no test: ranges, constants, duplicates, age, gone categories, moments, shapes."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl
import pytest

from tests.datasets.drift.judged import beside, column, findings, measure, named, profiled
from workbench.datasets.drift.counting import counted
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import ALARMS
from workbench.datasets.drift.thresholds import Thresholds

DAY = 86_400


def days(first: date, rows: int, step: int = 1) -> list[date]:
    """Return days in a row."""
    return [first + timedelta(days=k * step) for k in range(rows)]


# -- ranges and constants ----------------------------------------------------------------


def test_values_beyond_the_reference_are_said_with_the_end_they_are_beyond() -> None:
    """Three of a hundred above, one below; of as many as chance brings nothing is said."""
    reference = list(range(100)) * 10
    current = [*list(range(4, 100)) * 10, *[250] * 30, *[-9] * 10]
    found = findings(column(reference, current))["out of range"]
    assert found.words == "outside the reference's range: 1% below 0 and 3% above 99"
    assert found.value == pytest.approx(0.04)
    normal = np.random.default_rng(1).standard_normal(60)
    other = np.random.default_rng(2).standard_normal(90)
    assert other.max() > normal.max() or other.min() < normal.min()
    assert "out of range" not in findings(column(normal, other))


def test_one_extreme_value_is_not_worth_a_word() -> None:
    """Less than the limit is not said, however far it is."""
    normal = np.random.default_rng(1).standard_normal(3_000)
    assert "out of range" not in findings(column(normal, np.append(normal, 1e9)))


def test_a_column_that_holds_one_value_now_is_said() -> None:
    """It varied, and does not any more; with few rows that is no news."""
    varied = list(range(50)) * 10
    found = findings(column(varied, [7] * 400))["constant changed"]
    assert found.words == "only 7 now, it varied before"
    assert "constant changed" not in findings(column(varied, [7] * 20))


# -- of the table ------------------------------------------------------------------------


def table(rows: int, seed: int = 0) -> pl.DataFrame:
    """Return a table without repeats."""
    return pl.DataFrame({"x": np.random.default_rng(seed).standard_normal(rows)})


def repeated(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Return a table with its first rows once more."""
    return pl.concat([frame, frame.head(rows)])


def test_more_repeated_rows_are_a_finding() -> None:
    """A tenth of the rows twice, none before; where nobody counted nothing is said."""
    reference = profiled(table(1_000), duplicates=True)
    current = profiled(repeated(table(900, 1), 100), duplicates=True)
    found = judge(reference, [Part("", current)]).chunks[0].findings
    assert [one.kind for one in found] == ["duplicates"]
    assert found[0].words == "10% of the rows repeat an earlier one, 0% in the reference"
    back = judge(current, [Part("", reference)])
    assert back.chunks[0].findings == ()
    assert beside(table(1_000), repeated(table(900, 1), 100)).chunks[0].findings == ()
    slight = profiled(repeated(table(1_000, 1), 5), duplicates=True)
    assert judge(reference, [Part("", slight)]).chunks[0].findings == ()


@pytest.mark.parametrize("rows", [2_000, 20_000])
def test_of_more_rows_of_one_kind_more_repeat(rows: int) -> None:
    """A table with few different rows is not full of repeats because there are more of them."""
    draw = np.random.default_rng(5)
    few, more = (pl.DataFrame({"a": draw.integers(0, 3_000, n)}) for n in (500, rows))
    sides = [profiled(one, duplicates=True) for one in (few, more)]
    kinds = [one.kind for one in judge(sides[0], [Part("", sides[1])]).chunks[0].findings]
    assert "duplicates" not in kinds
    twice = profiled(repeated(few, 400), duplicates=True)
    found = judge(sides[0], [Part("", twice)]).chunks[0].findings
    assert "duplicates" in [one.kind for one in found]


@pytest.mark.parametrize(("late", "kinds"), [(0.5, []), (3.0, ["freshness"])])
def test_rows_that_are_too_old_are_a_finding(late: float, kinds: list[str]) -> None:
    """By the latest moment of any column, or of the part where that is known."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    moments = pl.DataFrame({"at": [first + timedelta(hours=k) for k in range(100)]})
    newest = (first + timedelta(hours=99)).timestamp()
    found = beside(moments, moments, now=newest + late * DAY, fresh_s=2.0 * DAY)
    assert [one.kind for one in found.chunks[0].findings] == kinds
    if kinds:
        assert found.chunks[0].findings[0].words == "the newest row is 3d 0h old, 2d 0h is allowed"
    said = beside(moments, moments, now=newest + late * DAY, thresholds=Thresholds(age_days=2))
    assert said.chunks[0].findings == found.chunks[0].findings
    assert beside(moments, moments, now=newest + 99 * DAY).chunks[0].findings == ()


def test_only_the_newest_chunk_can_be_too_old() -> None:
    """January is old in June, and that is no finding; a part ends where it says it does."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    whole = profiled(pl.DataFrame({"at": [first + timedelta(hours=k) for k in range(100)]}))
    start = first.timestamp()
    parts = [Part("1", whole, end=start + 1), Part("3", whole, end=start + 90), Part("2", whole)]
    found = judge(whole, parts, now=start + 9 * DAY, fresh_s=DAY)
    assert [[one.kind for one in chunk.findings] for chunk in found.chunks] == [
        [], [], ["freshness"],
    ]  # fmt: skip
    assert found.chunks[2].findings[0].value == pytest.approx(9 * DAY - 99 * 3_600)
    early = judge(whole, parts[:2], now=start + 9 * DAY, fresh_s=DAY)
    assert early.chunks[1].findings[0].value == 9 * DAY - 90


# -- categories --------------------------------------------------------------------------


def test_categories_that_are_gone_are_noted_with_their_share() -> None:
    """And named, the most frequent first, three of them."""
    reference = ["a"] * 400 + ["b"] * 40 + ["c"] * 30 + ["d"] * 20 + ["e"] * 10
    found = findings(column(reference, ["a"] * 300))["gone categories"]
    assert found.words == (
        "4 categories gone, 20% of the rows of the reference: 'b', 'c', 'd' and 1 more"
    )
    assert found.severity == "note"


def test_what_is_drawn_of_categories_is_at_most_twelve_and_adds_up() -> None:
    """Those that moved most first, new ones marked, the rest as one."""
    reference = [f"k{k % 20}" for k in range(2_000)]
    current = ["new"] * 500 + reference[:1_500]
    shape = column(reference, current).shape
    assert (len(shape.categories), shape.categories[0], shape.new[0]) == (12, "new", True)
    assert not any(shape.new[1:])
    assert sum(shape.reference_parts) + shape.reference_other == pytest.approx(1)
    assert sum(shape.current_parts) + shape.current_other == pytest.approx(1)
    few = column(["a", "b"] * 200, ["a", "b"] * 200).shape
    assert (few.reference_other, few.current_other) == (0, 0)


def test_true_and_false_are_the_same_in_numbers_and_in_words() -> None:
    """A flag that became 0 and 1, or texts, is compared and the change of type is said."""
    flags = [True, False, False, False] * 100
    for other in ([1, 0, 0, 0] * 100, [1.0, 0.0, 0.0, 0.0] * 100, ["TRUE", "false"] * 200):
        found = column(flags, other)
        assert (found.role, findings(found)["retyped"].severity) == ("category", "warning")
        assert found.verdict == ("stable" if isinstance(other[0], int | float) else "severe")
    assert column(flags, [1, 2, 0, 0] * 100).verdict == "severe"
    assert findings(column(flags, [1, 2, 0, 0] * 100))["retyped"].severity == "breaking"


def test_counts_that_are_not_kept_have_no_name() -> None:
    """A value among the rest of one side stands by its bucket, and the distance says how far."""
    reference = [f"k{k}" for k in range(400) for _ in range(3 if k < 200 else 2)]
    current = [f"k{k}" for k in range(400) for _ in range(2 if k < 200 else 3)]
    a, b = (profiled(side).columns[0] for side in (reference, current))
    assert not {name for name, _ in a.top} & {name for name, _ in b.top}
    found = counted(a, b)
    assert found.names == ()
    assert (found.a.sum(), found.b.sum()) == (pytest.approx(1_000), pytest.approx(1_000))
    judged = measure(column(reference, current, roles={"x": "category"}), "tvd")
    assert judged.value <= 0.2 + 1e-9 <= judged.value + judged.within, "what it is by all values"
    assert judged.p is not None
    assert judged.p > 0.01


def test_texts_are_compared_by_what_repeats_among_them() -> None:
    """Free texts never repeat, and are stable; a placeholder that comes in is found."""
    long = "a text that is long enough to be one, and is number {} of {}"
    reference = [long.format(k, "before") for k in range(500)]
    current = [long.format(k, "now") for k in range(500)]
    same = column(reference, current)
    assert (same.role, same.verdict) == ("text", "stable")
    assert "new categories" not in findings(same)
    few = column(reference[:120], current[:120])
    assert (few.role, few.verdict, few.findings) == ("text", "stable", ())
    filled = column(reference, ["N/A" if k % 4 == 0 else one for k, one in enumerate(current)])
    assert filled.verdict in ALARMS
    assert "N/A" in filled.words
    emptied = column(reference, ["" if k % 4 == 0 else one for k, one in enumerate(current)])
    assert emptied.verdict in ALARMS


# -- moments -----------------------------------------------------------------------------


def test_later_moments_are_no_drift() -> None:
    """Other days, other months: only what is missing is judged, and that is said."""
    found = column(days(date(2024, 1, 1), 90), days(date(2024, 7, 1), 60))
    assert (found.verdict, found.role, found.measures) == ("stable", "datetime", ())
    assert found.words == "later moments are no drift: only missing ones are judged"
    holes = pl.Series(days(date(2024, 7, 1), 200))
    holes = holes.to_frame("x").select(pl.when(pl.int_range(200) % 2 == 0).then(pl.col("x")))["x"]
    lost = column(days(date(2024, 1, 1), 200), holes)
    assert (lost.verdict, lost.test) == ("severe", "null rate")


def test_calendars_are_judged_on_request_where_both_sides_hold_them() -> None:
    """Weekends that are gone from two half years; months of half years say nothing."""
    asked = {"roles": {"x": "datetime"}}
    whole = days(date(2024, 1, 1), 182)
    working = [day for day in days(date(2024, 7, 1), 182) if day.weekday() < 5]
    found = column(whole, working, **asked)
    assert (found.verdict, found.test) == ("severe", "chi-square of weekdays")
    assert "months" not in str([one.words for one in found.measures])
    assert column(whole, days(date(2024, 7, 1), 182), **asked).verdict == "stable"
    assert column(whole, days(date(2024, 7, 1), 3), **asked).verdict == "too few"
    week = column(days(date(2024, 1, 1), 5) * 50, days(date(2024, 7, 6), 2) * 50, **asked)
    assert week.words == "no calendar is covered by both sides"


def test_times_of_day_have_no_later() -> None:
    """Their hours are judged without being asked."""
    day = [time(k % 24) for k in range(480)]
    assert column(day, day).verdict == "stable"
    night = column(day, [time(k % 6) for k in range(480)])
    assert (night.verdict, night.test) == ("severe", "chi-square of hours")


# -- numbers that are drawn, and words ---------------------------------------------------


def test_what_is_drawn_of_numbers_is_complete() -> None:
    """Deciles of the reference and shares between them, 51 quantiles, where the gap is."""
    one, two = (np.random.default_rng(k).standard_normal(4_000) for k in (1, 2))
    shape = column(one, two + 0.5).shape
    assert len(shape.edges) == 9
    assert shape.reference_shares == pytest.approx([0.1] * 10, abs=0.002)
    assert sum(shape.current_shares) == pytest.approx(1)
    assert 41 <= len(shape.at) <= 101
    assert (shape.at[0], shape.at[-1]) == (0, 1)
    told = np.quantile(two + 0.5, shape.at)
    assert shape.current_quantiles == pytest.approx(told.tolist(), abs=0.1)
    assert shape.scale == pytest.approx(1, abs=0.05)
    assert shape.gap_at == pytest.approx(0.25, abs=0.3)
    edge = measure(column(one, two + 0.5), "ks")
    above = np.mean(one <= shape.gap_at) - np.mean(two + 0.5 <= shape.gap_at)
    assert above == pytest.approx(edge.value, abs=0.01)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x + 1, "higher throughout"),
        (lambda x: x - 1, "lower throughout"),
        (lambda x: x * 2, "wider"),
        (lambda x: x / 2, "narrower"),
        (lambda x: np.where(x > 1.2, x + 3, x), "higher, most at the high end"),
        (lambda x: np.where(x < -1.2, x - 3, x), "lower, most at the low end"),
    ],
)
def test_words_say_where_it_moved(change: object, words: str) -> None:
    """Throughout, at an end, wider or narrower; the median from what to what."""
    values = np.random.default_rng(1).standard_normal(5_000)
    found = column(values, change(values))
    assert found.words.endswith(words)
    assert found.words.startswith("median ")


def test_shifts_are_signed_and_in_the_references_spread() -> None:
    """Half a deviation down is -0.5, in any unit."""
    values = np.random.default_rng(1).standard_normal(5_000) * 40 + 7
    found = column(values, values - 20)
    assert found.shift == pytest.approx(-0.5, abs=0.02)
    assert "(-0.5" in found.words


def test_words_of_the_worst_come_from_what_decided() -> None:
    """Missing values decide: their words; a control character in a name stays harmless."""
    values = [k % 150 for k in range(200)]
    found = column(values, [*values[:20], *[None] * 180])
    assert found.words == "0% → 90% missing"
    evil = beside(pl.DataFrame({"a\x1b[31m": values}), pl.DataFrame({"b": values}))
    assert "\x1b" not in evil.chunks[0].findings[0].words
    names = named(beside(pl.DataFrame({"c": ["\x1b[2Jx", "y"] * 90}),
                         pl.DataFrame({"c": ["\x1b[2Jx"] * 180})), "c")  # fmt: skip
    assert "\x1b" not in names.words + "".join(names.shape.categories)
