"""Put runs that exist nowhere else into a workspace's catalogue, with 30 columns in sight."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from numpy.random import default_rng

from tests.benchmarks.place import METRICS, PARAMS
from tests.building import BEGIN, run_id
from workbench.catalogue import ingest
from workbench.catalogue.ingest import Arrival
from workbench.formats.contract import RunCard, RunRef
from workbench.operations import views
from workbench.operations.runs_table import Column
from workbench.operations.session import open_session
from workbench.runfolder import Summary

_BATCH = 5000


def arrivals(count: int) -> Iterator[Arrival]:
    """Yield runs whose params take a few values and whose metrics take many."""
    values = default_rng(0).random((count, METRICS))
    for number in range(count):
        identity = run_id(number)
        card = RunCard(
            identity, f"run-{number}", f"experiment-{number % 10}", "FINISHED",
            started=BEGIN + number, ended=BEGIN + number + 60,
            params={f"param_{k}": number % (k + 2) for k in range(PARAMS)},
            tags={"team": f"team-{number % 3}"},
            metrics={f"metric_{k}": Summary.of(float(values[number, k]), 0)
                     for k in range(METRICS)},
        )  # fmt: skip
        key = f"runs/{card.experiment}/{identity}"
        yield Arrival(0, RunRef(key, number + 1, live=False), card, b"")


def fill(workspace: Path, count: int) -> float:
    """Store the runs; return the seconds it took."""
    made = list(arrivals(count))
    with open_session(workspace) as session:
        ingest.clear(session.catalogue)
        ingest.set_sources(session.catalogue, [("native", ".")])
        began = perf_counter()
        for first in range(0, count, _BATCH):
            ingest.store(session.catalogue, made[first : first + _BATCH], {}, 1)
        seconds = perf_counter() - began
        views.leave(session, views.View(columns=columns()))
    return seconds


def columns() -> tuple[Column, ...]:
    """Return the 30 columns and the run's name before them."""
    return (
        Column("attribute", "name"),
        *(Column("metric", f"metric_{k}") for k in range(METRICS)),
        *(Column("param", f"param_{k}") for k in range(PARAMS)),
    )


if __name__ == "__main__":
    print(json.dumps({"seconds": fill(Path(sys.argv[1]), int(sys.argv[2]))}))
