"""Charts of many runs: reading their columns, making each kind, drawing it."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many
from tests.building import write_workspace
from workbench.operations.many import KINDS

_PICTURE_MS, _DRAW_MS = 300, 40
"""What the first draw of an overlay may take, and its redraw."""
_SLOW = frozenset(("importance",))
"""A forest is grown; the screen shows that it goes on, so there is no budget."""


def rows(place: Place) -> Iterator[Row]:
    """Read, make and draw over runs that exist in a catalogue only."""
    scale = place.scale
    found = _measured(place, scale.runs, *KINDS)
    yield of_many(f"8 columns of {scale.runs:,} runs as arrays", found["columns"], "ms", 50)
    large = _measured(place, scale.synthetic, "scatter")
    yield of_many(f"8 columns of {scale.synthetic:,} runs as arrays", large["columns"], "ms", 100)
    for kind in KINDS:
        yield from _of_kind(kind, found[kind], scale.runs)


def _measured(place: Place, count: int, *kinds: str) -> dict[str, Any]:
    workspace = place.workspace(f"many-{count}", write_workspace)
    place.run("fill", workspace, count)
    return place.run("many", workspace, place.scale.times, *kinds)


def _of_kind(kind: str, found: list[dict[str, float]], count: int) -> Iterator[Row]:
    made = [one["picture"] for one in found]
    what = f"{kind} of {count:,} runs: read, chosen, made"
    if kind in _SLOW:
        yield Row(what, min(made), "ms", None, f"n={len(made)}; a forest of 100 trees is grown")
    else:
        yield of_many(what, made, "ms", _PICTURE_MS, f"{found[0]['rows']:,.0f} rows beside it")
    yield of_many("  drawn at 120x40", [one["draw"] for one in found], "ms CPU", _DRAW_MS)
