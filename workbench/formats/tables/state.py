"""What is remembered of a table between two looks, and what a look gives."""

import math
from typing import NamedTuple

from msgspec import Struct, field

STEPS = (
    "step", "_step", "global_step", "trainer/global_step", "iteration", "iter", "epoch",
    "training_iteration", "total_timesteps", "time/total_timesteps", "timesteps_total", "steps",
    "iterations", "epochs", "round",
)  # fmt: skip
TIMES = ("_timestamp", "timestamp", "time", "ts", "wall_time")
MOST_FAULTS = 20
MOST_COLUMNS = 5_000
"""Metrics read of one table; a wider one is data that somebody measured."""


class Roles(NamedTuple):
    """Which columns are no metrics."""

    steps: tuple[str, ...] = STEPS
    """The first of these that there is gives the step."""
    times: tuple[str, ...] = TIMES
    aside: tuple[str, ...] = ()
    """Kept as the last value only."""
    numbered: bool = False
    """The number of the row is the step, from 0."""


ANY = Roles()


class Column(NamedTuple):
    """Points of a metric; a step is NaN where there is none, and so is a time."""

    steps: list[float]
    times: list[float]
    values: list[float]


class Words(Struct):
    """A column that holds text."""

    line: int
    """Where the first stands."""
    first: str
    count: int = 1


class TableState(Struct):
    """How far a table has been read, and what its header said."""

    offset: int = 0
    inode: int = 0
    lines: int = 0
    rows: int = 0
    """Lines that held numbers."""
    head: str = ""
    head_bytes: int = 0
    foot: str = ""
    """A hash of the last bytes before ``offset``."""
    header: list[str] | None = None
    width: int = 0
    """Columns there are; the header's first ones are read."""
    header_bytes: int = 0
    separator: str = ","
    step: str | None = None
    time: str | None = None
    words: dict[str, Words] = field(default_factory=dict)
    """Columns that hold text."""
    known: set[str] = field(default_factory=set)
    """Columns that hold numbers."""
    aside: dict[str, float] = field(default_factory=dict)
    bad: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    over: int = 0
    """Bytes of a line too long to be read, as far as it was stepped over."""
    nameless: bool = False
    """It was told that numbers without a name are left out."""
    waiting: int = 0
    """The line where a quoted cell began that has not ended; 0 if there is none."""

    def wrong(self, line: int, reason: str) -> None:
        """Note that a line is wrong."""
        self.bad += 1
        if self.bad <= MOST_FAULTS:
            self.faults.append((line, reason))

    def left_nameless(self, line: int) -> None:
        """Note, once, that a number stands under an empty name."""
        if not self.nameless:
            self.nameless = True
            self.wrong(line, "holds numbers without a name, which are left out")

    def admits(self, name: str) -> bool:
        """Say whether there is room for a metric; the first there is none for is told."""
        if name in self.known or len(self.known) < MOST_COLUMNS:
            return True
        if "" not in self.known:
            self.known.add("")
            self.wrong(self.lines + 1, f"more than {MOST_COLUMNS:,} metrics; the others are left")
        return False

    def set_aside(self, name: str, value: float) -> None:
        """Note the last value of a column that is no metric."""
        if math.isfinite(value):
            self.aside[name] = value

    def forget(self) -> None:
        """Begin anew: the file is another one."""
        fresh = TableState()
        for name in self.__struct_fields__:
            setattr(self, name, getattr(fresh, name))


class News(NamedTuple):
    """What is new in a table."""

    columns: dict[str, Column]
    restarted: bool
    """The points handed out before are of another file; those in ``columns`` are its first."""
