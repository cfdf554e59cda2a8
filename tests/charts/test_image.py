"""Pictures as half blocks."""

import numpy as np
import pytest

from tests.charts.builders import is_exactly
from workbench.charts.drawing import Ink, Span
from workbench.charts.image import image


def test_two_pixels_share_a_cell():
    """The upper pixel is the foreground of a half block, the lower one its background."""
    pixels = np.array([[[255, 0, 0]], [[0, 0, 255]]], dtype=np.uint8)
    assert image(pixels, width=1, height=1).rows == ((Span("▀", Ink(0xFF0000, back=0x0000FF)),),)


def test_shrinking_takes_the_mean():
    """A checkerboard of black and white becomes grey."""
    pixels = np.zeros((4, 4), dtype=np.uint8)
    pixels[::2, ::2] = pixels[1::2, 1::2] = 254
    rows = image(pixels, width=2, height=1).rows
    assert rows == ((Span("▀▀", Ink(0x7F7F7F, back=0x7F7F7F)),),)


def test_enlarging_takes_the_nearest():
    """A small picture has sharp edges when it is enlarged."""
    pixels = np.array([[0, 255]], dtype=np.uint8)
    row = image(pixels, width=4, height=1).rows[0]
    assert [(span.text, span.style.color) for span in row] == [("▀▀", 0), ("▀▀", 0xFFFFFF)]


@pytest.mark.parametrize("shape", [(1, 1, 3), (37, 91, 3), (300, 5), (5, 300), (3, 3, 3)])
@pytest.mark.parametrize("size", [(1, 1), (20, 7), (81, 3), (0, 4), (4, 0)])
def test_pictures_keep_to_their_size(shape, size):
    """Whatever the shape, the drawing has exactly the size that was asked for."""
    width, height = size
    assert is_exactly(image(np.zeros(shape, np.uint8), width=width, height=height), width, height)


def test_a_picture_keeps_its_shape():
    """A square is as wide as two cells are high for every row."""
    rows = image(np.zeros((10, 10), np.uint8), width=40, height=5).rows
    assert all(row[0].text == "▀" * 10 for row in rows)


def test_an_odd_row_has_no_lower_half():
    """The last line of pixels leaves the terminal's own background below it."""
    row = image(np.zeros((1, 2), np.uint8), width=2, height=5).rows[0]
    assert row[0].style == Ink(0, back=None)


def test_other_arrays_are_refused():
    """Four channels or one dimension is no picture in red, green and blue."""
    with pytest.raises(ValueError, match="not a picture"):
        image(np.zeros((2, 2, 4), np.uint8), width=2, height=2)
