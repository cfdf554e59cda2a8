"""The flights: read them, say what is known before departure, split them by time."""

from pathlib import Path

import numpy as np
import polars as pl

DATA = Path(__file__).with_name("flights.parquet")
LATE_AFTER_MIN = 15
TRAINING_MONTHS = (1, 2, 3)
VALIDATION_MONTH = 4

NAMES = ["carrier", "origin", "dest"]
SCHEDULE = ["sched_min", "weekday", "distance"]

# What a model may look at. The timetable is known months ahead; the departure delay is known
# only once the aircraft has left the gate. Arrival delay and air time are never known in time.
FEATURES = {"schedule": NAMES + SCHEDULE, "gate": [*NAMES, *SCHEDULE, "dep_delay"]}

# What is kept of the months a model was trained on, to be compared with every later one.
WATCHED = ["date", "time_hour", *NAMES, *SCHEDULE, "dep_delay", "late"]


def load(path=DATA, fraction=1.0, seed=0):
    """Return the flights that arrived, in order of time, with features and the label `late`.

    Cancelled and diverted flights have no arrival delay, so no label: they are left out.
    """
    flights = pl.read_parquet(path).drop_nulls("arr_delay")
    if fraction < 1:
        kept = np.random.default_rng(seed).random(len(flights)) < fraction
        flights = flights.filter(pl.Series(kept))
    return described(flights)


def described(flights):
    """Return flights with what a model looks at, the label `late`, and the local day."""
    return flights.with_columns(
        date=pl.date(2013, "month", "day"),
        sched_min=pl.col("sched_dep_time").cast(pl.Int32) // 100 * 60
        + pl.col("sched_dep_time") % 100,
        late=pl.col("arr_delay") > LATE_AFTER_MIN,
    ).with_columns(weekday=pl.col("date").dt.weekday(), week=pl.col("date").dt.week())


def departures(path=DATA, months=TRAINING_MONTHS):
    """Return the departures of some months as they are watched; cancelled ones have no label."""
    flights = pl.read_parquet(path)
    return described(flights.filter(pl.col("month").is_in(months))).select(WATCHED)


def split(flights):
    """Return the flights to train on, to validate on, and those that came later."""
    month = pl.col("month")
    return (
        flights.filter(month.is_in(TRAINING_MONTHS)),
        flights.filter(month == VALIDATION_MONTH),
        flights.filter(month > VALIDATION_MONTH),
    )


def labels(flights):
    """Return 1 for each flight that arrived late, else 0."""
    return flights["late"].cast(pl.Int8).to_numpy()
