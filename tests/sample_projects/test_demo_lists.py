"""What the demo starts: every listed process exists, can be started and says what it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "sample_projects"

LISTED = {
    f"{project}: {process['description']}": (project, process["command"])
    for project in ("digits", "flights")
    for process in tomllib.loads((SAMPLES / project / "demo.toml").read_text("utf-8"))["process"]
}


def test_lists_show_every_kind_of_run():
    """The demo has a diverging run, a crashing run, a search, several seeds and both projects."""
    commands = [" ".join(command) for _, command in LISTED.values()]
    assert any("--learning-rate 40" in command for command in commands)
    assert any("--shrink-batch 0.5" in command for command in commands)
    assert any(command.startswith("sweep.py") for command in commands)
    seeds = {"--seed 0", "--seed 1"}
    assert all(any(seed in command for command in commands) for seed in seeds)
    assert {project for project, _ in LISTED.values()} == {"digits", "flights"}


@pytest.mark.parametrize("listed", LISTED)
def test_listed_command_is_understood(listed, sample_modules, monkeypatch):
    """Each listed command line is accepted by its script, so the demo starts it."""
    project, command = LISTED[listed]
    monkeypatch.setattr("sys.argv", command)
    asked = sample_modules(project)(Path(command[0]).stem).arguments()
    assert (getattr(asked, "pause", 0) > 0) == ("--pause" in command)


@pytest.mark.slow
@pytest.mark.parametrize("listed", LISTED)
def test_listed_process_ends_as_described(listed, run_sample):
    """Run in full, only the process that says it crashes fails."""
    project, (script, *arguments) = LISTED[listed]
    outcome = run_sample(project, script, *arguments)
    failed = [run for run in outcome.runs if run.end["status"] != "FINISHED"]
    assert (outcome.code != 0) == bool(failed) == ("crashes" in listed)
