"""Colours and letters of series: stable per run, told apart by people who see colours differently.

Colours are those of Okabe and Ito (2008); black is a grey here, and blue is lightened
where the background is dark, because neither shows on a black terminal.
"""

import zlib
from collections.abc import Mapping, Sequence
from itertools import count, islice, product
from string import ascii_lowercase
from typing import NamedTuple

SKY, ORANGE, GREEN, VERMILLION = 0x56B4E9, 0xE69F00, 0x009E73, 0xD55E00
PINK, YELLOW, BLUE, GREY = 0xCC79A7, 0xF0E442, 0x0072B2, 0x999999


class Theme(NamedTuple):
    """The colours of a chart. ``text`` None is the terminal's own foreground."""

    series: tuple[int, ...]
    background: int
    text: int | None = None
    axis: int = 0x767676
    muted: int = 0x8A8A8A


DARK = Theme((SKY, ORANGE, GREEN, VERMILLION, PINK, YELLOW, 0x7C8CFF, GREY), 0x121212)
LIGHT = Theme(
    (BLUE, 0xA86E00, 0x007D5B, VERMILLION, 0xB0558A, 0x6B7A00, 0x5B5BD6, 0x606060),
    0xFAFAFA,
    axis=0x8A8A8A,
    muted=0x6C6C6C,
)


def colors(
    run_ids: Sequence[str], theme: Theme = DARK, held: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return a colour for each run, different ones as long as there are enough.

    A run's colour comes from its id, so it is the same tomorrow and on every screen; where
    two want one colour, the run named first keeps it. ``held`` are colours given before:
    marking one more run never recolours those on screen.
    """
    given = {run: color for run, color in (held or {}).items() if run in run_ids}
    free = _Wheel(theme.series, given)
    for run in run_ids:
        if run not in given:
            given[run] = free.take(zlib.crc32(run.encode()))
    return {run: given[run] for run in run_ids}


class _Wheel:
    """Hand out the colours used least, nearest to the place that was asked for."""

    def __init__(self, series: tuple[int, ...], given: Mapping[str, int]) -> None:
        self._series = series
        self._uses = [list(given.values()).count(color) for color in series]

    def take(self, wish: int) -> int:
        size = len(self._series)
        least = min(self._uses)
        place = next(
            (wish + step) % size for step in count() if self._uses[(wish + step) % size] == least
        )
        self._uses[place] += 1
        return self._series[place]


def letters(number: int) -> tuple[str, ...]:
    """Return that many names for curves: a to z, then aa, ab, ..."""
    names = ("".join(name) for size in count(1) for name in product(ascii_lowercase, repeat=size))
    return tuple(islice(names, number))


def mixed(color: int, background: int, share: float) -> int:
    """Return ``share`` of the colour over the background."""
    return sum(
        round(share * (color >> shift & 0xFF) + (1 - share) * (background >> shift & 0xFF)) << shift
        for shift in (16, 8, 0)
    )
