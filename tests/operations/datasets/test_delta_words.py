"""What changed in a column, explained measure by measure."""

import re
from pathlib import Path

import polars as pl

from workbench.datasets.diffing import profile_deltas
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.operations.datasets.delta_words import MEASURES, explained

STATISTICS = Path(__file__).parents[3] / "docs" / "statistics.md"


def said(old: list[object], new: list[object]) -> str:
    """Return what is said of a column that changed."""
    sides = [profile(of_frame(pl.DataFrame({"x": values}))) for values in (old, new)]
    return explained(profile_deltas(*sides)[0])


def test_every_measure_stands_with_its_size_and_its_meaning() -> None:
    """Not only the largest: all that both summaries allow."""
    text = said([1.0, 2.0, 3.0] * 40, [2.0, 3.0, None] * 40)
    assert "KS D 0.333: median 2 → 2.5." in text
    assert "missing 0.333: 0% → 33.3% missing." in text
    assert MEASURES["KS D"] in text
    assert MEASURES["missing"] in text
    assert "from 0, alike, to 1" in text


def test_new_and_vanished_values_are_listed_whole() -> None:
    """Each with its rows."""
    text = said(["a", "b"] * 30, ["a", "c"] * 30)
    assert "New values:\n  c, 30 rows" in text
    assert "Values that are gone:\n  b, 30 rows" in text


def test_a_change_that_may_be_chance_says_so() -> None:
    """Two small samples of the same thing lie as far apart."""
    assert "would often lie as far apart" in said([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])


def test_another_kind_of_values_is_said() -> None:
    """The type is a measure too."""
    assert MEASURES["type"] in said([1, 2, 3], ["a", "b", "c"])


def test_the_measures_are_those_of_the_manual() -> None:
    """Each has a line in both places."""
    table = STATISTICS.read_text("utf-8").partition("## Two profiles beside each other")[2]
    table = table.partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
    assert {name for row in rows for name in re.findall("`(.+?)`", row)} == set(MEASURES)
