"""The mean of a metric over two params, as cells of colour with the number in them."""

import numpy as np

from workbench import words
from workbench.charts.figure import FIXED, Axis, Boxes, Figure, Floats
from workbench.charts.legend import Entry
from workbench.charts.numbers import short
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.sheet import SHADES
from workbench.charts.ticks import Tick
from workbench.runs.heat import PART, Heat

_VIRIDIS = (
    *(0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E),
    *(0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725),
)

_LARGEST = 1e300
"""The width of a wider range is no number."""


def viridis(level: float) -> int:
    """Return the colour of a level from 0 to 1: dark violet over green to yellow."""
    place = min(max(level, 0.0), 1.0) * (len(_VIRIDIS) - 1)
    below = min(int(place), len(_VIRIDIS) - 2)
    return mixed(_VIRIDIS[below + 1], _VIRIDIS[below], place - below)


def heat_map(
    found: Heat,
    *,
    x_label: str,
    y_label: str,
    value_label: str,
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return means over a grid: viridis from lowest to highest, empty cells blank.

    A cell reads ``0.941 n=3`` where there is room, its mean where there is less.
    """
    title = f"mean {value_label} by {x_label}, {y_label}"
    x, y = _axis(found.x, x_label), _axis(found.y, y_label)
    left_out = words.plural(found.left_out, noun) + " without a place in it left out"
    notes = " · ".join(
        said
        for said, so in (
            ("cut at quantiles, each part from its first value on", found.binned),
            (left_out, found.left_out),
        )
        if so
    )
    rows, columns = np.nonzero(found.n)
    if not len(rows):
        why = f"No {noun} has {x_label}, {y_label} and {value_label}"
        return Figure(title, "", x, y, notes=notes, empty=why)
    means = found.mean[rows, columns]
    levels = _levels(means)
    texts = (
        f"{short(mean)} n={n}"
        for mean, n in zip(means.tolist(), found.n[rows, columns].tolist(), strict=True)
    )
    boxes = Boxes(
        *_sides(columns),
        *_sides(rows),
        tuple(viridis(level) for level in levels),
        tuple(texts),
        levels,
    )
    aside = f"n = {words.count(int(found.n.sum()))}"
    return Figure(title, aside, x, y, (boxes,), _entries(means, theme), notes)


def _sides(at: np.ndarray) -> tuple[Floats, Floats]:
    middle = at.astype(np.float64)
    return middle - 0.5, middle + 0.5


def _axis(names: tuple[object, ...], label: str) -> Axis:
    ticks = tuple(Tick(float(at), _begin(words.value(name))) for at, name in enumerate(names))
    return Axis(label, -0.5, max(len(names), 1) - 0.5, ticks, FIXED)


def _begin(name: str) -> str:
    """Return where a part begins: from there to the next one is how all axes are read."""
    return name.partition(PART)[0]


def _levels(means: np.ndarray) -> tuple[float, ...]:
    near = np.clip(means, -_LARGEST, _LARGEST)
    low, high = float(near.min()), float(near.max())
    if not high > low:
        return (0.5,) * len(means)
    return tuple(((near - low) / (high - low)).tolist())


def _entries(means: np.ndarray, theme: Theme) -> tuple[Entry, ...]:
    """Return the ends of the scale of colours; the shade says them without colour."""
    low, high = float(means.min()), float(means.max())
    if not high > low:
        return (Entry(SHADES[2], short(low), viridis(0.5), focused=False),)
    dark = mixed(viridis(0), theme.text or 0xFFFFFF, 0.6) if theme == DARK else viridis(0)
    return (
        Entry(SHADES[0], f"{short(low)} lowest", dark, focused=False),
        Entry(SHADES[-1], f"{short(high)} highest", viridis(1), focused=False),
    )
