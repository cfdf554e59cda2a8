"""How a number is distributed over runs, with the median and the marked runs in it."""

from collections.abc import Sequence

import numpy as np

from workbench import words
from workbench.charts.figure import UP, Axis, Boxes, Bright, Dots, Figure, Floats, Layer, Path
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.placing import Values, axis_for, drawn, lacking, say
from workbench.charts.ticks import STEPS, ticks
from workbench.runs.histogram import Histogram, histogram

_COLUMN = 0.75
_APART = 0.15
"""Room left and right of the column of a category."""

_HEADROOM = 1.12
_ABOVE = 0.04
"""How far above its column a letter stands, as a share of the highest one."""


def distribution(
    values: Values,
    *,
    bins: int | None = None,
    title: str = "",
    bright: Sequence[Bright] = (),
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return the histogram of values, in drawn units; of categories how often each is there.

    Args:
        values: One of each thing.
        bins: How many; None chooses.
        title: What is shown.
        bright: The marked ones, their letters above the columns they are in.
        theme: Colours.
        noun: What the things are.
    """
    places = drawn(values)
    found = _categories(values, places) if values.names else histogram(places, bins)
    title = title or values.label
    notes = " · ".join(lacking(values, noun))
    n = int(found.counts.sum())
    if not n:
        why = f"No {noun} has {values.label}" if len(places) else f"No {noun}s yet"
        return Figure(title, "", axis_for(values, places), _counts(1, noun), notes=notes, empty=why)
    x = axis_for(values, places)
    if not values.names:
        x = x._replace(low=float(found.edges[0]), high=float(found.edges[-1]))
    highest = int(found.counts.max())
    middle = float(np.median(places[np.isfinite(places)]))
    entries: list[Entry] = []
    layers: list[Layer] = [_columns(found, _APART if values.names else 0.0, theme)]
    if not values.names:
        said = f"median {say(values, middle)}"
        entries.append(Entry("│", said, theme.series[1], focused=False))
        layers.append(_median(middle, highest, theme))
    layers += _letters(found, places, bright, highest)
    entries += [Entry(one.letter, one.label, one.color, focused=False) for one in bright]
    y, aside = _counts(highest, noun), f"n = {words.count(n)}"
    return Figure(title, aside, x, y, tuple(layers), tuple(entries), notes)


def _categories(values: Values, places: Floats) -> Histogram:
    counts = [int(np.sum(places == at)) for at in range(len(values.names))]
    edges = np.arange(len(counts) + 1, dtype=np.float64) - 0.5
    return Histogram(edges, np.array(counts, dtype=np.int64), int(np.isnan(places).sum()))


def _counts(highest: int, noun: str) -> Axis:
    high = highest * _HEADROOM
    return Axis(f"{noun}s", 0.0, high, ticks(STEPS, 0.0, high, 6), STEPS)


def _columns(found: Histogram, apart: float, theme: Theme) -> Boxes:
    color = mixed(theme.series[0], theme.background, _COLUMN)
    counts = found.counts.astype(np.float64)
    return Boxes(
        found.edges[:-1] + apart,
        found.edges[1:] - apart,
        np.zeros(len(counts)),
        counts,
        (color,) * len(counts),
        grow=UP,
    )


def _median(middle: float, highest: int, theme: Theme) -> Path:
    return Path(
        np.array([middle] * 2), np.array([0.0, float(highest)]), theme.series[1], bright=True
    )


def _letters(
    found: Histogram, places: Floats, bright: Sequence[Bright], highest: int
) -> list[Layer]:
    layers: list[Layer] = []
    for one in bright:
        place = places[one.at]
        if np.isfinite(place):
            at = int(np.searchsorted(found.edges[1:-1], place, "right"))
            above = found.counts[at] + highest * _ABOVE
            layers.append(
                Dots(np.array([place]), np.array([above]), one.color, one.letter, bright=True)
            )
    return layers
