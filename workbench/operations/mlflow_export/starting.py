"""When a run began, as MLflow wants it of every run.

MLflow does not list a run without a start, and one such run hides its whole experiment.
"""

import math
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.operations.importing.identity import place_of
from workbench.operations.importing.values import Stop
from workbench.operations.mlflow_export import curves


class Start(NamedTuple):
    """When a run began."""

    at: float
    """Seconds since 1970."""
    instead: str = ""
    """What was taken where nobody wrote the start down, in words; empty where somebody did."""


def start_of(record: RunRecord, place: curves.Place, stop: Stop) -> Start:
    """Return when a run began: as it says, else its first point, its end, its folder's date.

    Raises:
        FormatError: Its curves cannot be read.
        StoppedError: A person asked for the end.
    """
    if record.started is not None and math.isfinite(record.started):
        return Start(record.started)
    first = curves.first_time(place, record.metrics, stop)
    if first is not None:
        return Start(first, "the first point's time")
    if record.ended is not None and math.isfinite(record.ended):
        return Start(record.ended, "the end")
    return Start(_changed(place), "the date of the run's files")


def _changed(place: curves.Place) -> float:
    path = place_of(place.root, place.key).partition("#")[0]
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0
