"""Read a Parquet file with polars and check it for drift, by turns; or check it and watch memory.

The reference is a stored profile, decoded each time; its data are not there.
"""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import polars as pl
import psutil

from workbench.datasets.drift.chunking import parse_chunks, parts_of
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Judged
from workbench.datasets.drift.report import ALARMS
from workbench.datasets.profiling import decode, encode, profile
from workbench.datasets.reading import of_frame, open_table

_LOOK_S = 0.002
_TIME = "moment"


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def checked(stored: bytes, path: Path, chunks: str = "") -> Judged:
    """Return the judgement on a file against a stored profile."""
    cut = parse_chunks(chunks) if chunks else None
    parts = parts_of(open_table(path), cut, time=_TIME if chunks else "", label="current")
    return judge(decode(stored), parts)


def by_turns(stored: bytes, path: Path, times: int) -> dict[str, object]:
    """Return seconds of reading, of a check, of profiles whole and by month, and of both by month.

    Raises:
        RuntimeError: A column that was compared with itself drawn anew was called drifted.
    """
    found = checked(stored, path)
    if found.verdict in ALARMS:
        raise RuntimeError("there is drift between two draws of one table")
    source = open_table(path)
    works: dict[str, Callable[[], object]] = {
        "read": lambda: pl.read_parquet(path),
        "made": lambda: checked(stored, path),
        "whole": lambda: parts_of(source, label="current"),
        "months": lambda: parts_of(source, parse_chunks("month"), time=_TIME),
        "monthly": lambda: checked(stored, path, "month"),
    }
    told: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            told[name].append(seconds(work))
    chunks = len(parts_of(source, parse_chunks("month"), time=_TIME))
    return {**told, "bytes": len(stored), "chunks": chunks}


def peak(stored: bytes, path: Path) -> dict[str, object]:
    """Return by how many megabytes this process grows at most while it checks a file."""
    own, done = psutil.Process(), threading.Event()
    profile(of_frame(pl.DataFrame({"number": [1.0, 2.0], "text": ["a", "b"]})))
    before = own.memory_info().rss
    most = [before]

    def watch() -> None:
        while not done.wait(_LOOK_S):
            most.append(own.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    checked(stored, path)
    done.set()
    watcher.join()
    return {"peak": (max(most) - before) / 1e6, "whole": max(most) / 1e6}


def main(what: str, profile_path: Path, path: Path, *words: str) -> None:
    """Print what was measured as JSON."""
    if what == "profile":
        profile_path.write_bytes(encode(profile(open_table(path), duplicates=True)))
        print(json.dumps({}))
        return
    stored = profile_path.read_bytes()
    found = peak(stored, path) if what == "memory" else by_turns(stored, path, int(words[0]))
    print(json.dumps(found))


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:])
