"""A large log of wandb: how fast it is read, in how much memory, and what a further look costs."""

import math
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many, spread
from tests.formats.wandb.encoding import BLOCK, FOLDER, HEADER, LOG, append, run, step, summary

METRICS = ("train/loss", "val/loss", "val/accuracy", "lr", "grad_norm")
_MOST_MB = 100
_WRITE_AT = 256 * BLOCK


def rows(place: Place) -> Iterator[Row]:
    """Read a log from its start, look once more, and draw one of its curves."""
    size = place.scale.log_megabytes
    root = place.workspace(f"wandb-{size}", lambda path: written(path, size * 1_000_000))
    found = [place.run("wandb_logs", root, FOLDER) for _ in range(place.scale.times)]
    what = f"wandb log of {size} MB, {len(METRICS)} metrics a step"
    rates = [size / one["read_s"] for one in found]
    yield Row(what, median(rates), "MB/s", note=f"{found[0]['points']:,} steps; {spread(rates)}")
    peaks = [one["read_mb"] for one in found]
    yield of_many("  peak memory", peaks, "MB", _MOST_MB, "more than before it was opened")
    yield of_many("  looked at again, unchanged", [one["again_ms"] for one in found], "ms", None)
    yield of_many("  one curve", [one["curve_s"] for one in found], "s", None)


def written(root: Path, size: int) -> None:
    """Write a run's log of about that many bytes, never held in memory as a whole."""
    folder = root / FOLDER
    folder.mkdir(parents=True)
    log = bytearray(HEADER)
    append(log, run(name="long", project="benchmarks"))
    done = number = 0
    with (folder / LOG).open("wb") as file:
        while done + len(log) < size:
            values = {m: repr(math.sin(number * (k + 1))) for k, m in enumerate(METRICS)}
            append(log, summary({**values, "_step": str(number)}))
            append(log, step(number, {**values, "_runtime": repr(number / 3)}))
            number += 1
            if len(log) > _WRITE_AT:  # whole blocks only, so that the rest lies where it did
                file.write(log[:_WRITE_AT])
                del log[:_WRITE_AT]
                done += _WRITE_AT
        file.write(log)
