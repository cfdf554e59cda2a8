"""List the runs of any tool's folder into a catalogue in memory, and say how long it took."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from workbench.catalogue.connection import open_catalogue
from workbench.clock import SYSTEM
from workbench.formats.detect import discover, reader_named
from workbench.settings import DEFAULTS
from workbench.sync.sweep import Source, Sweeper

root = Path(sys.argv[1])
began, before = perf_counter(), process_time()
sources = [
    Source(reader_named(source.format), root / source.root, source.root)
    for source in discover(root).sources
]
catalogue = open_catalogue(None)
sweeper = Sweeper(
    catalogue, sources, SYSTEM, amendments=None, settings=DEFAULTS, probe=SYSTEM.now
)  # fmt: skip
sweeper.sweep()
seconds, cpu = perf_counter() - began, process_time() - before
again = []
for _ in range(5):
    began = perf_counter()
    sweeper.sweep()
    again.append(perf_counter() - began)
query = "SELECT count(*), (SELECT count(*) FROM metrics), (SELECT count(*) FROM params) FROM runs"
runs, metrics, params = catalogue.cursor().execute(query).fetchall()[0]
answer = {
    "seconds": seconds, "cpu": cpu, "again": sorted(again)[2], "runs": runs, "metrics": metrics,
    "params": params,
}  # fmt: skip
print(json.dumps(answer))
