"""The registry of many models: read for the first time, listed, and asked about its history."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many
from tests.benchmarks.starting import NO_TERMINAL
from tests.registry_building import write_models

_MODELS_KEY = b"5"
_COLD = "models-cold"


def rows(place: Place) -> Iterator[Row]:
    """Write the journals of many models, index them, and ask."""
    models, versions = place.scale.models, place.scale.versions
    workspace = place.workspace(
        f"models-{models}-{versions}", lambda path: write_models(path, models, versions)
    )
    named = f"{models:,} models x {versions} versions"
    yield _cold(place, workspace, named)
    place.run("models", workspace, 1)
    found = place.run("models", workspace, place.scale.repeats)
    events = f"{found['events'][0]:,} events"
    for what, part, limit in (
        (f"history of all, the newest 500, {named}", "page", 100),
        ("  of one model", "one", 100),
        ("  what every stage held on a day", "held", 100),
        ("  models listed", "models", 1000),
        ("  versions of one model listed", "versions", 100),
        ("  requests that wait for somebody", "waiting", 100),
        ("  runs that are kept, and why", "kept", 100),
    ):
        yield of_many(what, found[part], "ms", limit, events)
    yield Row("  every event there is", min(found["all"]), "ms", note=f"{events}, as lines")
    yield of_many("sweep over idle models", found["idle"], "ms CPU", 5, named)
    yield from _opened(place, workspace, models)


def _cold(place: Place, workspace: Path, named: str) -> Row:
    """Index into an empty cache, the files in memory."""
    shutil.rmtree(place.folder / "own" / _COLD, ignore_errors=True)
    found = place.run("models", workspace, 0, cache=_COLD)
    if found["models"] != place.scale.models or found["faults"]:
        raise RuntimeError(f"only {found['models']} models, {found['faults']} faults")
    rate = found["total"] / found["cold"]
    return Row(f"cold index of {named}", found["cold"], "s", note=f"n=1; {rate:,.0f} events/s")


def _opened(place: Place, workspace: Path, models: int) -> Iterator[Row]:
    what = f"Models screen opens, {models:,} models, warm catalogue"
    if os.name == "nt":
        yield Row(what, None, note=NO_TERMINAL)
        return
    from tests.benchmarks.screen import Screen, opening

    took = []
    for _ in range(place.scale.times + 1):
        with Screen(opening(workspace), place.environment()) as screen:
            screen.until("watching")
            screen.settle(0.3)
            before = screen.now().wall_s
            screen.press(_MODELS_KEY, 0)
            took.append(screen.until("model-0000").wall_s - before)
    yield of_many(what, took[1:], "s", 1, "from the key to the first rows")
