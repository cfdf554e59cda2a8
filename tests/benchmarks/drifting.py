"""Drift of a table with thirty columns against a stored profile: time, memory, and other tools."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.benchmarks import thirty
from tests.benchmarks.peers import EVIDENTLY, NANNYML, WHYLOGS_VIZ, Missing, Peer, measured_by
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many, spread

_TIMES_OF_READING = 4
_TIMES_OF_WHOLE = 1.5
"""What the profiles of twelve chunks may cost beside that of all rows."""
_BESIDE_MB = 150
_COLUMNS, _WIDTH = 2, 8
"""Decoded columns that may be held beside it, and bytes of a value."""
_FASTER = 50
"""Than Evidently's preset."""


class _Files(NamedTuple):
    reference: Path
    current: Path
    profile: Path


def rows(place: Place) -> Iterator[Row]:
    """Check a tenth of the table and all of it; compare with other tools on the tenth."""
    tenth = max(place.scale.profiled // 10, 1)
    files = _files(place, tenth)
    found = _found(place, files)
    yield from _checked(tenth, found)
    yield from _peers(place, files, tenth, median(found["made"]))
    whole = place.scale.profiled
    yield from _checked(whole, _found(place, _files(place, whole)), _TIMES_OF_WHOLE)


def _found(place: Place, files: _Files) -> dict[str, Any]:
    """Return what was measured of one size."""
    found = place.run("drifting", "time", files.profile, files.current, place.scale.repeats)
    memory = [
        place.run("drifting", "memory", files.profile, files.current)
        for _ in range(place.scale.times)
    ]
    return found | {"peaks": [one["peak"] for one in memory]}


def _checked(count: int, found: dict[str, Any], chunked: float | None = None) -> Iterator[Row]:
    what = f"drift of {count:,} x {thirty.COLUMNS} against a stored profile"
    ratios = _ratios(found, "made", "read")
    note = spread(ratios, "x")
    yield Row(f"{what}, beside polars reading it", median(ratios), "x", _TIMES_OF_READING, note)
    yield of_many("  seconds", found["made"], "s", None, f"read in {median(found['read']):.2f} s")
    chunks = found["chunks"]
    parted = _ratios(found, "months", "whole")
    note = spread(parted, "x")
    what = f"  profiles of {chunks} months, beside that of all rows"
    yield Row(what, median(parted), "x", chunked, note)
    yield of_many(f"  all of it in {chunks} months", found["monthly"], "s", None)
    yield Row("  stored profile of the reference", found["bytes"] / 1e3, "kB", 100)
    limit = _BESIDE_MB + _COLUMNS * _WIDTH * count / 1e6
    yield of_many("  peak memory", found["peaks"], "MB", limit, "with the file's buffers")


def _peers(place: Place, files: _Files, count: int, ours: float) -> Iterator[Row]:
    for peer, what in (
        (EVIDENTLY, "Evidently's preset"),
        (NANNYML, "NannyML's univariate drift"),
        (WHYLOGS_VIZ, "whylogs, against a stored profile"),
    ):
        yield from _peer(place, peer, what, files, count, ours)


def _peer(
    place: Place, peer: Peer, what: str, files: _Files, count: int, ours: float
) -> Iterator[Row]:
    """Yield how long a tool takes beside ours, and its memory; its reading is not counted."""
    name = f"  {what}, {count:,} x {thirty.COLUMNS - 1}, beside ours"
    found = measured_by(place, peer, "peer_drifting", peer.name, files.reference, files.current)
    if isinstance(found, Missing):
        yield Row(name, None, note=found.why)
        return
    limit = _FASTER if peer is EVIDENTLY else None
    note = f"{found['version']}, {found['seconds']:.1f} s, file in memory; {found['note']}"
    yield Row(name, found["seconds"] / ours, "x", limit, note, at_least=True)
    yield Row("    its peak memory", found["peak"], "MB", note="of the whole process")


def _files(place: Place, count: int) -> _Files:
    """Return two draws of the table and the stored profile of the first."""
    folder = place.workspace(f"drifting-{count}", lambda path: _written(path, count))
    files = _Files(*(folder / name for name in ("reference.parquet", "current.parquet", "stored")))
    if not files.profile.exists():
        place.run("drifting", "profile", files.profile, files.reference)
    return files


def _written(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    thirty.write(folder / "reference.parquet", count)
    thirty.write(folder / "current.parquet", count, seed=8)


def _ratios(found: dict[str, Any], one: str, other: str) -> list[float]:
    return [a / b for a, b in zip(found[one], found[other], strict=True)]
