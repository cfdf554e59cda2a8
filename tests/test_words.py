"""Ages, sizes, numbers and states as words."""

import math

import pytest

from workbench import words
from workbench.tui import present

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "—"), (NAN, "—"), (-5, "now"), (0.4, "now"), (1, "1s"), (59.9, "59s"), (60, "1m"),
        (3599, "59m"), (3600, "1h"), (86_399, "23h"), (86_400, "1d"), (6 * 86_400, "6d"),
        (7 * 86_400, "1w"), (364 * 86_400, "52w"), (365 * 86_400, "1y"),
    ],
)  # fmt: skip
def test_age(seconds, shown):
    """An age is one number and one unit, rounded down."""
    assert words.age(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "—"), (INF, "—"), (-1, "0s"), (0.44, "0.4s"), (9.99, "9.9s"), (12.9, "12s"),
        (60, "1m 00s"), (185, "3m 05s"), (3600, "1h 00m"), (8040, "2h 14m"), (90_000, "1d 1h"),
    ],
)  # fmt: skip
def test_duration(seconds, shown):
    """A duration has at most two units and is never rounded up."""
    assert words.duration(seconds) == shown


@pytest.mark.parametrize(
    ("n_bytes", "shown"),
    [
        (None, "—"), (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_540, "1.5 kB"),
        (23_400_000, "23 MB"), (999_600, "1.0 MB"), (1_200_000_000, "1.2 GB"), (10**18, "1000 PB"),
    ],
)  # fmt: skip
def test_size(n_bytes, shown):
    """A size is in decimal units, with a decimal place below ten."""
    assert words.size(n_bytes) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"), (0, "0"), (0.0, "0"), (7, "7"), (100_000, "100000"), (0.94123, "0.9412"),
        (0.94, "0.94"), (1.0, "1"), (123.456, "123.5"), (99999.0, "99999"), (0.001, "0.001"),
        (0.00012346, "0.0001235"), (1e-05, "1e-5"), (2.5e-7, "2.5e-7"), (1.5e8, "1.5e8"),
        (-0.25, "-0.25"), (NAN, "NaN"), (INF, "∞"), (-INF, "-∞"), (0.99999, "1"),
        (10**20, "1e20"), (-123_456 * 10**400, "-1.235e405"),
    ],
)  # fmt: skip
def test_number(value, shown):
    """Four significant digits, no trailing zeros, powers of ten only where they help."""
    assert words.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.94, "0.9400"), (12.5, "12.50"), (1e-6, "1.000e-6")]
)
def test_number_padded(value, shown):
    """In a column trailing zeros stay, so that the points line up."""
    assert words.number(value, pad=True) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0.0, "="), (-0.0, "="), (0.0123, "+0.0123"), (-3, "-3"), (NAN, "NaN")],
)
def test_delta(value, shown):
    """A difference always has a sign."""
    assert words.delta(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(None, "—"), (0, "0%"), (0.0004, "<0.1%"), (0.123, "12.3%"), (0.5, "50%"), (1, "100%")],
)
def test_percent(share, shown):
    """A share is in percent; a tiny one is not nothing."""
    assert words.percent(share) == shown


@pytest.mark.parametrize(
    ("name", "inferred", "shown", "style"),
    [
        ("RUNNING", False, "▶ running", "running"),
        ("FINISHED", False, "✓ finished", "finished"),
        ("FAILED", False, "✗ failed", "failed"),
        ("KILLED", False, "■ killed", "killed"),
        ("STALE", True, "? stale~", "stale"),
        ("UNKNOWN", True, "? unknown~", "stale"),
        ("a\x1bword", False, "? unknown", "stale"),
    ],
)
def test_status(name, inferred, shown, style):
    """A state is a symbol, a word and a colour; a conclusion is marked."""
    assert present.status(name, inferred=inferred) == (shown, style)


@pytest.mark.parametrize(
    ("run_id", "shown"),
    [
        ("01ks2y5xm8q4m3vd9n5h1r7e2c", "1r7e2c"),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d"),
        ("r0000199", "r0000199"),
        ("a\nb", "a↵b"),
    ],
)
def test_short_id(run_id, shown):
    """Of our own ids the end differs, of others the beginning."""
    assert present.short_id(run_id) == shown


@pytest.mark.parametrize(
    ("anything", "shown"),
    [
        (None, "—"), (True, "true"), (3, "3"), (1e-3, "0.001"), ("adam\n", "adam↵"),
        ([1, "a"], '[1, "a"]'), ({"lr": 0.1}, '{"lr": 0.1}'),
    ],
)  # fmt: skip
def test_value(anything, shown):
    """A param is shown on one line, as a person would write it."""
    assert words.value(anything) == shown


def test_value_is_bounded():
    """A param of a megabyte does not reach the screen whole."""
    assert len(words.value("x" * 1_000_000)) == words.LONGEST_VALUE


@pytest.mark.parametrize(
    ("number_of", "shown"), [(0, "0 runs"), (1, "1 run"), (5051, "5,051 runs")]
)
def test_plural(number_of, shown):
    """A count agrees with its noun."""
    assert words.plural(number_of, "run") == shown


def test_spread():
    """A mean without a spread is a number alone."""
    assert words.spread(0.94123, 0.00213) == "0.9412 ±0.0021"
    assert words.spread(0.94123, None) == "0.9412"
    assert words.spread(0.94123, 0.00213, best=0.95, goal="max", n=3) == "0.9412 ±0.0021 ↑0.95 n=3"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2**64 - 1, "18446744073709551615"), (-(10**37), f"-{10**37}"), (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"), (2.0**64, "1.8446744073709552e+19"), (1e20, "1e20"),
        (10**400, "1e400"), (float("inf"), "∞"),
    ],
)  # fmt: skip
def test_exact(value, shown):
    """No other number is written the same."""
    assert words.exact(value) == shown


@pytest.mark.parametrize(
    ("shares", "shown"),
    [((), ""), ((0.0, 0.5, 1.0), "▁▅█"), ((-1.0, 0.07, 0.08, 9.0), "▁▁▂█")],
)
def test_bars(shares, shown):
    """A sign a share, from nothing at all to the whole; what is beyond is cut."""
    assert words.bars(shares) == shown
