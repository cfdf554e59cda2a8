"""What a team watches: an entry ``[monitor.X]`` of the settings, read and found to be in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from workbench.datasets.drift.thresholds import Thresholds

TRAINING, PREVIOUS, LAST_WEEK, LAST_YEAR = "training", "previous", "last week", "last year"
"""References that are no dataset and no path: what the model learned from; the chunk before; the
same weekday of the week before; the same month, week or day of the year before."""
PREDICTIONS: Final = "predictions"
"""As `Monitor.data`: the production predictions of the model."""
PCA, DOMAIN_CLASSIFIER = "pca", "domain classifier"
OPINIONS: Final = (PCA, DOMAIN_CLASSIFIER)
"""The kinds of second opinions."""
MOST_SEGMENTS: Final = 2
"""Columns whose values a check may be told apart by."""
NO_THRESHOLDS: Final = Thresholds()


class Mute(NamedTuple):
    """A column that is not to alert for a while."""

    column: str
    until: str
    """A day, ``YYYY-MM-DD``, the last one it holds on."""
    reason: str
    actor: str = ""
    time: float | None = None
    """When it was said; None where the settings say it."""
    id: str = ""
    """Of the file that says it; empty for one of the settings."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """One watched thing."""

    name: str
    data: str
    """A dataset (``flights-month``), `PREDICTIONS`, or a file, folder or pattern."""
    model: str = ""
    """``flights@production`` or ``flights@3``; empty where only data are watched."""
    reference: str = ""
    """``training`` (the default with a model), a dataset version (``census@4``), a path,
    ``previous``, ``last week`` or ``last year``."""
    chunks: str = ""
    """``day``, ``week``, ``month``, ``file``, ``1000 rows`` or ``10 parts``; empty: all at once."""
    time: str = ""
    """The column of time; by default what the dataset's fields say."""
    columns: tuple[str, ...] = ()
    """Only these; empty: all."""
    exclude: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Up to two columns."""
    roles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """How to read a file, as ``read`` of a dataset."""
    measures: tuple[str, ...] = ()
    """Beside the usual ones."""
    opinions: tuple[str, ...] = ()
    """``pca``, ``domain classifier``."""
    thresholds: Thresholds = NO_THRESHOLDS
    alert: tuple[int, int] = (2, 3)
    """So many of the last so many chunks must alarm; 1 of 1 where all is one chunk for ever."""
    severity: str = "warning"
    """What an alert is worth to the team: ``note``, ``warning`` or ``critical``."""
    every_s: float | None = None
    """How often it must be checked; None: whenever data come."""
    mutes: tuple[Mute, ...] = ()
    follow: bool = True
    """Checked by open screens and ``workbench watch`` when data come."""
    line: int = 0
    said: str = ""
    """Hash of everything here that decides what a check finds."""
