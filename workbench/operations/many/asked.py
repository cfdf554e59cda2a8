"""What can be asked of a chart of many runs, and what comes back, as frozen values."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from workbench.catalogue.query import Column
from workbench.charts.figure import Figure

SCATTER, PARALLEL, HEAT, HIST = "scatter", "parallel", "heat", "hist"
PROGRESS, PARETO, IMPORTANCE = "progress", "pareto", "importance"
KINDS: Final = (SCATTER, PARALLEL, HEAT, HIST, PROGRESS, PARETO, IMPORTANCE)


class Range(NamedTuple):
    """What of a column is looked at; both ends belong to it, infinite ends are open.

    Ends are values of the column as they are stored, in seconds since 1970 for times. Of a
    column of categories they are names, or places on its axis, counted from 0.
    """

    column: Column
    low: float | str
    high: float | str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which chart of which runs; columns that are None are chosen from what the runs have."""

    kind: str
    filter: str = ""
    x: Column | None = None
    y: Column | None = None
    z: Column | None = None
    """The value of a heat map; the third metric of a Pareto front."""
    axes: tuple[Column, ...] = ()
    """Of parallel coordinates, from left to right."""
    metric: str = ""
    """The metric that counts where no column says so."""
    marks: tuple[str, ...] = ()
    """Ids of the runs drawn bright, in the order of marking."""
    archived: bool = False
    """Look at the archived runs, and only those."""
    log_x: bool = False
    log_y: bool = False
    brush: tuple[tuple[Column, float | str, float | str], ...] = ()
    """Ranges as of `Range`; runs outside any of them fall away."""
    cursor: int | None = None
    """A point by its place from left to right, or an axis; None where nothing is pointed at."""
    group: tuple[Column, ...] = ()
    """Runs equal in all of these have one colour and letter."""


class Summary(NamedTuple):
    """A group of runs in a chart: how many there are and what they reach."""

    letter: str
    name: str
    n: int
    """Finite values."""
    mean: float
    std: float | None
    """Sample standard deviation; None for one value."""
    best: float | None
    """By the metric's goal; None where it has none."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of many runs, drawn and as a table."""

    figure: Figure
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """The numbers that are drawn."""
    said: tuple[str, ...]
    """What is left out and what has to be known, in sentences."""
    asked: Asked
    """With the columns that were chosen, and the cursor kept on what there is."""
    inside: int
    """Runs within every range of the brush."""
    total: int
    """Runs that match the filter."""
    here: int | None
    """Number of the run under the cursor."""
    filter: str
    """The filter that finds exactly the runs inside."""
    groups: tuple[Summary, ...] = ()
    extents: tuple[tuple[Column, float, float], ...] = ()
    """Each axis drawn, in order: its column and how far all runs reach on it."""
    ranges: tuple[str, ...] = ()
    """What of each brushed column is let through, in words: ``lr 0.001 … 0.01``."""
