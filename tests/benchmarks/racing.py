"""Many people who change one stage of one model at once: ours, and an alias of MLflow's."""

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from tests.benchmarks.peers import MLFLOW, Missing, measured_by
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, figure, share
from tests.building import write_workspace

_STORES = ("MLflow SQLite", "MLflow file store")


def rows(place: Place) -> Iterator[Row]:
    """Let processes race for the same stage; count what is in the journal afterwards."""
    processes, changes = place.scale.racers, place.scale.changes
    workspace = place.workspace("raced", write_workspace)
    found = place.run("race", workspace, processes, changes)
    rate = processes * changes / found["seconds"]
    yield Row(
        f"promotions of one model, {processes} processes", rate, "/s",
        note=f"{_waits(found)}; {found['refused']:,} refusals, each told why; every one flushed",
    )  # fmt: skip
    yield Row("  lost, doubled, torn or left out", found["wrong"], "", 0)
    yield Row("  of two who both read v1: refused and told by whom", found["told"], "", 1,
              note=f"“{found['sentence']}”", at_least=True)  # fmt: skip
    for store in _STORES:
        yield from _aliases(place, store, rate)


def _aliases(place: Place, store: str, ours: float) -> Iterator[Row]:
    """Let processes set an alias, which asks nobody what they had read."""
    processes, changes = place.scale.racers, place.scale.peer_changes
    what = f"  over alias changes, {processes} processes, {store}"
    found = measured_by(place, MLFLOW, "peer_aliases", store, processes, changes)
    if isinstance(found, Missing):
        yield Row(what, None, note=found.why)
        return
    theirs = processes * changes / found["seconds"]
    note = f"{found['version']}: {theirs:,.0f}/s, {_waits(found)}, {found['errors']} errors"
    yield Row(what, ours / theirs, "x", note=note)
    yield Row(
        f"  of two who both read v1: told, {store}", found["told"], "",
        note=f"{found['succeeded']} of 2 succeeded, the alias is v{found['final']}",
    )  # fmt: skip


def _waits(found: Mapping[str, Any]) -> str:
    """Return how long one change took whoever wanted it."""
    middle, slow = median(found["ms"]), share(found["ms"], 0.99)
    return f"one takes {figure(middle, 'ms')}, 99 % at most {figure(slow, 'ms')}"
