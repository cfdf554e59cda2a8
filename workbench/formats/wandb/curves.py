"""The curves of a wandb run, told from its log as its card is."""

import math
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.formats.contract import Curves, Points
from workbench.formats.wandb import story
from workbench.formats.wandb.left import left_behind
from workbench.formats.wandb.log import read_log
from workbench.formats.wandb.telling import Column, Telling


class _Place(NamedTuple):
    """How far a log was read, and for which metrics that holds."""

    log: str
    metrics: frozenset[str] | None
    notes: bytes


class _Given(NamedTuple):
    """What was handed out of a run without a log."""

    values: dict[str, float]


def read_points(
    folder: str, key: str, log: str, metrics: frozenset[str] | None, progress: object
) -> Curves:
    """Return the points of a run past ``progress``; see `contract.FolderReader.points`."""
    if not log:
        return _single(folder, key, metrics, progress)
    known = isinstance(progress, _Place) and progress[:2] == (log, metrics)
    told = story.opened(progress.notes if isinstance(progress, _Place) and known else b"")
    telling, restarted = Telling(told, metrics), progress is not None and not known
    found: dict[str, Points] = {}
    more = True
    while more:
        try:
            batch = read_log(f"{folder}/{log}", telling.story.place)
        except FormatError:
            break  # the card tells it
        if batch.restarted:
            telling, restarted, found = Telling(story.Story(), metrics), progress is not None, {}
        telling.go_on(batch)
        for name, column in telling.taken():
            _extend(found.setdefault(name, Points([], [], [])), column)
        more = batch.more
    return Curves(found, _Place(log, metrics, story.closed(telling.story)), restarted)


def _extend(points: Points, column: Column) -> None:
    points.steps.extend(math.nan if step is None else float(step) for step in column.steps)
    points.times.extend(column.times)
    points.values.extend(column.values)


def _single(folder: str, key: str, metrics: frozenset[str] | None, progress: object) -> Curves:
    """Return the summary's numbers as curves of one point, again if one of them changed."""
    values = dict(left_behind(folder, key, []).values)
    chosen = {n: v for n, v in values.items() if metrics is None or n in metrics}
    known = isinstance(progress, _Given) and repr(progress.values) == repr(chosen)
    points = {} if known else {n: Points([math.nan], [math.nan], [v]) for n, v in chosen.items()}
    return Curves(points, _Given(chosen), progress is not None and not known)
