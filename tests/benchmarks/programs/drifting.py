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
from workbench.datasets.profiling import decode, encode, profile
from workbench.datasets.reading import of_frame, open_table

_LOOK_S = 0.002


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def checked(stored: bytes, path: Path, chunks: str = "") -> Judged:
    """Return the judgement on a file against a stored profile."""
    cut = parse_chunks(chunks) if chunks else None
    parts = parts_of(open_table(path), cut, time="moment" if chunks else "", label="current")
    return judge(decode(stored), parts)


def by_turns(stored: bytes, path: Path, times: int) -> dict[str, object]:
    """Return seconds of reading, of a check, of one by month, and of a profile alone."""
    found = checked(stored, path)
    columns = {f"{one.name}: {one.verdict}" for chunk in found.chunks for one in chunk.columns}
    told: dict[str, list[float]] = {"read": [], "made": [], "monthly": [], "profiled": []}
    for _ in range(times):
        told["read"].append(seconds(lambda: pl.read_parquet(path)))
        told["made"].append(seconds(lambda: checked(stored, path)))
        told["profiled"].append(
            seconds(lambda: profile(open_table(path), correlations=False, duplicates=True))
        )
        told["monthly"].append(seconds(lambda: checked(stored, path, "month")))
    return {**told, "bytes": len(stored), "tests": found.tests, "columns": len(columns)}


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
