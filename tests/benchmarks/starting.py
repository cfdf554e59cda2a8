"""How long somebody waits who opens a workspace that was open before."""

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many

NO_TERMINAL = "needs a pseudo-terminal, which this system does not have"


def rows(place: Place) -> Iterator[Row]:
    """Start on the usual number of runs, and if asked on a large one."""
    yield from _starts(place, place.scale.runs, 1.0)
    if place.large:
        yield from _starts(place, place.scale.large, 1.5, memory_mb=350)
    else:
        what = f"second start, {place.scale.large:,} runs -> first rows painted"
        yield Row(what, None, note="not asked for (--large)")


def _starts(
    place: Place, count: int, limit_s: float, memory_mb: float | None = None
) -> Iterator[Row]:
    what = f"second start, {count:,} runs -> first rows painted"
    if os.name == "nt":
        yield Row(what, None, note=NO_TERMINAL)
        return
    from tests.benchmarks.screen import Screen, opening

    workspace = place.many(count)
    place.run("index", workspace)
    with Screen(opening(workspace), place.environment()) as screen:
        screen.until(newest(count))  # everything is compiled now, once
    moments = []
    for _ in range(place.scale.screens):
        with Screen(opening(workspace), place.environment()) as screen:
            moments.append(screen.until(newest(count)))
    cpu = median(moment.cpu_s for moment in moments)
    yield of_many(what, [moment.wall_s for moment in moments], "s", limit_s, f"CPU {cpu:.2f} s")
    if memory_mb is not None:
        yield _resident(place, workspace, count, memory_mb)


def _resident(place: Place, workspace: Path, count: int, limit: float) -> Row:
    """Return the memory after the folder was read again and somebody paged about."""
    from tests.benchmarks.screen import END, PAGE_DOWN, Screen, opening

    with Screen(opening(workspace), place.environment()) as screen:
        screen.until(newest(count))
        first = screen.now().rss_mb
        screen.until("watching")
        for key in (PAGE_DOWN, PAGE_DOWN, END):
            screen.press(key, 0.3)
        last = screen.now().rss_mb
    return Row(
        f"  RSS with {count:,} runs, watching and paged about", max(first, last), "MB", limit,
        f"n=1; {first:.0f} MB at the first rows",
    )  # fmt: skip


def newest(count: int) -> str:
    """Return the name of the run that stands first."""
    return f"run-{count - 1}"
