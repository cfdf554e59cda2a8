"""The benchmarks run from end to end; how long anything takes is nobody's business here."""

import json
import os
import subprocess
import sys

import pytest

from tests.benchmarks.place import CHECKOUT
from tests.benchmarks.rows import BROKEN, NOT_RUN, Row, figure, share, spread

PATIENCE_S = 600
"""A machine that others use too may be five times as slow; how slow is nobody's business here."""


def tiny(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the benchmarks on next to nothing."""
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--tiny", *words], cwd=CHECKOUT, check=False,
        capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip


@pytest.mark.timeout(PATIENCE_S + 20)
def test_everything_is_measured() -> None:
    """Every subject gives its rows, and only what was not asked for has no figure."""
    done = tiny("--json")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert len(rows) == (136 if os.name != "nt" else 130)
    assert not [row for row in rows if row["verdict"] == BROKEN]
    assert {row["note"] for row in rows if row["verdict"] == NOT_RUN} <= {
        "not asked for (--peers)",
        "not asked for (--large)",
        "needs a pseudo-terminal, which this system does not have",
    }


@pytest.mark.timeout(PATIENCE_S + 20)
def test_the_table_has_budget_figure_and_verdict() -> None:
    """A line says what, how much it may be, how much it is, and how that stands."""
    done = tiny("--only", "indexing")
    assert done.returncode == 0, done.stdout + done.stderr
    head, *lines = [line for line in done.stdout.splitlines() if line][1:]
    assert head.split() == ["what", "budget", "measured", "verdict", "note"]
    index = next(line for line in lines if line.startswith("cold index"))
    assert "≥ 5,000 runs/s" in index
    assert " ok " in index or " OVER " in index


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("a", 40, "ms", 40), "ok"),
        (Row("a", 40.1, "ms", 40), "OVER"),
        (Row("a", 5000, "runs/s", 5000, at_least=True), "ok"),
        (Row("a", 4999, "runs/s", 5000, at_least=True), "OVER"),
        (Row("a", 3.0, "x"), "-"),
        (Row("a", None), "not run"),
        (Row("a", None, broken=True), "FAILED"),
    ],
)
def test_a_verdict_compares_with_the_budget(row: Row, verdict: str) -> None:
    """At the limit is within it, and a floor is the other way round."""
    assert row.verdict == verdict


def test_figures_have_the_digits_they_deserve() -> None:
    """Three digits say what there is to say."""
    assert figure(0.5, "s") == "0.50 s"
    assert figure(12.34, "x") == "12.3x"
    assert figure(12_345.6, "runs/s") == "12,346 runs/s"
    assert spread([3.0, 1.0, 2.0], "ms") == "n=3, 1.00 ms to 3.00 ms"
    assert share([float(k) for k in range(100)], 0.95) == 95
