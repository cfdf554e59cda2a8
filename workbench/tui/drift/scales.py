"""How wide a chunk is on the heat strip, and which of them are in sight.

With few chunks each has several cells; with very many several share one, which then shows the
gravest of them. Nothing here knows what a chunk holds.
"""

from typing import Final, NamedTuple

_SCALES: Final = (
    *((1, 2**power) for power in range(14, 0, -1)),
    *((wide, 1) for wide in (1, 2, 3, 4, 6, 9)),
)  # fmt: skip
_ONE: Final = _SCALES.index((1, 1))
_MARGIN: Final = 2
"""Steps kept in sight beyond the cursor."""


class Window(NamedTuple):
    """The part of the chunks that is in sight."""

    wide: int
    """Cells of a step."""
    per: int
    """Chunks of a step."""
    first: int
    """The first step in sight."""
    steps: int
    """How many are in sight."""
    total: int
    """How many chunks there are."""

    def chunks(self, step: int) -> range:
        """Return the chunks of a step in sight."""
        begin = (self.first + step) * self.per
        return range(begin, min(begin + self.per, self.total))

    def step_of(self, at: int) -> int:
        """Return which step in sight a chunk is in."""
        return at // self.per - self.first

    @property
    def seen(self) -> range:
        """Return all chunks in sight."""
        return range(self.first * self.per, min((self.first + self.steps) * self.per, self.total))


def window(total: int, room: int, at: int, *, zoom: int = 0, before: int = 0) -> Window:
    """Return which chunks are in sight.

    Args:
        total: How many chunks there are.
        room: Cells there are for them.
        at: The chunk under the cursor, which is always in sight.
        zoom: By how many scales it is closer than what fits, or further away.
        before: The first step in sight so far; kept where the cursor allows it.
    """
    wide, per = _SCALES[_place(total, room, zoom)]
    steps = max(1, room // wide)
    needed = -(-total // per)
    if needed <= steps:
        return Window(wide, per, 0, needed, total)
    here, margin = at // per, min(_MARGIN, (steps - 1) // 2)
    first = min(max(before, here - steps + 1 + margin), here - margin)
    return Window(wide, per, max(0, min(first, needed - steps)), steps, total)


def bounded(zoom: int, total: int, room: int) -> int:
    """Return a zoom that there is a scale for."""
    fits = _fitting(total, room)
    whole = (n for n in range(fits, -1, -1) if -(-total // _SCALES[n][1]) * _SCALES[n][0] <= room)
    furthest = next(whole, 0)
    return max(furthest, min(fits + zoom, len(_SCALES) - 1)) - fits


def _place(total: int, room: int, zoom: int) -> int:
    return max(0, min(_fitting(total, room) + zoom, len(_SCALES) - 1))


def _fitting(total: int, room: int) -> int:
    """Return the widest scale all chunks fit in, but never one that hides chunks."""
    found = (n for n in reversed(range(_ONE, len(_SCALES))) if total * _SCALES[n][0] <= room)
    return next(found, _ONE)
