"""Read a Parquet file with polars and profile it, by turns; or profile it and watch the memory."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import polars as pl
import psutil

from workbench.datasets.profiling import encode, profile
from workbench.datasets.reading import of_frame, open_table

_LOOK_S = 0.002


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def by_turns(path: Path, times: int) -> dict[str, object]:
    """Return seconds of reading, of profiling, and of profiling with correlations."""
    table = open_table(path)
    profile(table, correlations=False)
    read, made, related = [], [], []
    for _ in range(times):
        read.append(seconds(lambda: pl.read_parquet(path)))
        made.append(seconds(lambda: profile(table, correlations=False)))
        related.append(seconds(lambda: profile(table)))
    return {"read": read, "made": made, "related": related, "bytes": len(encode(profile(table)))}


def peak(path: Path) -> dict[str, object]:
    """Return by how many megabytes this process grows at most while it profiles a file."""
    own, done = psutil.Process(), threading.Event()
    profile(of_frame(pl.DataFrame({"number": [1.0, 2.0], "text": ["a", "b"]})))
    before = own.memory_info().rss
    most = [before]

    def watch() -> None:
        while not done.wait(_LOOK_S):
            most.append(own.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    profile(open_table(path), correlations=False)
    done.set()
    watcher.join()
    return {"peak": (max(most) - before) / 1e6}


where = Path(sys.argv[2])
print(json.dumps(peak(where) if sys.argv[1] == "memory" else by_turns(where, int(sys.argv[3]))))
