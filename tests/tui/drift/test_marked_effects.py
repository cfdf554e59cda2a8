"""Marked columns in the plot of effects."""

from workbench.charts.drifting import Point, over_time
from workbench.charts.figure import Dots, Path
from workbench.charts.palette import DARK
from workbench.tui.drift.marked_effects import with_marked

OWN = tuple(Point(None, f"{n}", 0.5, "stable") for n in range(4))


def test_a_marked_column_is_a_line_with_its_name_and_has_room() -> None:
    """An effect beyond the axis makes the axis higher; a chunk without the column has no place."""
    other = (OWN[1]._replace(effect=4.0), OWN[3]._replace(effect=2.0))
    alone = over_time(OWN)
    found = with_marked(alone, OWN, {"dest": other}, DARK)
    line = found.layers[0]
    assert isinstance(line, Path)
    assert line.x.tolist() == [1.0, 3.0]
    assert line.y.tolist() == [4.0, 2.0]
    assert found.y.high > 4.0
    assert [(one.letter, one.label) for one in found.entries][-1] == ("a", "dest")
    assert found.entries[:-1] == alone.entries
    assert isinstance(found.layers[1], Dots)
    assert (found.layers[1].x.tolist(), found.layers[1].sign) == ([3.0], "a")
    assert found.title == f"{alone.title}, beside 1 marked column"


def test_without_marks_the_plot_is_as_it_was() -> None:
    """Nothing is added where nothing is marked."""
    alone = over_time(OWN)
    assert with_marked(alone, OWN, {}, DARK) is alone
