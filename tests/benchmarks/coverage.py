"""How often a 95 % interval holds the true difference: ``python -m tests.benchmarks.coverage``.

An interval is only worth its name if it covers what it says. Differences with a known
truth are drawn again and again, the program's own arithmetic gives their intervals, and
the share that covers is printed. Two kinds of noise: normal, which the intervals
assume, and skewed (exponential), which metrics near their limits have.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from workbench.runs.paired import LEVEL, paired_interval, welch_interval

Floats = NDArray[np.float64]
Noise = Callable[[Generator, tuple[int, int]], Floats]

TRUTH = 0.3
"""The mean of B minus the mean of A, in standard deviations of A."""
WIDER = 2.0
"""How much wider B scatters than A where the two are not paired."""
NUMBERS = (2, 3, 5, 10)
REPETITIONS = 20_000


def normal(chance: Generator, shape: tuple[int, int]) -> Floats:
    """Return noise with mean 0 and deviation 1 as the intervals assume it."""
    return chance.standard_normal(shape)


def skewed(chance: Generator, shape: tuple[int, int]) -> Floats:
    """Return exponential noise with mean 0 and deviation 1; its skewness is 2."""
    return chance.standard_exponential(shape) - 1.0


NOISES: dict[str, Noise] = {"normal": normal, "skewed": skewed}


class Coverage(NamedTuple):
    """The share of intervals that held the truth, and how wide they were."""

    method: str
    noise: str
    n: int
    share: float
    error: float
    """The standard error of the share were it exactly the level."""
    width: float
    """The median, in standard deviations of A."""


def paired(noise: Noise, n: int, repetitions: int, chance: Generator) -> tuple[Floats, Floats]:
    """Return the bounds of paired intervals; a seed does the same to both of a pair."""
    seeds = 3.0 * chance.standard_normal((repetitions, n))
    a = seeds + noise(chance, (repetitions, n))
    b = seeds + noise(chance, (repetitions, n)) + TRUTH
    held = b - a
    low, high, _ = paired_interval(held.mean(axis=1), held.std(axis=1, ddof=1), n)
    return low, high


def welch(noise: Noise, n: int, repetitions: int, chance: Generator) -> tuple[Floats, Floats]:
    """Return the bounds of Welch's intervals; B scatters more than A, with as many runs."""
    a = noise(chance, (repetitions, n))
    b = WIDER * noise(chance, (repetitions, n)) + TRUTH
    stds = a.std(axis=1, ddof=1), b.std(axis=1, ddof=1)
    low, high, _ = welch_interval(b.mean(axis=1) - a.mean(axis=1), stds, (n, n))
    return low, high


METHODS = {"paired t": paired, "Welch t": welch}


def coverage(
    method: str, noise: str, n: int, repetitions: int = REPETITIONS, seed: int = 0
) -> Coverage:
    """Return how often the intervals of one method cover the truth."""
    chance = np.random.default_rng(
        [seed, n, list(METHODS).index(method), list(NOISES).index(noise)]
    )
    low, high = METHODS[method](NOISES[noise], n, repetitions, chance)
    share = float(np.mean((low <= TRUTH) & (high >= TRUTH)))
    error = float(np.sqrt(LEVEL * (1 - LEVEL) / repetitions))
    return Coverage(method, noise, n, share, error, float(np.median(high - low)))


def table(repetitions: int, seed: int) -> Iterator[str]:
    """Yield the lines of what is printed."""
    yield f"coverage of {LEVEL:.0%} intervals, {repetitions:,} repetitions each, seed {seed}"
    yield f"{'method':<10}{'noise':<9}{'n':>4}{'covered':>10}{'off by':>9}{'median width':>15}"
    for method in METHODS:
        for noise in NOISES:
            for n in NUMBERS:
                found = coverage(method, noise, n, repetitions, seed)
                off = (found.share - LEVEL) / found.error
                yield (
                    f"{method:<10}{noise:<9}{n:>4}{found.share:>10.2%}{off:>+7.1f} σ"
                    f"{found.width:>15.2f}"
                )


def main(asked: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.coverage")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(asked)
    for line in table(options.repetitions, options.seed):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
