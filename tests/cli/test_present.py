"""Values as words."""

import math

import pytest

from workbench.cli import present


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (12, "12"), (0.5, "0.5"), (0.123456, "0.1235"), (1e-05, "1e-5"),
        (-2.5e-9, "-2.5e-9"),
        (123456.0, "123456"), (1.5e12, "1.5e12"), (math.nan, "NaN"), (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)  # fmt: skip
def test_numbers(value: float, text: str) -> None:
    """Four digits count, nothing is padded, and what is no number says so."""
    assert present.number(value) == text


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (999_999, "1.0 MB"), (23e6, "23 MB")],
)
def test_sizes(n: int, text: str) -> None:
    """Sizes are decimal and never show a thousand of a unit."""
    assert present.size(n) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.44, "0.4s"), (12, "12s"), (185, "3m 05s"), (8040, "2h 14m"), (90_000, "1d 1h"), (-3, "0s")],
)
def test_durations(seconds: float, text: str) -> None:
    """Lengths of time have at most two units."""
    assert present.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        ("a\x1bb", "a␛b"),
        ([1, "é"], '[1, "é"]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_values(value: object, text: str) -> None:
    """Any param is one safe line."""
    assert present.value(value) == text
