"""A workspace and a spool of its own for every test."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

import workbench
from workbench.client import Run, active, notice


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder where a workspace will be."""
    return tmp_path / "ws"


@pytest.fixture
def spool_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the spool."""
    folder = tmp_path / "spool"
    monkeypatch.setenv("WORKBENCH_SPOOL", str(folder))
    return folder


@pytest.fixture
def start(workspace: Path) -> Callable[..., Run]:
    """Start a run without what goes on beside it."""
    return partial(workbench.start_run, workspace=workspace, capture=False, system_metrics=False)


@pytest.fixture(autouse=True)
def _nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test leaves open, and tell every sentence anew."""
    monkeypatch.setattr(notice, "_told", set())
    yield
    for run in active.open_runs():
        run.finish()
