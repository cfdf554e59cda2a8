"""What is said of a column in a chunk."""

import pytest

from tests.drift_building import chunk, column
from workbench.datasets.drift.report import DRIFT
from workbench.tui.drift.column_lines import number_lines


@pytest.mark.parametrize(("limit", "words"), [(0.05, "no chance finding"), (0.01, "may be chance")])
def test_chance_is_told_by_the_limit_of_the_check(limit: float, words: str) -> None:
    """A q of 0.03 is a finding where the report says 0.05 was the limit, and none by 0.01."""
    found = column("delay", DRIFT, q=0.03)
    lines = number_lines(found, chunk(columns=(found,)), 80, q=limit)
    assert words in " ".join(cell.text for line in lines for cell in line)
