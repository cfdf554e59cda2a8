"""Profiles of a table with thirty columns: time beside reading it, memory, size on disk."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks import thirty
from tests.benchmarks.peers import WHYLOGS, YDATA, Missing, Peer, measured_by
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many, spread

_BESIDE_MB = 150
_COLUMNS, _WIDTH = 2, 8
"""Decoded columns that may be held beside it, and bytes of a value."""


def rows(place: Place) -> Iterator[Row]:
    """Profile the whole table, watch what it takes, and compare with other tools on a tenth."""
    count = place.scale.profiled
    path = _table(place, count)
    what = f"profile of {count:,} x {thirty.COLUMNS}"
    found = place.run("profiling", "time", path, place.scale.repeats)
    ratios = _ratios(found, "made")
    yield Row(f"{what}, beside polars reading it", median(ratios), "x", 4, spread(ratios, "x"))
    note = f"20,000 rows; {spread(_ratios(found, 'related'), 'x')}"
    yield Row("  with correlations", median(_ratios(found, "related")), "x", note=note)
    yield of_many("  seconds", found["made"], "s", None, f"read in {median(found['read']):.2f} s")
    yield Row("  stored", found["bytes"] / 1e3, "kB", 100, "with correlations")
    peaks = [place.run("profiling", "memory", path)["peak"] for _ in range(place.scale.times)]
    limit = _BESIDE_MB + _COLUMNS * _WIDTH * count / 1e6
    yield of_many("  peak memory", peaks, "MB", limit, "with the file's buffers")
    yield from _peers(place)


def _peers(place: Place) -> Iterator[Row]:
    count = max(place.scale.profiled // 10, 1)
    path = _table(place, count)
    ours = median(place.run("profiling", "time", path, place.scale.times)["made"])
    yield Row(f"profile of {count:,} x {thirty.COLUMNS}", ours, "s", note="the file read as well")
    for peer in (WHYLOGS, YDATA):
        yield _peer(place, peer, path, ours)


def _peer(place: Place, peer: Peer, path: Path, ours: float) -> Row:
    what = f"  by {peer.name}"
    found: dict[str, Any] | Missing = measured_by(place, peer, "peer_profiling", peer.name, path)
    if isinstance(found, Missing):
        return Row(what, None, note=found.why)
    times = found["seconds"] / ours
    note = f"{found['version']}, {times:.0f}x ours; {found['bytes'] / 1e3:,.0f} kB; file in memory"
    return Row(what, found["seconds"], "s", note=note)


def _table(place: Place, count: int) -> Path:
    folder = place.workspace(f"thirty-{count}", lambda path: _written(path, count))
    return folder / "thirty.parquet"


def _written(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    thirty.write(folder / "thirty.parquet", count)


def _ratios(found: dict[str, Any], name: str) -> list[float]:
    return [one / read for one, read in zip(found[name], found["read"], strict=True)]
