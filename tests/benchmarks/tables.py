"""A table of many runs: answering it anew, and moving about in it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.place import METRICS, PARAMS, Place, program
from tests.benchmarks.rows import Row, of_many
from tests.benchmarks.starting import NO_TERMINAL, newest
from tests.building import write_workspace

if TYPE_CHECKING:
    from tests.benchmarks.screen import Screen

_HELD_S, _PAGED_S = 0.025, 0.03
"""A cursor that rests for 80 ms is worth charts; keys held down come sooner."""


def rows(place: Place) -> Iterator[Row]:
    """Fill a catalogue with runs that are nowhere on the disk, and use it."""
    count = place.scale.synthetic
    workspace = place.workspace(f"synthetic-{count}", write_workspace)
    place.run("fill", workspace, count)
    found = place.run("sort", workspace, place.scale.repeats)
    yield of_many(
        f"filter + sort {count:,} runs x {PARAMS + METRICS} columns", found["answer"], "ms", 100,
        f"{found['rows'][0]:,} match; three conditions, two sort keys",
    )  # fmt: skip
    if os.name == "nt":
        yield Row(f"moving the cursor in {count:,} runs", None, note=NO_TERMINAL)
        return
    yield from _moves(place, workspace, count)


def _moves(place: Place, workspace: Path, count: int) -> Iterator[Row]:
    from tests.benchmarks.screen import DOWN, PAGE_DOWN, Screen

    keys = place.scale.keys
    with Screen([*program("still"), str(workspace)], place.environment()) as screen:
        screen.until(newest(count))
        screen.settle(0.5)
        down = [cpu_ms(screen, DOWN, keys, _HELD_S) for _ in range(place.scale.times)]
        paged = [cpu_ms(screen, PAGE_DOWN, keys, _PAGED_S) for _ in range(place.scale.times)]
        resident = screen.now().rss_mb
    note = f"{keys} presses each; whole process"
    yield of_many(f"  cursor one row down, {count:,} runs", down, "ms CPU", 15, note)
    yield of_many(
        f"  one page down, {count:,} runs", paged, "ms CPU", 30,
        f"{note}, rows fetched; RSS {resident:.0f} MB",
    )  # fmt: skip


def cpu_ms(screen: "Screen", key: bytes, count: int, quiet_s: float) -> float:
    """Return the CPU a press takes, with drawing it and all that it sets going."""
    screen.settle(0.5)
    before = screen.now().cpu_s
    for _ in range(count):
        screen.press(key, quiet_s)
    return 1000 * (screen.now().cpu_s - before) / count
