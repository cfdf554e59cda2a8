"""A filter means the same to the rules of a dataset as to the screen that shows its rows."""

from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.catalogue.data_building import NOW, every_kind, numbers, opened
from tests.catalogue.test_data_filtering import test_a_filter_finds_its_rows as on_screen
from workbench.datasets.filter_expressions import matching
from workbench.datasets.reading import frame_columns

CASES: list[tuple[str, list[int] | None]] = [
    case for case in on_screen.pytestmark[0].args[1] if case[1] is not None
]


@pytest.mark.parametrize(("text", "rows"), CASES)
def test_rules_find_the_rows_that_the_screen_finds(text: str, rows: list[int]) -> None:
    """Case by case those that prove the database's reading of the language."""
    assert found(every_kind(), text) == rows


def found(frame: pl.DataFrame, text: str) -> list[int]:
    """Return the numbers of the rows a filter matches."""
    where: Any = matching(text, frame_columns(frame), frame.schema, NOW)
    truth = frame.select(where.alias("truth"))["truth"]
    assert truth.null_count() == 0
    return truth.arg_true().to_list()


def test_an_empty_filter_leaves_nothing_out() -> None:
    """It is no filter."""
    frame = every_kind()
    assert matching("  ", frame_columns(frame), frame.schema, NOW) is None


DECIMALS: list[tuple[str, list[int]]] = [
    (f"d = {10**37 + 9}", [1]), (f"d < {10**37 + 9}", [0, 2]), (f"d + 0 = {10**37 + 9}", [1]),
    (f"d in ({10**37 + 8}, 1)", [0, 2]), ("d < 1.5", [2]), ("d != 1.5", [0, 1, 2]),
    (f"d < {10**38}", [0, 1, 2]), ("d > -1e300", [0, 1, 2]), ("d = 1e-300", []),
]  # fmt: skip


def test_decimals_are_found_by_all_their_digits(tmp_path: Path) -> None:
    """No neighbour that is the same as a float comes along, to a rule or to the screen."""
    values = [f"{10**37 + 8}", f"{10**37 + 9}", "1"]
    frame = pl.DataFrame({"d": pl.Series(values).cast(pl.Decimal(38, 0))})
    with closing(opened(tmp_path, frame)) as files:
        for text, rows in DECIMALS:
            assert found(frame, text) == rows, text
            assert numbers(files, text) == rows, text
