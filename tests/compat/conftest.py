"""A workspace of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.client import active, notice
from workbench.compat import ignore_missing, missing, mlflow


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace scripts find without being told."""
    folder = tmp_path / "ws"
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(autouse=True)
def _nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test leaves open, and tell every sentence anew."""
    monkeypatch.setattr(notice, "_told", set())
    monkeypatch.setattr(missing, "_ignored", {})
    monkeypatch.setitem(mlflow._state, "experiment", "Default")
    ignore_missing(on=False)
    yield
    ignore_missing(on=False)
    for run in active.open_runs():
        run.finish()
