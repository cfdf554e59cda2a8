"""The canvas: dots, layers and characters."""

import numpy as np

from workbench.charts.canvas import Canvas, band, line
from workbench.charts.drawing import Ink

RED, BLUE = Ink(0xFF0000), Ink(0x0000FF)


def text(canvas):
    """Return the rows as text."""
    return ["".join(span.text for span in row) for row in canvas.rows()]


def whole(canvas):
    """Return a mask of all dots of a canvas."""
    return np.ones((canvas.dots_high, canvas.dots_wide), dtype=bool)


def test_each_dot_has_its_braille_character():
    """The eight dots of a cell are the eight bits of its character."""
    found = []
    for row in range(4):
        for column in range(2):
            canvas = Canvas(1, 1)
            mask = np.zeros((4, 2), dtype=bool)
            mask[row, column] = True
            canvas.dots(mask, RED)
            found.append(text(canvas)[0])
    assert found == ["⠁", "⠈", "⠂", "⠐", "⠄", "⠠", "⡀", "⢀"]


def test_lines_of_one_layer_keep_their_dots():
    """Where two lines of a layer meet, both sets of dots stay and the last colour wins."""
    canvas = Canvas(1, 1)
    left, right = np.zeros((4, 2), dtype=bool), np.zeros((4, 2), dtype=bool)
    left[:, 0], right[:, 1] = True, True
    canvas.dots(left, RED)
    canvas.dots(right, BLUE)
    assert text(canvas) == ["⣿"]
    assert canvas.rows()[0][0].style == BLUE


def test_a_new_layer_hides_the_cells_it_touches():
    """A line of a higher layer is not thickened by what lies below it."""
    canvas = Canvas(2, 1)
    canvas.dots(whole(canvas), RED)
    canvas.new_layer()
    mask = np.zeros((4, 4), dtype=bool)
    mask[0, 0] = True
    canvas.dots(mask, BLUE)
    assert text(canvas) == ["⠁⣿"]


def test_characters_stand_over_dots_and_off_the_canvas_nowhere():
    """Text replaces dots; what does not fit is lost without an error."""
    canvas = Canvas(3, 1)
    canvas.dots(whole(canvas), RED)
    canvas.put(0, 2, "xyz", BLUE)
    canvas.put(5, 0, "no", BLUE)
    assert text(canvas) == ["⣿⣿x"]
    assert not canvas.free(0, 2)
    assert canvas.free(0, 0)
    assert not canvas.blank(0, 0)
    assert not canvas.free(0, 2, 2)


def test_neighbours_of_one_ink_are_one_span():
    """Rows hold as few spans as there are changes of ink."""
    canvas = Canvas(4, 1)
    canvas.put(0, 0, "aa", RED)
    canvas.put(0, 2, "bb", BLUE)
    assert canvas.rows() == ((("aa", RED), ("bb", BLUE)),)


def test_a_line_joins_its_points():
    """A steep line has no hole in it, a broken one has."""
    x, y = np.array([0, 9]), np.array([0.0, 19.0])
    joined = line(x, y, np.zeros(2, dtype=bool), 10)
    assert (joined.top[1:] <= joined.bottom[:-1] + 1).all()
    broken = line(x, y, np.array([True, False]), 10)
    assert np.flatnonzero(broken.top <= broken.bottom).tolist() == [0, 9]


def test_what_lies_off_the_canvas_is_cut():
    """A band that reaches beyond both edges fills the column."""
    canvas = Canvas(1, 1)
    canvas.fill(band(np.array([0]), np.array([-9.0]), np.array([9.0]), 2), RED)
    assert text(canvas) == ["⡇"]
