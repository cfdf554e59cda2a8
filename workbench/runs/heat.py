"""The mean of a number over two others: cells of a grid, with how many runs each rests on."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from workbench import words
from workbench.runs.series import Floats, Ints

MOST = 12
PART = " … "
"""Between the first and the last value of a part."""

_DIGITS = 3


class Heat(NamedTuple):
    """Means over a grid; ``mean`` and ``n`` have shape ``(len(y), len(x))``.

    A cell without a finite value has NaN and 0. ``x`` and ``y`` are the values as they are,
    or texts such as ``0.001 … 0.01`` where ``binned``. ``left_out`` counts runs without a
    place, or without a finite value.
    """

    x: tuple[Any, ...]
    y: tuple[Any, ...]
    mean: Floats
    n: Ints
    binned: bool
    left_out: int = 0


class _Side(NamedTuple):
    names: tuple[Any, ...]
    places: Ints
    binned: bool


def heat(
    xs: Sequence[Any] | Floats,
    ys: Sequence[Any] | Floats,
    values: Sequence[float] | Floats,
    *,
    most: int = MOST,
) -> Heat:
    """Return the mean of the values over the two others.

    Up to ``most`` different values stand as they are, numbers before texts. More numbers are
    cut into that many bins that hold about as many runs each; of more texts those seen most
    often are kept. None, NaN and infinities have no place.

    Raises:
        ValueError: The lengths differ.
    """
    found = np.asarray(values, dtype=np.float64).ravel()
    if not len(xs) == len(ys) == len(found):
        raise ValueError("a heat map needs two places for each value")
    usable = np.isfinite(found)
    x, y = _side(xs, usable, most), _side(ys, usable, most)
    usable &= (x.places >= 0) & (y.places >= 0)
    shape = (len(y.names), len(x.names))
    at = y.places[usable] * shape[1] + x.places[usable]
    n = np.bincount(at, minlength=shape[0] * shape[1])
    share = found[usable] / np.maximum(n[at], 1)
    total = np.bincount(at, weights=share, minlength=shape[0] * shape[1])
    mean = np.where(n > 0, total, np.nan)
    return Heat(
        x.names,
        y.names,
        mean.reshape(shape),
        n.astype(np.int64).reshape(shape),
        x.binned or y.binned,
        len(found) - int(usable.sum()),
    )


def _side(raw: Sequence[Any] | Floats, usable: np.ndarray, most: int) -> _Side:
    """Return the values of one side and each thing's place among them, -1 for none."""
    keys = [_key(one) if use else None for one, use in zip(_listed(raw), usable, strict=True)]
    counted: dict[tuple[int, float, str], int] = {}
    for key in keys:
        if key is not None:
            counted[key] = counted.get(key, 0) + 1
    if len(counted) > most and all(key[0] == 0 for key in counted):
        return _binned(keys, most)
    kept = sorted(sorted(counted, key=lambda key: (-counted[key], key))[:most])
    places = {key: at for at, key in enumerate(kept)}
    first = {key: one for one, key in reversed(list(zip(_listed(raw), keys, strict=True)))}
    found = [places.get(key, -1) if key is not None else -1 for key in keys]
    return _Side(tuple(first[key] for key in kept), np.array(found, dtype=np.int64), False)


def _listed(raw: Sequence[Any] | Floats) -> list[Any]:
    return raw.tolist() if isinstance(raw, np.ndarray) else list(raw)


def _key(one: Any) -> tuple[int, float, str] | None:
    """Return what sorts and tells values apart: numbers first, true and false are texts."""
    if one is None:
        return None
    if isinstance(one, int | float) and not isinstance(one, bool):
        number = float(one) if abs(one) < 1e308 else math.inf  # noqa: PLR2004 - as a float holds
        return (0, number + 0.0, "") if math.isfinite(number) else None
    return (1, 0.0, words.value(one))


def _binned(keys: Sequence[tuple[int, float, str] | None], most: int) -> _Side:
    numbers = np.array([math.nan if key is None else key[1] for key in keys])
    finite = numbers[np.isfinite(numbers)]
    edges = np.unique(np.quantile(finite, np.linspace(0, 1, most + 1), method="nearest"))
    places = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    names = tuple(
        f"{words.number(low, _DIGITS)}{PART}{words.number(high, _DIGITS)}"
        for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    )
    return _Side(names, np.where(np.isfinite(numbers), places, -1).astype(np.int64), True)
