"""Where a benchmark works and how much of everything it makes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.building import write_many

CHECKOUT = Path(__file__).parents[2]
PARAMS, METRICS = 20, 10
_PATIENCE_S = 600
_NOT_PASSED_ON = frozenset(
    ("WORKBENCH_WORKSPACE", "COLUMNS", "LINES", "NO_COLOR", "PYTHONDONTWRITEBYTECODE")
)
"""Whoever installed the workbench has its compiled files, and a terminal of its own size."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is made and how often it is measured."""

    starts: int = 15
    """Interpreters started for one figure."""
    screens: int = 5
    """Times a screen is opened for one figure."""
    blocks: int = 20
    calls: int = 500
    """Calls of ``log`` in a block."""
    finishes: int = 30
    runs: int = 10_000
    large: int = 100_000
    synthetic: int = 100_000
    """Runs that exist in a catalogue only."""
    few: int = 100
    """Runs of a workspace that is opened for its first paint alone."""
    curves: int = 10
    points: int = 100_000
    repeats: int = 9
    times: int = 3
    """Of what takes seconds."""
    keys: int = 40
    models: int = 1000
    versions: int = 50
    """Of each model."""
    monitors: int = 20
    reports: int = 1000
    """Of drift, of each monitor."""
    chunks: int = 1000
    """Of one monitor with a hundred columns."""
    answers: int = 100_000
    """Rows that two versions predicted."""
    profiled: int = 1_000_000
    """Rows of the table with thirty columns that is profiled; other tools get a tenth."""
    data_rows: int = 10_000_000
    """Rows of the data file whose rows are looked at; four fifths of them as CSV."""
    log_megabytes: int = 500
    """Of one run's log as wandb writes it."""
    racers: int = 8
    """Processes that change one stage at once."""
    changes: int = 100
    """Of the stage, by each."""
    peer_changes: int = 50
    event_bytes: int = 1_000_000_000
    """Of one event file of TensorBoard's."""
    peer_runs: int = 1000
    peer_calls: int = 2000
    peer_seconds: int = 20


FULL = Scale()
TINY = Scale(
    starts=1, screens=1, blocks=2, calls=20, finishes=2, runs=30, large=60, synthetic=60, few=5,
    curves=2, points=30, repeats=2, times=1, keys=3, models=3, versions=10, racers=2, changes=3,
    monitors=3, reports=8, chunks=10, answers=200, profiled=300, data_rows=3000, peer_changes=3,
    peer_runs=5, event_bytes=200_000, log_megabytes=1, peer_calls=20, peer_seconds=5,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to work in, and what was asked for."""

    folder: Path
    scale: Scale = FULL
    large: bool = False
    peers: bool = False

    def workspace(self, name: str, make: Callable[[Path], object]) -> Path:
        """Return a workspace of that name, made the first time it is asked for."""
        path = self.folder / name
        made = self.folder / f"{name}.made"
        if not made.exists():
            make(path)
            made.touch()
        return path

    def many(self, count: int) -> Path:
        """Return a workspace of that many runs without curves."""
        return self.workspace(
            f"runs-{count}", lambda path: write_many(path, count, params=PARAMS, metrics=METRICS)
        )

    def environment(self, cache: str = "standing") -> dict[str, str]:
        """Return this process's variables, with caches and states that are nobody's own."""
        own = self.folder / "own"
        variables = {
            "WORKBENCH_CACHE": str(own / cache),
            "WORKBENCH_STATE": str(own / "state"),
            "WORKBENCH_SPOOL": str(own / "spool"),
            "PYTHONPYCACHEPREFIX": str(own / "compiled"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        return kept | variables

    def run(self, name: str, *words: object, cache: str = "standing") -> dict[str, Any]:
        """Run one of the programs here in a fresh interpreter; return what it measured."""
        argv = [*program(name), *map(str, words)]
        return answer_of(argv, self.environment(cache))


def program(name: str) -> list[str]:
    """Return the words that start one of the programs."""
    return [sys.executable, "-m", f"tests.benchmarks.programs.{name}"]


def answer_of(
    argv: list[str], environment: Mapping[str, str], seconds: float = _PATIENCE_S
) -> dict[str, Any]:
    """Return the JSON object on the last line a program prints.

    Raises:
        RuntimeError: It failed; says how.
    """
    done = subprocess.run(
        argv, env=environment, cwd=CHECKOUT, capture_output=True, text=True, timeout=seconds,
        check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(f"{argv[2]} ended with {done.returncode}: {last}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
