"""How often drift is called where there is none, and found where there is some.

``python -m tests.benchmarks.false_alarms`` draws a table of 30 mixed columns twice from the same
distributions, profiles both, judges one against the other with the program's own thresholds, and
counts the runs in which any column alarms. The share is printed with its 95 % interval (Wilson,
1927). Then a known change is put into five columns, and the share of them that is found is printed.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import ALARMS, SHIFTED, ColumnDrift
from workbench.datasets.profile import Profile
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame

Values = NDArray[np.float64]
Drawn = Callable[[Generator, int], pl.Series]

SIZES: Final = (
    (100, 100), (300, 300), (1_000, 1_000), (10_000, 10_000), (1_001, 300), (5_000, 1_000),
    (10_000, 300), (300, 10_000),
)  # fmt: skip
"""Rows of the reference and of the current data."""
POWER_SIZES: Final = (100, 300, 1_000, 10_000)
REPETITIONS: Final = 300
LIMIT: Final = 0.02
"""Of runs with any alarm, at most."""
USUAL: Final = 0.1
"""The limit of the stability index that most tools have, whatever the number of rows."""
CHUNKS: Final = 12
_SURE: Final = 1.96


# -- thirty columns ----------------------------------------------------------------------


def number(draw: Callable[[Generator, int], Values], missing: float = 0.0) -> Drawn:
    """Return a column of numbers, a share of them missing."""

    def drawn(chance: Generator, rows: int) -> pl.Series:
        return pl.Series(without(draw(chance, rows), missing, chance), nan_to_null=True)

    return drawn


def without(values: Values, missing: float, chance: Generator) -> Values:
    """Return values of which a share is NaN."""
    return np.where(chance.random(len(values)) < missing, np.nan, values) if missing else values


def whole(draw: Callable[[Generator, int], Values]) -> Drawn:
    """Return a column of whole numbers."""
    return lambda chance, rows: pl.Series(draw(chance, rows).astype(np.int64))


def truth(share: float) -> Drawn:
    """Return a column that is true in a share of the rows."""
    return lambda chance, rows: pl.Series(chance.random(rows) < share)


def shares(levels: int, steep: float) -> Values:
    """Return the shares of categories: all alike at 0, falling as 1 / rank at 1."""
    found: Values = 1 / np.arange(1, levels + 1) ** steep
    return np.asarray(found / found.sum())


def category(levels: int, steep: float, missing: float = 0.0) -> Drawn:
    """Return a column of texts."""

    def drawn(chance: Generator, rows: int) -> pl.Series:
        names = chance.choice(levels, rows, p=shares(levels, steep))
        found = pl.Series(names).cast(pl.String)
        return found.set(pl.Series(chance.random(rows) < missing), None) if missing else found

    return drawn


def normal(chance: Generator, rows: int) -> Values:
    """Return standard normal values."""
    return chance.standard_normal(rows)


def rainfall(chance: Generator, rows: int) -> Values:
    """Return values seven in ten of which are zero, the others skewed."""
    return np.where(chance.random(rows) < 0.7, 0.0, chance.exponential(5, rows))


COLUMNS: Final[dict[str, Drawn]] = {
    "normal_1": number(normal),
    "normal_2": number(normal),
    "normal_3": number(normal),
    "normal_4": number(normal),
    "normal_5": number(normal, 0.05),
    "normal_6": number(normal, 0.3),
    "tails_1": number(lambda chance, rows: chance.standard_t(2, rows)),
    "tails_2": number(lambda chance, rows: chance.standard_t(1, rows)),
    "tails_3": number(lambda chance, rows: chance.standard_t(3, rows), 0.1),
    "skewed_1": number(lambda chance, rows: chance.lognormal(0, 1, rows)),
    "skewed_2": number(lambda chance, rows: chance.lognormal(0, 2, rows)),
    "skewed_3": number(lambda chance, rows: chance.exponential(1, rows)),
    "uniform": number(lambda chance, rows: chance.random(rows)),
    "rain_1": number(rainfall),
    "rain_2": number(rainfall, 0.02),
    "counts_1": whole(lambda chance, rows: chance.poisson(1, rows).astype(float)),
    "counts_2": whole(lambda chance, rows: chance.poisson(30, rows).astype(float)),
    "codes": whole(lambda chance, rows: chance.integers(1, 8, rows).astype(float)),
    "amounts": whole(lambda chance, rows: chance.integers(0, 100_000, rows).astype(float)),
    "binary_1": truth(0.5),
    "binary_2": truth(0.05),
    "levels_2": category(2, 1),
    "levels_3": category(3, 0),
    "levels_5": category(5, 1, 0.1),
    "levels_8": category(8, 0),
    "levels_12": category(12, 1),
    "levels_20": category(20, 1),
    "levels_30": category(30, 0),
    "levels_50": category(50, 1),
    "levels_50_even": category(50, 0),
}


def table(chance: Generator, rows: int) -> pl.DataFrame:
    """Return a table of the thirty columns."""
    return pl.DataFrame({name: draw(chance, rows) for name, draw in COLUMNS.items()})


def summary(found: pl.DataFrame) -> Profile:
    """Return the profile of a table, as one that is registered has it."""
    return profile(of_frame(found), correlations=False)


# -- without a change --------------------------------------------------------------------


class Alarms(NamedTuple):
    """What was called drift where there is none."""

    what: str
    runs: int
    alarmed: int
    """Runs with any column in drift or severe."""
    whole: int
    """Runs whose data set's verdict is drift or severe."""
    usual: int
    """Runs that the usual rule alarms in: a stability index of 0.1 or more in any column."""
    columns: tuple[str, ...]
    """Which columns, over all runs."""

    @property
    def share(self) -> float:
        """Return the share of runs with any alarm."""
        return self.alarmed / self.runs

    @property
    def interval(self) -> tuple[float, float]:
        """Return its 95 % interval."""
        return wilson(self.alarmed, self.runs)


def wilson(hits: int, runs: int) -> tuple[float, float]:
    """Return the 95 % interval of a share: Wilson (1927), Probable Inference."""
    share, z2 = hits / runs, _SURE**2
    middle = (share + z2 / (2 * runs)) / (1 + z2 / runs)
    away = _SURE / (1 + z2 / runs) * sqrt(share * (1 - share) / runs + z2 / (4 * runs**2))
    return max(middle - away, 0.0), min(middle + away, 1.0)


def alarms(n1: int, n2: int, repetitions: int, seed: int, chunks: int = 1) -> Alarms:
    """Return how often anything alarms without any change."""
    chance = np.random.default_rng([seed, n1, n2, chunks])
    alarmed, whole_set, usual, columns = 0, 0, 0, list[str]()
    for _ in range(repetitions):
        reference = summary(table(chance, n1))
        parts = [Part(str(k), summary(table(chance, n2))) for k in range(chunks)]
        found = judge(reference, parts)
        called = [
            one.name for chunk in found.chunks for one in chunk.columns if one.verdict in ALARMS
        ]
        usual += any(map(_index_is_usual, (one for chunk in found.chunks for one in chunk.columns)))
        alarmed += bool(called)
        whole_set += found.verdict in ALARMS
        columns += called
    what = f"{n1:,} v {n2:,}" + (f" x {chunks}" if chunks > 1 else "")
    return Alarms(what, repetitions, alarmed, whole_set, usual, tuple(columns))


def _index_is_usual(column: ColumnDrift) -> bool:
    """Say whether the usual rule alarms at a column."""
    return any(one.name == "psi" and one.value >= USUAL for one in column.measures)


# -- with a change -----------------------------------------------------------------------


class Change(NamedTuple):
    """A known change, put into five columns of the current data."""

    what: str
    columns: tuple[str, ...]
    change: Callable[[pl.Series, Generator], pl.Series]


_NORMAL: Final = ("normal_1", "normal_2", "normal_3", "normal_4", "normal_5")
_LEVELS: Final = ("levels_2", "levels_3", "levels_5", "levels_8", "levels_12")


def moved(by: float) -> Callable[[pl.Series, Generator], pl.Series]:
    """Return the change of every value by so many deviations."""
    return lambda values, _: values + by


def wider(by: float) -> Callable[[pl.Series, Generator], pl.Series]:
    """Return the change of every value to so many times it."""
    return lambda values, _: values * by


def other_level(share: float, name: str) -> Callable[[pl.Series, Generator], pl.Series]:
    """Return the change of a share of the rows to one category."""

    def change(values: pl.Series, chance: Generator) -> pl.Series:
        return values.set(pl.Series(chance.random(len(values)) < share), name)

    return change


def nulls(share: float) -> Callable[[pl.Series, Generator], pl.Series]:
    """Return the loss of a share of the values."""

    def change(values: pl.Series, chance: Generator) -> pl.Series:
        return values.set(pl.Series(chance.random(len(values)) < share), None)

    return change


CHANGES: Final = (
    Change("mean +0.1 σ", _NORMAL, moved(0.1)),
    Change("mean +0.2 σ", _NORMAL, moved(0.2)),
    Change("mean +0.5 σ", _NORMAL, moved(0.5)),
    Change("deviation x 1.5", _NORMAL, wider(1.5)),
    Change("10 % to one category", _LEVELS, other_level(0.1, "1")),
    Change("30 % to one category", _LEVELS, other_level(0.3, "1")),
    Change("2 % in a new category", _LEVELS, other_level(0.02, "new")),
    Change("5 points more nulls", _NORMAL, nulls(0.05)),
    Change("10 points more nulls", _NORMAL, nulls(0.1)),
    Change("30 points more nulls", _NORMAL, nulls(0.3)),
)


class Power(NamedTuple):
    """How much of a known change was found."""

    what: str
    rows: int
    found: float
    """Share of the changed columns in drift or severe."""
    seen: float
    """The same or ``shifted``: significant, and too small to alarm."""


def power(change: Change, rows: int, repetitions: int, seed: int) -> Power:
    """Return the share of changed columns that is found, at equal numbers of rows."""
    chance = np.random.default_rng([seed, rows, CHANGES.index(change)])
    found = seen = 0
    for _ in range(repetitions):
        current = table(chance, rows)
        current = current.with_columns(
            [change.change(current[name], chance).alias(name) for name in change.columns]
        )
        judged = judge(summary(table(chance, rows)), [Part("", summary(current))])
        verdicts = {one.name: one.verdict for one in judged.chunks[0].columns}
        found += sum(verdicts[name] in ALARMS for name in change.columns)
        seen += sum(verdicts[name] in {*ALARMS, SHIFTED} for name in change.columns)
    columns = repetitions * len(change.columns)
    return Power(change.what, rows, found / columns, seen / columns)


# -- printing ----------------------------------------------------------------------------


def quiet(repetitions: int, seed: int, sizes: Sequence[tuple[int, int]]) -> bool:
    """Print the table of false alarms; say whether every share of it is below the limit."""
    _say(f"no change, {len(COLUMNS)} columns, {repetitions} runs each, seed {seed}")
    _say(
        f"{'rows':<18}{'any alarm':>10}{'95 % interval':>18}{'data set':>10}{'PSI >= 0.1':>12}"
        "  columns"
    )
    share = 0.0
    for one in _all(repetitions, seed, sizes):
        _say(_line(one))
        share = max(share, one.share)
    return share <= LIMIT


def _all(repetitions: int, seed: int, sizes: Sequence[tuple[int, int]]) -> Iterator[Alarms]:
    for n1, n2 in sizes:
        yield alarms(n1, n2, repetitions, seed)
    yield alarms(5_000, 1_000, max(repetitions // 4, 1), seed, CHUNKS)


def _say(line: str) -> None:
    print(line, flush=True)


def _line(found: Alarms) -> str:
    low, high = found.interval
    return (
        f"{found.what:<18}{found.share:>10.1%}{f'{low:.1%} to {high:.1%}':>18}"
        f"{found.whole / found.runs:>10.1%}{found.usual / found.runs:>12.1%}"
        f"  {' '.join(sorted(found.columns))}"
    ).rstrip()


def power_lines(repetitions: int, seed: int, rows: Sequence[int]) -> Iterator[str]:
    """Yield the table of what is found."""
    yield ""
    yield f"a change in 5 of {len(COLUMNS)} columns, {repetitions} runs each"
    yield "share of the five in drift or severe (in brackets: significant)"
    yield f"{'change':<24}" + "".join(f"{n:>16,}" for n in rows)
    for change in CHANGES:
        found = [power(change, n, repetitions, seed) for n in rows]
        yield f"{change.what:<24}" + "".join(
            f"{f'{one.found:.0%} ({one.seen:.0%})':>16}" for one in found
        )


def main(asked: Sequence[str]) -> int:
    """Print both tables; the exit code says whether false alarms stay below the limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.false_alarms")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", nargs="*", default=[], help="such as 300:1000; else all")
    parser.add_argument("--no-power", action="store_true", help="false alarms alone")
    parser.add_argument("--only-power", action="store_true", help="what is found alone")
    options = parser.parse_args(asked)
    sizes = [_size(one) for one in options.sizes] or SIZES
    held = options.only_power or quiet(options.repetitions, options.seed, sizes)
    if not options.no_power:
        repetitions = max(options.repetitions // 10, 1)
        for line in power_lines(repetitions, options.seed, POWER_SIZES):
            _say(line)
    return 0 if held else 1


def _size(text: str) -> tuple[int, int]:
    one, _, two = text.partition(":")
    return int(one), int(two or one)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
