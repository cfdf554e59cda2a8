"""DVCLive's folders: curves in ``plots/metrics``, the latest values in ``metrics.json``.

One folder is one run, and the next run deletes it and begins again in its place; what
was in it can be kept (`sync/keeping.py`), for which this reader says what to keep. It
says nothing of how a run ended. ``metrics.json`` and ``params.yaml`` are written over
in place, so a look may meet half of one: then what the last look saw stands.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import (
    Claim,
    Curves,
    Fault,
    Folder,
    Points,
    Reading,
    RunCard,
)
from workbench.formats.dvclive import series as dvclive_series
from workbench.formats.dvclive.series import MOST_FAULTS, State
from workbench.formats.notes import noted
from workbench.formats.points import closed, opened, summarise
from workbench.formats.walking import HERE, folder_at
from workbench.opening import inside, is_plain_file, read_small
from workbench.runfolder import RUNNING, Summary

PLOTS, METRICS = "plots", "plots/metrics"
LATEST, PARAMS, DVC = "metrics.json", "params.yaml", "dvc.yaml"
RUNS_WHILE = 120.0
"""Seconds without a change after which nobody can say whether a script still runs."""
_SETTLES_IN = 5.0
"""Seconds after which half a file is not one that is being written."""
_LARGEST = 1 << 20
_OWN = frozenset(["plots", "artifacts"])
"""Folders DVCLive makes; below no other is anybody else's run."""


class _Series(Struct):
    state: State = field(default_factory=State)
    summary: tuple[Any, ...] | None = None
    first_time: float | None = None
    last_time: float | None = None


class _Progress(Struct):
    version: int = 1
    series: dict[str, _Series] = field(default_factory=dict)
    latest: dict[str, float | str] = field(default_factory=dict)
    """What ``metrics.json`` said when it was last whole."""
    params: dict[str, Any] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


class DvcliveReader:
    """Runs as folders that DVCLive wrote, anywhere below the opened folder."""

    name: ClassVar[str] = "dvclive"
    title: ClassVar[str] = "DVCLive"
    live: ClassVar[str] = "with every value logged"
    verified: ClassVar[str] = "folders of dvclive 3.49, against dvclive's own reading of them"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether the names in ``folder`` are those of DVCLive."""
        return PLOTS in folder.folders or (LATEST in folder.files and PARAMS in folder.files)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return what tells that the folder changed; None if it has no series."""
        del path, before
        home = str(folder.path)
        names = [name for _, name in dvclive_series.files_of(f"{home}/{METRICS}")]
        if not names and not (LATEST in folder.files and PARAMS in folder.files):
            return None
        if not names and PLOTS not in folder.folders and folder.path.name != "dvclive":
            return None  # `metrics.json` with `params.yaml` alone is DVC's, of a stage
        seen = [
            (name, signs.facts_of(f"{home}/{name}"))
            for name in (LATEST, PARAMS, DVC, *(f"{METRICS}/{name}" for name in names))
        ]
        newest = max((facts[2] for _, facts in seen if facts), default=0) / 1e9
        return Claim(
            signs.stamp(seen),
            changed=newest,
            closed=folder.folders <= _OWN,
        )

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether a table holds the last values, or is the curve of one metric."""
        if name == LATEST and PLOTS in folder.folders:
            return True
        return dvclive_series.is_series(f"{folder.path}/{name}", first)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        folder = str(folder_at(root, key))
        notes = noted(progress, _PROGRESS)
        faults: list[Fault] = []
        metrics = _curves_of(folder, key, notes, faults)
        latest = _latest(folder, key, notes, now, faults)
        alone = {name: value for name, value in latest.items() if name not in metrics}
        series = _series_of(folder) if alone else frozenset()
        metrics.update(
            (name, Summary.of(value, None)) for name, value in alone.items() if name not in series
        )
        params = _params(folder, key, notes, faults)
        if not metrics and not params and not is_plain_file(f"{folder}/{LATEST}"):
            raise FormatError(f"{key!r} is not a run: DVCLive left nothing in it.")
        card = _card(folder, notes, now)
        said = _said_artifacts(folder)
        return Reading(
            RunCard(
                **card, params=params, metrics=metrics,
                facts={**_times_said(notes), **said}, faults=tuple(faults),
            ),
            msgspec.json.encode(notes),
        )  # fmt: skip

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``; a value without a series is one point."""
        folder = str(folder_at(root, key))
        old = progress if isinstance(progress, _Places) else None
        found, places = _news(folder, old.states if old else {})
        restarted = places is None
        if restarted:
            found, places = _news(folder, {})
        latest = _read_latest(folder)
        values = latest if latest is not None else dict(old.latest) if old else {}
        series = _series_of(folder)
        single = {n: v for n, v in values.items() if n not in series}
        if old and not restarted and not _same(single, old.latest):  # a point was written over
            restarted = True
            found, places = _news(folder, {})
        if old is None or restarted:
            found.update({n: Points([math.nan], [math.nan], [v]) for n, v in single.items()})
        wanted = {n: p for n, p in found.items() if metrics is None or n in metrics}
        return Curves(wanted, _Places(places or {}, single), restarted)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: DVCLive keeps no output of the script."""
        del root, key
        return {}

    def kept_files(self, root: Path, key: str) -> Sequence[str]:
        """Return what to keep of a run before the next one takes its folder."""
        folder = str(folder_at(root, key))
        names = [f"{METRICS}/{name}" for _, name in dvclive_series.files_of(f"{folder}/{METRICS}")]
        whole = [name for name in (LATEST, PARAMS, DVC) if is_plain_file(f"{folder}/{name}")]
        return [*names, *whole]

    def only_grows(self, path: str) -> bool:
        """Say whether a run does nothing to this file but add to its end."""
        return path.startswith(f"{METRICS}/")

    def is_whole(self, path: str, data: bytes) -> bool:
        """Say whether this is all of a file that is written over, not half of it."""
        if not data.endswith(b"\n"):
            return False
        try:
            return not path.endswith(".json") or json.loads(data) is not None
        except (ValueError, RecursionError):
            return False


def _below(key: str, name: str) -> str:
    """Return what to call a file of the run at ``key`` in a fault."""
    return name if key == HERE else f"{key}/{name}"


class _Places(NamedTuple):
    states: Mapping[str, State]
    latest: Mapping[str, float]


def _curves_of(folder: str, key: str, notes: _Progress, faults: list[Fault]) -> dict[str, Summary]:
    """Let the summaries grow by what is new; files that went take theirs along."""
    there = dict(dvclive_series.files_of(f"{folder}/{METRICS}"))
    notes.series = {name: notes.series.get(name) or _Series() for name in there.values()}
    metrics: dict[str, Summary] = {}
    for metric, name in there.items():
        series, shown = notes.series[name], _below(key, f"{METRICS}/{name}")
        try:
            _follow(f"{folder}/{METRICS}/{name}", series)
        except (FormatError, OSError) as problem:
            faults.append(Fault(shown, f"cannot be read: {problem}"))
        state = series.state
        faults += [Fault(shown, reason, line) for line, reason in state.faults]
        if state.bad > MOST_FAULTS:
            faults.append(Fault(shown, f"{state.bad - MOST_FAULTS:,} more lines are wrong"))
        if series.summary is not None:
            metrics[metric] = opened(series.summary)
    return metrics


def _follow(path: str, series: _Series) -> None:
    steps, times, values, restarted = dvclive_series.read_news(path, series.state)
    if restarted:
        series.summary, series.first_time, series.last_time = None, None, None
    if not values:
        return
    new = summarise(values, [int(step) for step in steps])
    series.summary = closed(opened(series.summary).join(new) if series.summary else new)
    told = [time for time in times if time == time]  # noqa: PLR0124
    if told:
        series.first_time = told[0] if series.first_time is None else series.first_time
        series.last_time = told[-1]


def _news(
    folder: str, states: Mapping[str, State]
) -> tuple[dict[str, Points], dict[str, State] | None]:
    """Return new points and places; no places if a file was replaced or is gone."""
    found: dict[str, Points] = {}
    after: dict[str, State] = {}
    for metric, name in dvclive_series.files_of(f"{folder}/{METRICS}"):
        state = msgspec.structs.replace(states[name]) if name in states else State()
        series = dvclive_series.read_news(f"{folder}/{METRICS}/{name}", state)
        if series.restarted:
            return {}, None
        after[name] = state
        if series.values:
            found[metric] = Points(series.steps, series.times, series.values)
    return found, after if states.keys() <= after.keys() else None


def _latest(
    folder: str, key: str, notes: _Progress, now: float, faults: list[Fault]
) -> Mapping[str, float]:
    """Return the values of ``metrics.json``, those of the last look if it is half written."""
    path = f"{folder}/{LATEST}"
    if signs.facts_of(path) is None:  # the next run has begun and deleted it
        notes.latest = {}
        return {}
    found = _read_latest(folder)
    if found is None:
        if now - signs.changed_at([path]) > _SETTLES_IN:
            faults.append(Fault(_below(key, LATEST), "does not decode; it may be cut short"))
        return {name: float(value) for name, value in notes.latest.items()}
    notes.latest = {name: repr(value) for name, value in found.items()}
    return found


def _read_latest(folder: str) -> dict[str, float] | None:
    """Return the numbers in ``metrics.json`` by metric; None while it cannot be read."""
    try:
        told = plain_config.load_json(read_small(f"{folder}/{LATEST}", _LARGEST))
    except FileNotFoundError:
        return {}
    except (FormatError, OSError, ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    told.pop("step", None)
    return dict(_leaves(told, "", 16))


def _leaves(told: Mapping[str, Any], prefix: str, depth: int) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name, value in told.items():
        if isinstance(value, Mapping):
            found += _leaves(value, f"{prefix}{name}/", depth - 1) if depth else []
        elif (number := _number(value)) is not None:
            found.append((f"{prefix}{name}", number))
    return found


def _number(value: object) -> float | None:
    """Return the number a value stands for; DVCLive writes those that are not finite as text."""
    if isinstance(value, str):
        return float(value) if value in ("nan", "inf", "-inf") else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _series_of(folder: str) -> frozenset[str]:
    """Return the metrics that have a file of their own, readable or not."""
    return frozenset(metric for metric, _ in dvclive_series.files_of(f"{folder}/{METRICS}"))


def _same(left: Mapping[str, float], right: Mapping[str, float]) -> bool:
    return repr(sorted(left.items())) == repr(sorted(right.items()))


def _params(folder: str, key: str, notes: _Progress, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the params, those of the last look while the file is half written."""
    try:
        notes.params = _read_params(f"{folder}/{PARAMS}")
    except FileNotFoundError:
        notes.params = {}
    except (FormatError, OSError) as problem:
        faults.append(Fault(_below(key, PARAMS), f"cannot be read: {problem}"))
    return notes.params


def _read_params(path: str) -> dict[str, Any]:
    data = read_small(path, _LARGEST)
    if not data.endswith(b"\n"):  # `lr: 0.01` cut short is a smaller rate
        raise FormatError("it ends in the middle of a line")
    return plain_config.flat(plain_config.load(PARAMS, data))


def _card(folder: str, notes: _Progress, now: float) -> dict[str, Any]:
    """Return what follows from the folder's name and the dates in it and of it."""
    files = [f"{folder}/{METRICS}/{name}" for name in notes.series]
    files += [f"{folder}/{LATEST}", f"{folder}/{PARAMS}"]
    changed = signs.changed_at(files)
    status = signs.status_by(changed, now, RUNS_WHILE)
    firsts = [s.first_time for s in notes.series.values() if s.first_time is not None]
    lasts = [s.last_time for s in notes.series.values() if s.last_time is not None]
    dates = [facts[2] / 1e9 for path in (*files, f"{folder}/{METRICS}")
             if (facts := signs.facts_of(path))]  # fmt: skip
    return {
        "run_id": "",
        "name": Path(folder).name,
        "experiment": Path(folder).absolute().parent.name,
        "status": status,
        "inferred": True,
        "started": min(firsts or dates, default=None),
        "ended": None if status == RUNNING else max(lasts or dates, default=None),
    }


def _times_said(notes: _Progress) -> dict[str, str]:
    told = any(series.first_time is not None for series in notes.series.values())
    return {} if told else {"times": "the files' dates"}


def _said_artifacts(folder: str) -> dict[str, str]:
    """Return the files ``dvc.yaml`` calls artifacts of this run, by name: it lies here or above."""
    for path in (f"{folder}/{DVC}", f"{os.path.dirname(folder)}/{DVC}"):  # noqa: PTH120
        try:
            told = plain_config.load(DVC, read_small(path, _LARGEST))
        except (FormatError, OSError):
            continue
        if f"{os.path.basename(folder)}/{LATEST}" not in _texts(told.get("metrics")):  # noqa: PTH119
            continue
        artifacts = told.get("artifacts")
        if isinstance(artifacts, Mapping):
            return {
                f"artifact {name}": str(one["path"])
                for name, one in list(artifacts.items())[:100]
                if isinstance(one, Mapping) and "path" in one
            }
    return {}


def _texts(told: object) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else []
