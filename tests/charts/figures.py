"""Figures with defaults, so that a test names only what it is about."""

import numpy as np

from workbench.charts.bars import Bar, bars, importances
from workbench.charts.figure import Bright, Figure
from workbench.charts.heat import heat_map
from workbench.charts.histogram import distribution
from workbench.charts.parallel import parallel
from workbench.charts.placing import Values, values_of
from workbench.charts.scatter import pareto, progress, scatter
from workbench.runs.heat import heat
from workbench.runs.importance import importance

ORANGE, GREEN = 0xE69F00, 0x009E73


def values(numbers, label="auc", **chosen):
    """Return numbers as values of an axis."""
    return Values(np.asarray(numbers, dtype=float), label, **chosen)


def marked(*places):
    """Return these places as marked runs: a, b, c ..."""
    return tuple(
        Bright(place, letter, (ORANGE, GREEN)[at % 2], f"run-{place}")
        for at, (place, letter) in enumerate(zip(places, "abcdefghij", strict=False))
    )


def every_kind(xs, ys, names, label):
    """Return a figure of every kind for these runs, whatever they are."""
    x, y = values(xs, label), values(ys, label + "y")
    kinds = values_of(names, label)
    bright = marked(*range(min(3, len(xs))))
    found: list[Figure] = [
        scatter(x, y, bright=bright, cursor=0, cursor_label=label),
        scatter(x._replace(log=True), y, bright=bright),
        scatter(kinds, y),
        scatter(x, kinds, title=label),
        progress(x._replace(time=True), y, "max", bright=bright),
        pareto(x, y, ("min", "max"), bright=bright, cursor=1),
        pareto(x, y, ("min", "max", "min"), third=values(ys, "z")),
        parallel([x, y, kinds], bright=bright, cursor=1, brushes={0: (0.0, 10.0)}),
        parallel([x, kinds], bright=bright),
        heat_map(heat(names, xs, ys), x_label=label, y_label=label, value_label=label),
        distribution(x, bright=bright),
        distribution(kinds, bright=bright),
        bars(
            [Bar(str(name), one, one / 2, label) for name, one in zip(names, xs, strict=True)],
            title=label,
            label=label,
        ),
        importances(importance({label: names, "x": xs}, ys), metric=label),
    ]
    return found
