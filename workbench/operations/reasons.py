"""What is known of why one run is better than another: the values behind the page."""

from dataclasses import dataclass
from typing import NamedTuple

from workbench.operations.code import CodeDifference
from workbench.operations.compare import Compared
from workbench.runs.comparing import Fact
from workbench.runs.deltas import Delta
from workbench.runs.paired import Difference
from workbench.runs.parting import Parting


class MetricDelta(NamedTuple):
    """A metric's last value in both runs, and how B's differs from A's."""

    name: str
    a: float
    b: float
    delta: Delta
    goal: str = ""
    """``min``, ``max``, or nothing where no direction is known."""
    guessed: bool = False
    """The direction was guessed from the metric's name."""


class Repeat(NamedTuple):
    """A seed or fold and the runs that stand for it; empty where one recipe has none."""

    place: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Why:
    """Two runs and everything in which B differs from A; facts hold A's value, then B's."""

    a: Compared
    b: Compared
    metric: str
    """The main metric; empty when the runs have none in common."""
    main: MetricDelta | None
    params: tuple[Fact, ...]
    code: CodeDifference
    packages: tuple[Fact, ...]
    data: tuple[Fact, ...]
    environment: tuple[Fact, ...]
    metrics: tuple[MetricDelta, ...]
    """Those that differ, the relatively largest first; those of the machine last."""
    parting: Parting | None
    curves: str
    """Why there is no place where the curves part, in a sentence; empty where there is."""
    difference: Difference
    """Of the main metric, over the seeds or folds of both recipes."""
    repeats: tuple[Repeat, ...]
    """Which runs that difference rests on."""
    said: tuple[str, ...]
    """What is missing or to be kept in mind, in sentences."""
