"""Verdicts have a colour each, and a sign in every picture."""

from tests.charts import pictures
from workbench.charts.drifting import Point, color_of, over_time
from workbench.charts.palette import DARK, LIGHT
from workbench.charts.svg_figure import figure_svg
from workbench.datasets.drift.report import VERDICTS


def test_each_verdict_has_a_colour_of_its_own():
    """On either ground; a verdict of a newer program is muted as what is not judged."""
    for theme in (DARK, LIGHT):
        assert len({color_of(one, theme) for one in VERDICTS}) == len(VERDICTS)
        assert color_of("unheard of", theme) == theme.muted


def test_signs_that_are_no_letters_are_written_in_pictures():
    """Severe and too few are no mere discs: without colour they would be stable."""
    points = [Point(None, one, 1.0, one) for one in VERDICTS]
    said = pictures.texts(pictures.read(figure_svg(over_time(points))))
    for sign in ("s", "D", "!", "?", "x"):
        assert said.count(sign) == 2  # at its point and in the legend
