"""What the first paint costs, beside the least program that could stand there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.place import Place, program
from tests.benchmarks.rows import Row, spread
from tests.benchmarks.starting import NO_TERMINAL, newest

if TYPE_CHECKING:
    from tests.benchmarks.screen import Moment

LABEL = "one label and nothing else"
_LIGHT = frozenset(("workbench", "tests", "click", "msgspec"))
"""Ours, and what may be loaded beside Textual and DuckDB; click costs less than either."""


def rows(place: Place) -> Iterator[Row]:
    """Start both programs in turn."""
    what = "first paint over a one-label Textual app with duckdb"
    if os.name == "nt":
        yield Row(what, None, note=NO_TERMINAL)
        return
    workspace = place.many(place.scale.few)
    place.run("index", workspace)
    painted, filled, least = _in_turn(place, workspace)
    ratios = [ours.cpu_s / theirs.cpu_s for ours, theirs in zip(painted, least, strict=True)]
    yield Row(what, median(ratios), "x CPU", 1.4, f"{spread(ratios)}; {_both(painted, least)}")
    ratios = [ours.cpu_s / theirs.cpu_s for ours, theirs in zip(filled, least, strict=True)]
    yield Row("  with the first rows", median(ratios), "x CPU", None, f"{_both(filled, least)}")
    yield _loaded(place, workspace)


def _in_turn(
    place: Place, workspace: Path
) -> tuple[list["Moment"], list["Moment"], list["Moment"]]:
    """Return how things stood at our first paint, at our first rows, and at the label."""
    from tests.benchmarks.screen import Screen, opening

    with Screen(opening(workspace), place.environment()) as screen:
        screen.until(newest(place.scale.few))  # everything is compiled now, once
    painted, filled, least = [], [], []
    for _ in range(place.scale.screens):
        with Screen([*program("one_label"), LABEL], place.environment()) as screen:
            least.append(screen.until(LABEL))
        with Screen(opening(workspace), place.environment()) as screen:
            painted.append(screen.until("Runs"))
            filled.append(screen.until(newest(place.scale.few)))
    return painted, filled, least


def _both(ours: list["Moment"], theirs: list["Moment"]) -> str:
    cpu = [1000 * median(moment.cpu_s for moment in moments) for moments in (ours, theirs)]
    wall = 1000 * median(moment.wall_s for moment in ours)
    return f"{cpu[0]:.0f} against {cpu[1]:.0f} ms CPU; {wall:.0f} ms wall"


def _loaded(place: Place, workspace: Path) -> Row:
    """Compare what is loaded at the first paint with what the one label needs."""
    ours = _modules(place, "loaded", workspace)
    theirs = _modules(place, "one_label", LABEL)
    heavy = sorted(ours - theirs - _LIGHT)
    note = ", ".join(heavy) or "nothing but textual, duckdb, msgspec, click and what they load"
    return Row("modules loaded before the first paint that are heavier", len(heavy), "", 0, note)


def _modules(place: Place, name: str, *words: object) -> set[str]:
    """Return the top-level modules, beyond the standard library, at a program's first paint."""
    from tests.benchmarks.screen import Screen

    notes = place.folder / f"{name}.json"
    notes.unlink(missing_ok=True)
    argv = [*program(name), *map(str, words), str(notes)]
    with Screen(argv, place.environment()) as screen:
        screen.settle(30)
    return set(json.loads(notes.read_text("utf-8")))
