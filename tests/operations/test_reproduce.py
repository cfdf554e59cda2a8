"""What is needed to run a run again, and what is refused."""

import json
import os
from pathlib import Path

import pytest

from tests.building import Built, write_run
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import reproduce, runnable
from workbench.operations.session import Session, open_session
from workbench.runfolder import ENVIRONMENT, SOURCE_DIFF

COMMIT = "9f3c" * 10
COMMAND = ["python", "-u", "train.py", "--lr", "0.1"]


@pytest.fixture
def workspace(tmp_path):
    """A folder for a workspace."""
    return tmp_path / "ws"


def written(workspace: Path, **card) -> Built:
    """Write a run that can be run again."""
    git = {"commit": COMMIT, "branch": "main", "folder": "experiments"}
    return write_run(workspace, number=1, **({"invocation": COMMAND, "git": git} | card))


def planned(workspace: Path) -> reproduce.Plan:
    """Return the plan of the one run."""
    session = opened(workspace)
    try:
        (run,) = session.catalogue.cursor().execute("SELECT run FROM runs").fetchone()
        return reproduce.plan(session, run)
    finally:
        session.close()


def opened(workspace: Path) -> Session:
    """Open the workspace, swept."""
    session = open_session(workspace, clock=FixedClock(1_795_100_000.0))
    session.sweep()
    return session


def test_the_steps_restore_source_and_changes(workspace):
    """Commit, patch, folder and command stand in the order they are typed."""
    run = written(workspace)
    (run.folder / SOURCE_DIFF).write_text("diff --git a/x b/x\n", "utf-8")
    found = planned(workspace)
    assert reproduce.steps(found, tree="again") == (
        f"git worktree add --detach again {COMMIT}",
        f"git -C again apply --whitespace=nowarn {run.folder.resolve() / SOURCE_DIFF}",
        "cd again/experiments",
        "python -u train.py --lr 0.1",
    )


def test_packages_say_what_is_other_here(workspace):
    """Every package of then stands beside what is installed now."""
    run = written(workspace)
    text = json.dumps({"python": "3.11.7", "packages": {"pytest": "0.0.1", "nosuch": "1.2"}})
    (run.folder / ENVIRONMENT).write_text(text, "utf-8")
    found = planned(workspace)
    assert found.requirements == ("nosuch==1.2", "pytest==0.0.1")
    nosuch, pytest_ = found.differing
    assert nosuch.now is None
    assert pytest_.now not in (None, "0.0.1")


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"a,b\n1,2\n", "as it was"), (b"a,b\n1,3\n", "changed"), (None, "missing")],
)
def test_data_is_looked_at_again(workspace, content, state):
    """A dataset's content is hashed now and held against the recorded hash."""
    from workbench.client.datasets import hash_of_path

    path = workspace.parent / "census.csv"
    path.write_bytes(b"a,b\n1,2\n")
    told = {"kind": "dataset", "time": 1.0, "name": "census", "role": "training",
            "path": str(path), "hash": hash_of_path(path)}  # fmt: skip
    written(workspace, updates=[told])
    path.unlink() if content is None else path.write_bytes(content)
    found = planned(workspace)
    assert [one.state for one in found.data] == [state]
    assert any("census" in sentence for sentence in found.missing) is (state != "as it was")


def test_a_pipe_in_place_of_data_is_not_read(workspace):
    """A name that leads to a pipe counts as missing instead of waiting for ever."""
    if not hasattr(os, "mkfifo"):
        return
    pipe = workspace.parent / "pipe"
    os.mkfifo(pipe)
    told = {"kind": "dataset", "time": 1.0, "name": "p", "path": str(pipe), "hash": "sha256:00"}
    written(workspace, updates=[told])
    assert planned(workspace).data[0].state == "missing"


def test_what_was_not_recorded_is_said(workspace):
    """A run of another time that knows nothing says so in a sentence each."""
    write_run(workspace, number=1, git=None)
    said = " ".join(planned(workspace).missing)
    for words in ("How the run was started", "git repository", "packages", "no dataset"):
        assert words in said


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ({"invocation": None}, "not recorded"),
        ({"invocation": ["python", "train.py", "--token", "***"]}, "secret"),
        ({"invocation": ["rm", "-rf", "x"]}, "does not start Python"),
        ({"git": None}, "not started inside a git repository"),
        ({"git": {"commit": COMMIT, "folder": "../../etc"}}, "below its repository"),
        ({"git": {"commit": COMMIT, "folder": "/etc"}}, "below its repository"),
        ({"updates": [{"kind": "fact", "time": 1.0, "facts": {"diff_cut": True}}]}, "too large"),
    ],
)
def test_what_cannot_be_run_again_is_refused(workspace, card, words):
    """The reason is one sentence, and nothing is started."""
    written(workspace, **card)
    found = planned(workspace)
    with pytest.raises(NotAllowedError, match=words):
        runnable.require_runnable(found, here=False)


def test_here_needs_no_repository(workspace):
    """With the source in the current folder a run without git can be run again."""
    written(workspace, git=None)
    runnable.require_runnable(planned(workspace), here=True)


def test_another_persons_run_is_a_strangers(workspace, monkeypatch):
    """The name in the card decides, and the owner of the file where there is one."""
    monkeypatch.setattr(runnable, "user_name", lambda: "ana")
    written(workspace, user="ben")
    assert "ben's" in runnable.stranger(planned(workspace))


def test_my_own_run_is_not(workspace, monkeypatch):
    """Nothing more is asked for a run I started myself."""
    monkeypatch.setattr(runnable, "user_name", lambda: "ana")
    written(workspace, user="ana")
    assert runnable.stranger(planned(workspace)) == ""


def test_files_of_another_account_are_a_strangers(workspace, monkeypatch):
    """Anybody can write my name into a card; the owner of the file is not theirs to choose."""
    if not hasattr(os, "getuid"):
        return
    monkeypatch.setattr(runnable, "user_name", lambda: "ana")
    written(workspace, user="ana")
    found = planned(workspace)
    monkeypatch.setattr("os.getuid", lambda: 4_294_967_000)
    assert "another account" in runnable.stranger(found)


def test_everything_is_written_on_request(workspace, tmp_path):
    """Patch, requirements and steps land in the folder, ready to be used elsewhere."""
    run = written(workspace)
    (run.folder / SOURCE_DIFF).write_text("diff --git a/x b/x\n", "utf-8")
    reproduce.write(planned(workspace), tmp_path / "out")
    assert (tmp_path / "out" / "source.patch").read_text("utf-8").startswith("diff --git")
    assert "train.py --lr 0.1" in (tmp_path / "out" / "steps.sh").read_text("utf-8")
    assert (tmp_path / "out" / "requirements.txt").exists()


def test_what_a_file_says_is_never_a_step_or_an_option(workspace, tmp_path):
    """A commit, a package or a dataset that is none is said, and steers neither shell nor pip."""
    strange = "HEAD; touch gone"
    run = written(
        workspace,
        git={"commit": strange, "folder": "."},
        updates=[{"kind": "dataset", "time": 1.0, "name": "x\nrm y", "path": "no", "hash": "0"}],
    )
    packages = {"--index-url http://localhost/ x": "1", "a\n-r b": "2", "c": "1\n-r d", "good": "3"}
    (run.folder / ENVIRONMENT).write_text(json.dumps({"packages": packages}), "utf-8")
    found = planned(workspace)
    assert reproduce.steps(found) == ("python -u train.py --lr 0.1",)
    assert found.requirements == ("good==3",)
    assert f"The commit of the run, {strange}, is not a whole id." in found.missing
    assert "The name or version of 3 packages is none pip would take." in found.missing
    reproduce.write(found, tmp_path / "out")
    lines = (tmp_path / "out" / "steps.sh").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("# !")] == list(reproduce.steps(found))


def test_data_too_large_to_read_again_is_said(workspace, monkeypatch):
    """A card may name the folder of all folders; what would take for ever is not begun."""
    monkeypatch.setattr(reproduce, "_MOST_FILES", 2)
    lake = workspace / "lake"
    lake.mkdir(parents=True)
    for number in range(3):
        (lake / f"{number}.csv").write_text("a\n", "utf-8")
    told = {"kind": "dataset", "time": 1.0, "name": "lake", "path": "lake", "hash": "sha256:0"}
    written(workspace, updates=[told])
    found = planned(workspace)
    assert found.data[0].state == reproduce.TOO_LARGE
    assert "The data lake is too large to be read again." in found.missing


def test_changes_of_another_account_are_a_strangers(workspace, monkeypatch):
    """A card of mine beside changes of somebody else is somebody else's run."""
    if not hasattr(os, "getuid"):
        return
    monkeypatch.setattr(runnable, "user_name", lambda: "ana")
    run = written(workspace, user="ana")
    (run.folder / SOURCE_DIFF).write_text("diff --git a/x b/x\n", "utf-8")
    found = planned(workspace)
    mine = os.getuid()
    assert runnable.stranger(found) == ""
    theirs = run.folder.resolve() / SOURCE_DIFF
    monkeypatch.setattr(runnable, "_owner", lambda path: 7 + mine if path == theirs else mine)
    assert "another account" in runnable.stranger(found)
