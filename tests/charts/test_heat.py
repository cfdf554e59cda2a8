"""Heat maps: viridis and shades for means, numbers where they fit, blanks where nobody was."""

import pytest

from workbench.charts.figure_canvas import draw_figure
from workbench.charts.heat import heat_map, viridis
from workbench.runs.heat import heat

LABELS = {"x_label": "lr", "y_label": "opt", "value_label": "auc"}


def figure(xs=(1, 2, 1), ys=("a", "a", "b"), means=(0.1, 0.5, 0.9)):
    """Return the heat map of a few runs."""
    return heat_map(heat(list(xs), list(ys), list(means)), **LABELS)


def test_the_ends_of_the_colours_are_those_of_viridis():
    """Lowest is dark violet, highest yellow, and between them nothing jumps."""
    assert (viridis(0), viridis(1)) == (0x440154, 0xFDE725)
    assert (viridis(-1), viridis(2)) == (viridis(0), viridis(1))
    greens = [viridis(step / 50) >> 8 & 0xFF for step in range(51)]
    assert greens == sorted(greens)


def test_each_cell_says_its_mean_and_its_number():
    """Cells in which runs are have a box; the one nobody tried has none."""
    (boxes,) = figure().layers
    assert boxes.texts == ("0.1 n=1", "0.5 n=1", "0.9 n=1")
    assert boxes.levels == (0.0, 0.5, 1.0)
    assert boxes.colors == (viridis(0), viridis(0.5), viridis(1))


def test_an_empty_cell_is_blank():
    """Where no run is, nothing is drawn."""
    rows = draw_figure(figure(), width=60, height=14).text.split("\n")
    upper = rows[3].split("│")[-1].split("┤")[-1]
    assert upper.rstrip() != upper
    assert "█" in upper
    assert not upper[-20:].strip()


@pytest.mark.parametrize(("width", "height", "counts"), [(80, 7, 3), (18, 7, 3), (14, 4, 0)])
def test_numbers_are_written_where_they_fit(width, height, counts):
    """With less room the count stands below the mean, or goes."""
    text = draw_figure(figure(), width=width, height=height).text
    plot = "\n".join(row for row in text.split("\n") if "┤" in row or "│" in row)
    assert sum(plot.count(mean) for mean in ("0.1", "0.5", "0.9")) == 3
    assert plot.count("n=1") == counts


def test_the_colours_have_a_legend():
    """Lowest and highest mean stand in the legend beside the shade they are drawn in."""
    assert [(entry.letter, entry.label) for entry in figure().entries] == [
        ("░", "0.1 lowest"),
        ("█", "0.9 highest"),
    ]


def test_one_mean_has_one_colour():
    """Where all means are one there is no lowest and no highest."""
    assert len(figure(means=(0.5, 0.5, 0.5)).entries) == 1


def test_who_has_no_place_is_counted_and_an_empty_map_says_why():
    """Runs without a value are in the notes; without any there is a reason."""
    assert figure(means=(0.1, float("nan"), 0.9)).notes == "1 run without a place in it left out"
    assert figure((), (), ()).empty == "No run has lr, opt and auc"


def test_bins_are_named_by_where_they_begin():
    """A cut axis shows the first value of each part, and says that it is cut."""
    found = heat_map(heat(list(range(100)), ["a"] * 100, list(range(100))), **LABELS)
    assert found.x.ticks[0].label == "0"
    assert "cut at quantiles" in found.notes
