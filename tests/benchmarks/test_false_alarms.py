"""The simulation of false alarms, small: it runs, it is quiet, and the usual rule is not."""

import pytest

from tests.benchmarks.false_alarms import CHANGES, COLUMNS, alarms, main, power, wilson


def test_a_table_without_a_change_hardly_ever_alarms_where_the_usual_rule_always_does() -> None:
    """Thirty columns, a hundred rows, fifteen runs with a fixed seed."""
    found = alarms(100, 100, 15, seed=1)
    assert len(COLUMNS) == 30
    assert found.alarmed == 0
    assert found.usual == 15


def test_a_change_of_half_a_deviation_is_found() -> None:
    """At a thousand rows in every one of the five columns."""
    found = power(next(one for one in CHANGES if one.what == "mean +0.5 σ"), 1_000, 1, seed=1)
    assert (found.found, found.seen) == (1, 1)


def test_intervals_are_wilsons() -> None:
    """None of 300 is not known to be never; half of ten is between a quarter and three."""
    assert wilson(0, 300) == (0, pytest.approx(0.01264, abs=1e-4))
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-3), pytest.approx(0.7634, abs=1e-3))


def test_the_command_prints_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Shares with their interval; the exit code is that of a table below the limit."""
    assert main(["--repetitions", "1", "--sizes", "60", "--no-power"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "no change, 30 columns, 1 runs each, seed 0"
    assert said[2].split()[:4] == ["60", "v", "60", "0.0%"]
