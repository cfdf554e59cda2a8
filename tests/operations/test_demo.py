"""The demo: real scripts as processes, from a checkout and from a wheel alike."""

import sys
from pathlib import Path

import pytest

from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.clock import SYSTEM
from workbench.errors import NotFoundError
from workbench.operations import demo
from workbench.operations.demo import Demo, Script
from workbench.operations.session import open_session
from workbench.registry.policy import read_policy
from workbench.settings import SETTINGS, create_workspace

LOGS_A_RUN = """
import sys, workbench
with workbench.start_run(experiment="demo", name=sys.argv[1], capture=False) as run:
    run.log({"loss": 0.5}, step=0)
    if sys.argv[1] == "bad":
        raise ValueError("meant")
"""


def test_the_sample_projects_are_found() -> None:
    """Every script a manifest names is there, and projects take turns."""
    scripts = demo.scripts(demo.sample_projects())
    assert {"digits", "flights"} <= {one.project for one in scripts}
    assert scripts[0].project != scripts[1].project
    for one in scripts:
        assert (one.folder / one.command[0]).is_file()
        assert one.description


def test_an_installed_wheel_has_them_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the package before beside it; nowhere is an error that says so."""
    package = tmp_path / "workbench"
    package.mkdir()
    monkeypatch.setattr(demo, "files", lambda _: package)
    with pytest.raises(NotFoundError):
        demo.sample_projects()
    for place in (tmp_path / "sample_projects/a", package / "sample_projects/a"):
        place.mkdir(parents=True)
        (place / "demo.toml").touch()
        assert demo.sample_projects() == place.parent


def test_scripts_run_and_log_into_the_workspace(tmp_path: Path) -> None:
    """With this Python, into that workspace, with what they print kept; one may fail."""
    made = _demo(tmp_path, "good", "bad")
    made.start()
    assert made.wait(60)
    assert {(one.script.command[1], one.code) for one in made.finished} == {("good", 0), ("bad", 1)}
    assert any("meant" in one.log.read_text() for one in made.finished)
    with open_session(made.workspace.root, in_memory=True) as session:
        assert len(session.sweep().new) == 2


def test_a_script_waits_for_those_of_its_project_before_it(tmp_path: Path) -> None:
    """It begins when they have ended, whether or not they succeeded."""
    made = _demo(tmp_path, "bad", "good", last="good")
    made.start()
    assert made.wait(60)
    assert [(one.script.command[1], one.code) for one in made.finished] == [("bad", 1), ("good", 0)]
    assert "bad" not in made.finished[-1].log.read_text()
    with open_session(made.workspace.root, in_memory=True) as session:
        session.sweep()
        bad, good = (one for one in cards(session.catalogue, [1, 2]))
        first, second = sorted((bad, good), key=lambda one: one.name)
        assert (first.name, second.name) == ("bad", "good")
        assert first.ended is not None
        assert second.started is not None
        assert first.ended <= second.started


def test_the_workspace_has_the_sample_projects_settings(tmp_path: Path) -> None:
    """Stages and checks of the demo are there from the start; settings of one's own stay."""
    workspace = create_workspace(tmp_path / "ws", SYSTEM.now())
    demo.write_settings(workspace)
    policy = read_policy(workspace.root)
    assert [one.name for one in policy.stages["production"].checks][:2] == [
        "good enough", "not worse than today",
    ]  # fmt: skip
    (workspace.root / SETTINGS).write_text("# mine\n")
    demo.write_settings(workspace)
    assert (workspace.root / SETTINGS).read_text() == "# mine\n"


def test_what_still_runs_is_stopped(tmp_path: Path) -> None:
    """Leaving ends the scripts, and the caller is told that some still ran."""
    (tmp_path / "train.py").write_text(
        "import threading, workbench\n"
        "run = workbench.start_run(experiment='demo', capture=False)\n"
        "threading.Event().wait(600)\n"
    )
    made = Demo(create_workspace(tmp_path / "ws", SYSTEM.now()), [_script(tmp_path)])
    made.start()
    wait_for(lambda: list((tmp_path / "ws/runs").glob("*/[!.]*")))
    assert made.stop()
    assert not made.stop()
    assert made.wait(0)


def test_a_demo_without_runs_says_why(tmp_path: Path) -> None:
    """A script that cannot start is quoted, and its log is named."""
    (tmp_path / "train.py").write_text("raise SystemExit('no such module')\n")
    made = Demo(create_workspace(tmp_path / "ws", SYSTEM.now()), [_script(tmp_path)])
    made.start()
    assert made.wait(60)
    error = demo.why_nothing(made.finished)
    assert "no such module" in error.message
    assert str(made.finished[0].log) in error.hint


def _demo(folder: Path, *names: str, last: str = "") -> Demo:
    (folder / "train.py").write_text(LOGS_A_RUN)
    workspace = create_workspace(folder / "ws", SYSTEM.now())
    listed = [_script(folder, name)._replace(turn=int(name == last)) for name in names]
    return Demo(workspace, sorted(listed, key=lambda one: -one.turn))


def _script(folder: Path, *words: str) -> Script:
    assert sys.executable
    return Script("sample", folder, ("train.py", *words), "a script")
