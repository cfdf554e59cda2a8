"""Run a sample script as a person would: a process of its own, a workspace of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[2] / "sample_projects"


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """What one run left in the workspace: its folder, its start card and its end card."""

    folder: Path
    card: dict[str, Any]
    end: dict[str, Any]

    def series(self, name: str) -> list[tuple[int, Any]]:
        """Return the steps and values of a metric, in the order they were logged."""
        lines = (self.folder / "writers/0/metrics.jsonl").read_text("utf-8").splitlines()
        points = [json.loads(line) for line in lines if line]
        return [(at["step"], at["metrics"][name]) for at in points if name in at["metrics"]]

    def artifact(self, name: str) -> str:
        """Return the text of an artifact."""
        return (self.folder / "artifacts" / name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a script ended and the runs it logged, oldest first."""

    code: int
    talk: str
    runs: list[LoggedRun]


def read_runs(workspace: Path) -> list[LoggedRun]:
    """Read the ended runs of a workspace, oldest first."""
    return sorted(
        (
            LoggedRun(
                folder=card.parent,
                card=json.loads(card.read_text("utf-8")),
                end=json.loads((card.parent / "writers/0/final.json").read_text("utf-8")),
            )
            for card in workspace.glob("runs/*/*/run.json")
        ),
        key=lambda run: run.card["id"],
    )


def environment(workspace: Path) -> dict[str, str]:
    """Return this process's environment with the workspace named, and nothing on the path."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"WORKBENCH_WORKSPACE": str(workspace), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def run_sample(tmp_path: Path) -> Callable[..., Outcome]:
    """Start ``sample_projects/<project>/<script>`` with arguments and wait for its end."""

    def run(project: str, script: str, *arguments: str) -> Outcome:
        ended = subprocess.run(
            [sys.executable, str(SAMPLES / project / script), *arguments],
            env=environment(tmp_path / "workspace"),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=110,
        )
        return Outcome(
            ended.returncode, ended.stdout + ended.stderr, read_runs(tmp_path / "workspace")
        )

    return run


@pytest.fixture
def sample_modules(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[str], Any]]:
    """Import a sample project's modules as its scripts do, and forget them afterwards."""
    ours = {path.stem for path in SAMPLES.glob("*/*.py")}

    def of_project(project: str) -> Callable[[str], Any]:
        monkeypatch.syspath_prepend(str(SAMPLES / project))
        for name in ours & set(sys.modules):
            monkeypatch.delitem(sys.modules, name)
        return __import__

    yield of_project
    for name in ours & set(sys.modules):
        del sys.modules[name]
