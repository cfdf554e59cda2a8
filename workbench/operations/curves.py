"""Curves of runs, whole and live.

Points are read from the run's own lines, once: the second question reads only what
was appended since. A long curve of a run that has ended is copied to Parquet in the
local cache, where the next session finds it thirty times faster. The copy is written
after the curve was handed out: it holds every metric of the run and takes several times
as long as the one that was asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from workbench.catalogue import curves as stored
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.places import RunPlace, places
from workbench.durable import temp_name
from workbench.errors import FormatError
from workbench.formats.contract import Points
from workbench.formats.detect import reader_named
from workbench.runs.series import Series

_WORTH_COPYING = 20_000
"""Points of a run from which on a copy pays; fewer are read from the lines in milliseconds."""
_MOST_COPIES_BYTES = 1 << 30
_MOST_RUNS = 64
_CLOSING_S = 2.0


@dataclass(slots=True)
class _Held:
    """The points of one run read so far."""

    stamp: int
    progress: object = None
    points: dict[str, Points] = field(default_factory=dict)
    ready: dict[str, Series] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()


class CurveStore:
    """Curves of one session; safe to ask from several threads."""

    def __init__(self, catalogue: Catalogue, root: Path, cache: Path) -> None:
        self._catalogue = catalogue
        self._base = root
        self._cache = cache
        self._lock = Lock()
        self._held: dict[int, _Held] = {}
        self._owed: dict[int, RunPlace] = {}
        self._copier: Thread | None = None

    def series(self, run: int, metric: str) -> Series:
        """Return one curve as far as it is written now; empty when there is none."""
        return self.many([run], metric).get(run, empty())

    def many(self, runs: Sequence[int], metric: str) -> dict[int, Series]:
        """Return the curve of one metric of several runs; a run that cannot be read has none."""
        return {run: found[metric] for run, found in self.several(runs, (metric,)).items()}

    def of_run(self, run: int, metrics: Sequence[str]) -> dict[str, Series]:
        """Return several curves of one run; its lines are read once for all of them."""
        found = self.several([run], metrics).get(run, {})
        return {metric: found[metric] if metric in found else empty() for metric in metrics}

    def several(
        self,
        runs: Sequence[int],
        metrics: Sequence[str],
        going: Callable[[], bool] = lambda: True,
    ) -> dict[int, dict[str, Series]]:
        """Return several curves of several runs; the lines of each run are read once.

        Args:
            runs: A run that cannot be read is left out.
            metrics: A run without one has an empty curve for it.
            going: Asked before each run; where it says no, the runs from there on are left out.
        """
        found = {}
        for place in places(self._catalogue, runs):
            if not going():
                break
            try:
                self._widen(place, metrics)
                found[place.run] = {metric: self._one(place, metric) for metric in metrics}
            except (FormatError, OSError):
                continue  # gone or unreachable; the sweep reports it
        self._copy_soon()
        return found

    def _widen(self, place: RunPlace, metrics: Sequence[str]) -> None:
        """Have all of these metrics read in one pass, where the lines must be read at all."""
        with self._lock:
            held = self._held.get(place.run)
            ready = held.ready if held is not None and held.stamp == place.stamp else {}
            if not place.live and (ready.keys() >= set(metrics) or self._copy_of(place).exists()):
                return
            if held is None or (not place.live and held.stamp != place.stamp):
                held = self._held[place.run] = _Held(place.stamp)
                self._forget_old()
            if not held.metrics.issuperset(metrics):
                held.metrics |= frozenset(metrics)
                held.progress, held.points, held.ready = None, {}, {}

    def _one(self, place: RunPlace, metric: str) -> Series:
        with self._lock:
            held = self._held.get(place.run)
            if held is None or (not place.live and held.stamp != place.stamp):
                held = self._held[place.run] = _Held(place.stamp)
                self._forget_old()
            if metric in held.ready and not place.live and held.stamp == place.stamp:
                return held.ready[metric]
            copy = self._copy_of(place)
            if not place.live and copy.exists():
                columns = stored.load(self._catalogue, copy, metric)
                if columns is not None:
                    held.ready[metric] = Series(*columns)
                    return held.ready[metric]
            return self._read(place, held, metric)

    def _read(self, place: RunPlace, held: _Held, metric: str) -> Series:
        """Read from the run's own files what was not read yet."""
        if metric not in held.metrics:
            held.metrics |= {metric}
            held.progress, held.points, held.ready = None, {}, {}
        reader = reader_named(place.format)
        root = self._root(place)
        new = reader.points(root, place.key, held.metrics, held.progress)
        if new.restarted:
            held.points, held.ready = {}, {}
        held.progress = new.progress
        held.stamp = place.stamp
        for name, points in new.points.items():
            known = held.points.setdefault(name, Points([], [], []))
            for mine, more in zip(known, points, strict=True):
                mine.extend(more)
            held.ready.pop(name, None)
        if metric not in held.ready:
            held.ready[metric] = _series(held.points.get(metric))
        if not place.live and len(held.ready[metric].values) >= _WORTH_COPYING:
            self._owed[place.run] = place
        return held.ready[metric]

    def _root(self, place: RunPlace) -> Path:
        return (self._base / place.source_root).resolve()

    def _copy_of(self, place: RunPlace) -> Path:
        mark = blake2b(
            f"{place.format}\n{place.source_root}\n{place.key}\n{place.stamp}".encode(),
            digest_size=10,
        ).hexdigest()
        return self._cache / "curves" / f"{mark}.parquet"

    def close(self) -> None:
        """Begin no further copy, and give the one in hand a moment to end.

        A thread that is at work while the interpreter ends keeps DuckDB's objects alive,
        and they complain on the terminal.
        """
        with self._lock:
            self._owed.clear()
        copier = self._copier
        if copier is not None:
            copier.join(_CLOSING_S)

    def _copy_soon(self) -> None:
        with self._lock:
            if self._owed and (self._copier is None or not self._copier.is_alive()):
                self._copier = Thread(target=self._copy_owed, name="copy-curves", daemon=True)
                self._copier.start()

    def _copy_owed(self) -> None:
        while place := self._next_owed():
            self._keep_copy(place)

    def _next_owed(self) -> RunPlace | None:
        with self._lock:
            if self._owed:
                return self._owed.pop(next(iter(self._owed)))
            self._copier = None
            return None

    def _keep_copy(self, place: RunPlace) -> None:
        """Write every curve of an ended run to the cache; a full disk only costs the copy."""
        reader = reader_named(place.format)
        try:
            points = reader.points(self._root(place), place.key, None, None).points
            copy = self._copy_of(place)
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_copy(copy, points)
            _prune(copy.parent)
        except (FormatError, OSError):
            return

    def _forget_old(self) -> None:
        while len(self._held) > _MOST_RUNS:
            self._held.pop(next(iter(self._held)))


def write_copy(path: Path, points: Mapping[str, Points]) -> None:
    """Write the curves of a run to a Parquet file, whole or not at all.

    Raises:
        OSError: The folder cannot be written.
    """
    import polars as pl

    frames = [
        pl.DataFrame(
            {"step": one.steps, "time": one.times, "value": one.values},
            schema={"step": pl.Float64, "time": pl.Float64, "value": pl.Float64},
        ).select(pl.lit(name).alias("metric"), pl.all())
        for name, one in sorted(points.items())
    ]
    draft = path.with_name(temp_name(path.stem))
    pl.concat(frames).write_parquet(draft, row_group_size=100_000)
    draft.replace(path)


def _prune(folder: Path) -> None:
    """Delete the oldest copies beyond what the cache may hold."""
    copies = sorted(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime, reverse=True)
    held = 0
    for path in copies:
        held += path.stat().st_size
        if held > _MOST_COPIES_BYTES:
            path.unlink(missing_ok=True)


def _series(points: Points | None) -> Series:
    import numpy as np  # noqa: PLC0415 - charts come after the first paint

    def column(values: list[float]) -> Any:
        return np.asarray(values, dtype=np.float64)

    if points is None:
        return empty()
    return Series(column(points.steps), column(points.times), column(points.values))


def empty() -> Series:
    """Return a curve without points."""
    return _series(Points([], [], []))
