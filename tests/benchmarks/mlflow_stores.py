"""MLflow's own stores: how fast they are listed, and what its writers notice of it."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from threading import Event, Thread

from tests.benchmarks.peers import MLFLOW, Missing, measured_by
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, spread
from workbench.catalogue.connection import open_catalogue
from workbench.clock import SYSTEM
from workbench.formats.detect import discover, reader_named
from workbench.settings import DEFAULTS
from workbench.sync.sweep import Source, Sweeper

_PARAMS, _METRICS = 5, 5
_AT_LEAST = 10
_EVERY_S = 0.05
_BLOCKS, _CALLS = 6, 25


def rows(place: Place) -> Iterator[Row]:
    """List stores that MLflow made, then look at one while it writes it."""
    for kind in ("file", "sqlite"):
        for count in (place.scale.peer_runs, place.scale.peer_runs * 10):
            yield from _listed(place, kind, count)
    for kind in ("sqlite", "file"):
        yield from _watched(place, kind)


def _listed(place: Place, kind: str, count: int) -> Iterator[Row]:
    what = f"{count:,} MLflow runs listed, {kind}, over mlflow.search_runs"
    words = f"{kind}-{count}"
    theirs = measured_by(place, MLFLOW, "peer_mlflow_store", words, count, _PARAMS, _METRICS)
    if isinstance(theirs, Missing):
        yield Row(what, None, note=theirs.why)
        return
    store = place.folder / "stores" / f"peer_mlflow_store-{words}"
    found = [place.run("list_folder", store) for _ in range(place.scale.times)]
    if any(one["runs"] != count or one["metrics"] != count * _METRICS for one in found):
        raise RuntimeError(f"not all of {count:,} runs were listed: {found[0]}")
    ours = {what: min(one[what] for one in found) for what in ("seconds", "cpu")}
    note = (
        f"the best of each: {theirs['version']} {theirs['seconds']:.2f} s of which CPU "
        f"{theirs['cpu']:.2f}, ours {ours['seconds']:.2f} of which CPU {ours['cpu']:.2f}"
    )
    yield Row(what, theirs["seconds"] / ours["seconds"], "x", _AT_LEAST, note, at_least=True)
    yield Row("  by CPU time", theirs["cpu"] / ours["cpu"], "x")
    again = [1e3 * one["again"] for one in found]
    yield Row("  looked at again, nothing moved", median(again), "ms", note=spread(again, "ms"))


def _watched(place: Place, kind: str) -> Iterator[Row]:
    what = f"MLflow {kind} log call while looked at every 50 ms, over alone"
    store = place.folder / "stores" / f"peer_watched-{kind}"
    over = Event()
    looking = _Looking(store, over)
    thread = Thread(target=looking.go, daemon=True)
    thread.start()
    try:
        found = measured_by(place, MLFLOW, "peer_watched", kind, _BLOCKS, _CALLS)
    finally:
        over.set()
        thread.join()
    if isinstance(found, Missing):
        yield Row(what, None, note=found.why)
        return
    if found["failed"]:
        raise RuntimeError(f"{found['failed']} calls failed while the store was looked at")
    note = (
        f"{found['alone_ms']:.1f} ms alone (longest {found['alone_longest_ms']:.0f}), "
        f"{found['watched_ms']:.1f} ms watched (longest {found['watched_longest_ms']:.0f}); "
        f"{looking.looks} looks, {found['points']} calls, none failed"
    )
    yield Row(what, found["watched_ms"] / found["alone_ms"], "x", 1.2, note)


class _Looking:
    """Sweeps a store while a file called ``look`` is in it."""

    def __init__(self, store: Path, over: Event) -> None:
        self.looks = 0
        self._store = store
        self._over = over
        self._sweeper: Sweeper | None = None

    def go(self) -> None:
        """Look until it is over."""
        while not self._over.wait(_EVERY_S):
            if (self._store / "look").exists():
                self._sweep()

    def _sweep(self) -> None:
        if self._sweeper is None:
            sources = [
                Source(reader_named(source.format), self._store / source.root, source.root)
                for source in discover(self._store).sources
            ]
            self._sweeper = Sweeper(
                open_catalogue(None), sources, SYSTEM, amendments=None, settings=DEFAULTS,
                probe=SYSTEM.now,
            )  # fmt: skip
        self._sweeper.sweep()
        self.looks += 1
