"""What deserves a second look, in words."""

import numpy as np
import polars as pl
import pytest

from tests.datasets.profiling.tables import of, summary
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Column
from workbench.datasets.profiling import warnings

INF, NAN = float("inf"), float("nan")
NORMAL = np.random.default_rng(2).normal(size=2_000)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([None] * 3, ["every value is null"]),
        ([1.5, 2.5, None, None], ["50% null"]),
        ([1.5, NAN, INF, 2.5], ["1 NaN", "1 infinity"]),
        ([1.5, -INF, INF, 2.5], ["2 infinities"]),
        ([3] * 9, ["constant"]),
        ([0.0] * 1_999 + [1.0], ["almost constant: 99.95% is 0.0"]),
        (["x", None, "x"], ["33.3% null", "almost constant: all that are there are x"]),
        (["1", "2", "3"], ["numbers stored as text"]),
        (["1"] * 30 + ["n/a"], [
            "1 value of otherwise numbers is not", "'n/a' may stand for a missing value",
        ]),
        (["Bonn", "bonn", "Köln"], ["2 categories differ only in case or blanks"]),
        (["Bonn", "Köln ", "Ulm"], ["1 value with blanks around"]),
        (["", "Köln", "Ulm"], ["1 empty text"]),
        (["caf\ufffd", "thé"], ["1 value in a wrong encoding (�)"]),
        ([f"c{k % 1_200}" for k in range(3_000)], ["1,200 categories"]),
        (np.append(NORMAL, 1e6), ["far out: 1000000"]),
        (np.append(NORMAL, [-1e6, 1e6]), ["far out: -1000000 and 1000000"]),
        ([1.79e308, -1.79e308], ["values too large for a standard deviation"]),
        (NORMAL, []),
        (["a", "b"] * 20, []),
        ([], []),
    ],
)  # fmt: skip
def test_what_is_odd_is_said(values: list[object], said: list[str]) -> None:
    """Each oddity in a few words, and nothing of a column like any other."""
    column = of(pl.Series(values))
    assert list(warnings(column, column.rows)) == said


def test_values_of_a_sensitive_column_are_not_said() -> None:
    """A warning is no way around the mask."""
    table = pl.DataFrame({"x": ["Ann"] * 1_999 + [None]})
    column = summary(table, fields=Fields(sensitive=("x",))).columns[0]
    assert warnings(column, 2_000) == ("almost constant: all that are there are •••",)


def test_a_column_that_could_not_be_summarised_says_why() -> None:
    """Its fault is the only warning."""
    column = Column("x", "text", "String", rows=3, nulls=3, fault="cut off")
    assert warnings(column, 3) == ("could not be summarised: cut off",)


def test_what_steers_a_terminal_is_made_visible() -> None:
    """A value in a warning is shown like any other text."""
    column = of(["\x1b[31m"] * 1_999 + [None])
    assert "\x1b" not in " ".join(warnings(column, 2_000))
