"""Many long curves in one chart."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many
from tests.building import write_many

_WIDE = 5


def rows(place: Place) -> Iterator[Row]:
    """Draw from the runs' own lines, from the copies kept of them, and again."""
    scale = place.scale
    what = f"overlay of {scale.curves} curves x {scale.points:,} points"
    narrow, wide = _drawn(place, 1, "lines"), _drawn(place, _WIDE, "lines")
    copied = _drawn(place, 1, "copies")
    note = "lines of one metric"
    yield of_many(f"{what}: first, from lines", _ms(narrow), "ms", 1000, note)
    yield of_many(f"  lines of {_WIDE} metrics", _ms(wide), "ms", 1000)
    yield of_many("  first, from cached copies", _ms(copied), "ms", 300, _copies(copied))
    redraws = [cpu for one in copied for cpu in one["again"]]
    yield of_many(
        "  drawn again at 120x40", redraws, "ms CPU", 40, "another smoothing, clip or focus"
    )


def _drawn(place: Place, metrics: int, source: str) -> list[dict[str, Any]]:
    scale = place.scale
    workspace = place.workspace(
        f"curves-{metrics}",
        lambda path: write_many(
            path, scale.curves, params=2, metrics=metrics, steps=scale.points, experiments=1
        ),
    )
    place.run("index", workspace)
    if source == "copies":
        place.run("overlay", workspace, source)
    return [place.run("overlay", workspace, source) for _ in range(scale.times)]


def _ms(found: list[dict[str, Any]]) -> list[float]:
    return [one["first"] for one in found]


def _copies(found: list[dict[str, Any]]) -> str:
    return f"{median(one['copies'] for one in found):.0f} copies"
