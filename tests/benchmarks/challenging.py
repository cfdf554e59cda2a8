"""How often the interval between two versions holds the true difference, and what it costs.

`python -m tests.benchmarks.challenging` prints what docs/statistics.md says of both.
"""

import sys
import time
from collections.abc import Iterator

import polars as pl

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row
from tests.datasets.answering import frame, numbers, said
from workbench.datasets.challenge import compare

EXPERIMENTS = 500
SIZES = (30, 60, 200, 1_000)
METRICS = ("accuracy", "f1", "log_loss", "brier", "roc_auc", "average_precision", "rmse", "r2")
NUMBERS = frozenset(("rmse", "mae", "r2"))


def rows(place: Place) -> Iterator[Row]:
    """Compare two versions by each metric."""
    count = place.scale.answers
    for metric in METRICS:
        what = f"two versions compared by {metric}, {count:,} rows"
        yield Row(what, compared(metric, count), "s CPU", note="n=1; the first loads scikit-learn")


def world(metric: str, rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return all rows there are, answered by a good version and a poor one."""
    make = numbers if metric in NUMBERS else frame
    return make(rows, noise=0.5, seed=11), make(rows, noise=1.5, seed=12)


def coverage(metric: str, rows: int) -> tuple[int, int]:
    """Return in how many experiments the interval held the truth, and of how many it had one."""
    whole = world(metric, EXPERIMENTS * rows)
    true = compare(*map(said, whole), metric=metric, resamples=2).difference
    found = [
        compare(*(said(table.slice(first, rows)) for table in whole), metric=metric, resamples=1000)
        for first in range(0, EXPERIMENTS * rows, rows)
    ]
    there = [one for one in found if one.low == one.low]
    return sum(one.low <= true <= one.high for one in there), len(there)


def table() -> Iterator[str]:
    """Yield the share of intervals that hold the true difference, by metric and rows."""
    yield "| metric | " + " | ".join(f"{rows:,} rows" for rows in SIZES) + " |"
    for metric in METRICS:
        shares = []
        for rows in SIZES:
            held, there = coverage(metric, rows)
            shares.append(f"{100 * held / there:.0f} %" if there > EXPERIMENTS / 2 else "none")
        yield f"| {metric} | " + " | ".join(shares) + " |"


def compared(metric: str, rows: int) -> float:
    """Return how many seconds of one core a comparison takes."""
    one, other = (said(side) for side in world(metric, rows))
    before = time.process_time()
    compare(one, other, metric=metric, margin=0.002)
    return time.process_time() - before


def cost(rows: int) -> Iterator[str]:
    """Yield seconds of one core and the most memory, by metric."""
    import resource

    for metric in METRICS:
        took = compared(metric, rows)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        yield f"{rows:>9,} rows  {metric:<18} {took:6.2f} s  {peak:5.0f} MB"


if __name__ == "__main__":
    lines = [table()] if "--coverage" in sys.argv else [cost(100_000), cost(1_000_000)]
    for part in lines:
        for line in part:
            print(line, flush=True)
