"""The year of flights arrives month by month and becomes the versions of a dataset."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import polars as pl
import pytest

from workbench.clock import FixedClock
from workbench.operations.datasets import listing, profiles
from workbench.operations.datasets.following import Following
from workbench.operations.datasets.names import parse, resolve
from workbench.operations.session import open_session
from workbench.settings import create_workspace

SAMPLES = Path(__file__).parents[2] / "sample_projects"
SETTINGS = SAMPLES / "demo-workbench.toml"
REST_S = 11.0
"""A file counts after 10 seconds."""


@pytest.fixture
def arrive(monkeypatch: pytest.MonkeyPatch):
    """Return the sample's script as a module."""
    monkeypatch.syspath_prepend(str(SAMPLES / "flights"))
    monkeypatch.delitem(sys.modules, "flights", raising=False)
    spec = importlib.util.spec_from_file_location("arrive", SAMPLES / "flights/arrive.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("flights", None)


def test_twelve_months_are_registered_as_twelve_versions_by_the_watcher(arrive, tmp_path):
    """Each month is a version once its file has come to rest, not before, and only once."""
    clock = FixedClock()
    root = create_workspace(tmp_path / "team", clock.now()).root
    (root / "workbench.toml").write_bytes(SETTINGS.read_bytes())
    flights = pl.read_parquet(arrive.DATA)
    with open_session(root, clock=clock, in_memory=True) as session:
        watchers = [Following(session, lambda _: None) for _ in range(3)]
        for month in arrive.MONTHS:
            arrive.put(flights, month, root / arrive.PLACE)
            for rest in (0.0, REST_S, REST_S):
                clock.advance(rest)
                for watcher in watchers:
                    watcher.look()
                assert arrive.versions(root) == month - (not rest)
        assert session.data_faults == ()
        session.sweep()
        (line,) = listing.datasets(session)
        assert (line.name, line.version, line.owner) == (arrive.NAME, 12, "timetable team")
        lines = listing.versions(session, arrive.NAME)
        counted = flights.group_by("month").len().sort("month")["len"].to_list()
        assert [one.rows for one in reversed(lines)] == counted
        july = profiles.profile_of(session, resolve(session, parse(f"{arrive.NAME}@7")))
    assert july is not None
    seen = {one.name: one.top for one in july.columns}["month"]
    assert seen == (("7", counted[6]),)


def test_the_script_registers_each_month_itself_when_nobody_watches(run_sample, tmp_path):
    """With --now a month is a version when the script goes on to the next."""
    workspace = tmp_path / "workspace"
    create_workspace(workspace, 0.0)
    (workspace / "workbench.toml").write_bytes(SETTINGS.read_bytes())
    outcome = run_sample("flights", "arrive.py", "--now", "--months", "2")
    assert outcome.code == 0, outcome.talk
    names = sorted(one.parent.name for one in workspace.glob("datasets/*/*/manifest.json"))
    assert names == ["1", "2"]


def test_the_script_says_that_nobody_watches(run_sample, tmp_path):
    """Without anybody who registers it ends with a sentence that says what to do."""
    create_workspace(tmp_path / "workspace", 0.0)
    outcome = run_sample("flights", "arrive.py", "--months", "1", "--patience", "0.1")
    assert outcome.code == 1
    assert "open the workspace, or say --now" in outcome.talk
