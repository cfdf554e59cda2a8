"""Pictures as half blocks: two pixels in every cell, one above the other.

Reading image files is somebody else's business; an array comes in.
"""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from workbench.charts.drawing import Drawing, Ink, Span, drawing

UPPER_HALF = "▀"
Pixels = NDArray[np.uint8]


def image(pixels: Pixels, *, width: int, height: int) -> Drawing:
    """Return the picture as large as it fits, its shape kept, in the top left corner.

    Args:
        pixels: Colours 0 to 255, shape ``(rows, columns, 3)``, or ``(rows, columns)`` for greys.
        width: Cells to fit into.
        height: Likewise.

    Raises:
        ValueError: The array has another shape.
    """
    colored = _colored(pixels)
    if not colored.size or width < 1 or height < 1:
        return drawing(width, height, ())
    scaled = _scaled(colored, *_size(colored.shape[1], colored.shape[0], width, height * 2))
    if len(scaled) % 2:
        return drawing(width, height, [*_rows(scaled[:-1]), tuple(_last_row(scaled[-1]))])
    return drawing(width, height, _rows(scaled))


def _colored(pixels: Pixels) -> Pixels:
    grey, colored = 2, 3
    if pixels.ndim == grey:
        return np.repeat(pixels[:, :, None], colored, axis=2)
    if pixels.ndim != colored or pixels.shape[2] != colored:
        raise ValueError(f"not a picture in red, green and blue: shape {pixels.shape}")
    return pixels


def _size(wide: int, high: int, most_wide: int, most_high: int) -> tuple[int, int]:
    """Return columns and rows of half blocks; these are about square."""
    scale = min(most_wide / wide, most_high / high)
    return max(1, round(wide * scale)), max(1, round(high * scale))


def _scaled(pixels: Pixels, wide: int, high: int) -> Pixels:
    """Return the mean of the pixels under each new one, or the nearest where it is enlarged."""
    down = _resampled(pixels.astype(np.float64), high, 0)
    return np.rint(_resampled(down, wide, 1)).astype(np.uint8)


def _resampled(values: NDArray[np.float64], size: int, axis: int) -> NDArray[np.float64]:
    given = values.shape[axis]
    starts = np.arange(size) * given // size
    if size >= given:
        nearest: NDArray[np.float64] = np.take(values, starts, axis=axis)
        return nearest
    counts = np.diff(starts, append=given)
    shape = [1] * values.ndim
    shape[axis] = size
    summed: NDArray[np.float64] = np.add.reduceat(values, starts, axis=axis)
    mean: NDArray[np.float64] = summed / counts.reshape(shape)
    return mean


def _rows(scaled: Pixels) -> list[tuple[Span, ...]]:
    packed = _packed(scaled)
    return [
        tuple(_joined(zip(upper, lower, strict=True)))
        for upper, lower in zip(packed[::2], packed[1::2], strict=True)
    ]


def _last_row(line: Pixels) -> Iterator[Span]:
    return _joined((color, None) for color in _packed(line[None])[0])


def _packed(scaled: Pixels) -> list[list[int]]:
    parts = scaled.astype(np.int64)
    packed: list[list[int]] = (parts[..., 0] << 16 | parts[..., 1] << 8 | parts[..., 2]).tolist()
    return packed


def _joined(pairs: Iterator[tuple[int, int | None]]) -> Iterator[Span]:
    """Join neighbours of one look: a plain picture is a few spans, not thousands."""
    for (upper, lower), same in groupby(pairs):
        yield Span(UPPER_HALF * len(list(same)), Ink(upper, back=lower))
