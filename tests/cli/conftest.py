"""A workspace with a few runs, and the command line over it."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.building import BEGIN, points, write_run
from workbench.cli.main import program

Run = Callable[..., Result]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three runs: a good one, one that diverged and one that crashed."""
    root = tmp_path / "ws"
    write_run(root, number=1, name="good", note="keep", params={"lr": 0.1, "seed": 1},
              artifacts={"report.txt": b"fine"}, metrics=points(3, "loss", "val/auc"))  # fmt: skip
    write_run(root, number=2, name="diverged", params={"lr": 40},
              metrics=[(0, BEGIN, {"loss": 1.0}), (1, BEGIN + 1, {"loss": math.nan})])  # fmt: skip
    write_run(root, number=3, name="crashed", experiment="other", status="FAILED",
              params={"lr": 0.2}, error=["ValueError: no"])  # fmt: skip
    return root


@pytest.fixture
def run(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the workspace, without a terminal."""
    monkeypatch.chdir(workspace)

    def invoke(*words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(program, list(words), input=stdin)

    return invoke
