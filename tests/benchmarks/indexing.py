"""How fast a folder nobody has indexed yet becomes a table."""

import shutil
from collections.abc import Iterator
from statistics import median

from tests.benchmarks.peers import MLFLOW, Missing, measured_by
from tests.benchmarks.place import METRICS, PARAMS, Place
from tests.benchmarks.rows import Row, spread


def rows(place: Place) -> Iterator[Row]:
    """Index a workspace into an empty cache, then let MLflow list a store of its own."""
    workspace = place.many(place.scale.runs)
    place.run("index", workspace, cache="cold")  # brings the files into memory
    rates = []
    for _ in range(place.scale.times):
        shutil.rmtree(place.folder / "own" / "cold", ignore_errors=True)
        found = place.run("index", workspace, cache="cold")
        if found["runs"] != place.scale.runs or found["faults"]:
            raise RuntimeError(f"only {found['runs']} runs, {found['faults']} faults")
        rates.append(found["runs"] / found["seconds"])
    ours = median(rates)
    yield Row(
        f"cold index of {place.scale.runs:,} runs, warm disk", ours, "runs/s", 5000,
        f"{spread(rates)}; {PARAMS} params, {METRICS} metrics", at_least=True,
    )  # fmt: skip
    yield _against_mlflow(place, ours)


def _against_mlflow(place: Place, ours: float) -> Row:
    what = f"  over mlflow.search_runs on {place.scale.peer_runs:,} runs in files"
    found = measured_by(place, MLFLOW, "peer_listing", place.scale.peer_runs, PARAMS, METRICS)
    if isinstance(found, Missing):
        return Row(what, None, note=found.why)
    theirs = found["runs"] / found["seconds"]
    note = f"{found['version']}: {theirs:,.0f} runs/s, n=1"
    return Row(what, ours / theirs, "x", None, note)
