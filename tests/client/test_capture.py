"""What is captured by itself, and what never is."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import workbench
from tests.client.reading import card, only_run, only_writer, run_script
from workbench.client import capture, git
from workbench.client.sampler import Sampler, gpu_metrics, resident_mb

SCRIPT = "import workbench\nworkbench.start_run('e', system_metrics=False)\n"


def run_git(folder: Path, *words: str) -> str:
    """Run git with a name and a time of its own."""
    calm = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "ana",
        "GIT_AUTHOR_EMAIL": "ana@example.org",
        "GIT_COMMITTER_NAME": "ana",
        "GIT_COMMITTER_EMAIL": "ana@example.org",
    }
    options = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *options, *words],
        cwd=folder,
        env=calm,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Path:
    """A repository with one commit, where the script is."""
    folder = tmp_path / "project"
    folder.mkdir()
    run_git(folder, "init", "-q")
    (folder / "code.py").write_text("a = 1\n", encoding="utf-8")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-q", "-m", "first")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["-c"])
    return folder


def test_the_start_card_has_commit_branch_and_remote(repository):
    """They are read from git's files; credentials are left out."""
    run_git(repository, "remote", "add", "origin", "https://ana:s3cret@example.org/p.git")
    assert git.head_facts() == {
        "commit": run_git(repository, "rev-parse", "HEAD"),
        "branch": "main",
        "remote": "https://example.org/p.git",
        "folder": ".",
    }


def test_the_start_card_says_where_below_the_work_tree(repository, monkeypatch):
    """A command can be repeated from the folder it was started in."""
    (repository / "experiments" / "gbm").mkdir(parents=True)
    monkeypatch.chdir(repository / "experiments" / "gbm")
    assert git.head_facts()["folder"] == "experiments/gbm"


def test_packed_refs_and_detached_heads_are_read(repository):
    """After ``git gc``, and at a commit without a branch, the commit is known."""
    commit = run_git(repository, "rev-parse", "HEAD")
    run_git(repository, "pack-refs", "--all")
    assert not (repository / ".git/refs/heads/main").exists()
    found = git.find_repository()
    assert git.head(found) == (commit, "main")
    run_git(repository, "checkout", "-q", "--detach")
    assert git.head(found) == (commit, None)


def test_work_trees_and_submodules_are_repositories(repository, tmp_path, monkeypatch):
    """A ``.git`` file leads to the place where the refs are."""
    commit = run_git(repository, "rev-parse", "HEAD")
    run_git(repository, "worktree", "add", "-q", "-b", "side", str(tmp_path / "tree"))
    monkeypatch.chdir(tmp_path / "tree")
    assert git.head(git.find_repository()) == (commit, "side")
    run_git(repository, "submodule", "--quiet", "add", str(tmp_path / "tree"), "part")
    monkeypatch.chdir(repository / "part")
    found = git.find_repository()
    assert found.tree == repository / "part"
    assert git.head(found)[0] == commit


def test_a_repository_without_commits_has_none(tmp_path, monkeypatch):
    """Before the first commit there is a branch and no commit."""
    run_git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["-c"])
    assert git.head(git.find_repository()) == (None, "main")
    assert git.uncommitted(tmp_path) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://user:pw@host/p.git", "https://host/p.git"),
        ("https://token@host:8443/p", "https://host:8443/p"),
        ("ssh://git@host/p", "ssh://host/p"),
        ("https://host/p?access_token=x", "https://host/p"),
        ("git@host:p.git", "git@host:p.git"),
        ("/srv/p.git", "/srv/p.git"),
    ],
)
def test_remotes_hold_no_credentials(address, expected):
    """User, password and query of an address are not written."""
    assert git.without_credentials(address) == expected


def test_the_uncommitted_diff_is_kept(repository, workspace):
    """A changed work tree is dirty, and the diff says how."""
    (repository / "code.py").write_text("a = 2\n", encoding="utf-8")
    with workbench.start_run(workspace=workspace, system_metrics=False) as run:
        pass
    written = only_writer(run.folder)
    assert (written.fact("dirty"), written.fact("diff_cut")) == (True, False)
    diff = (run.folder / "source.diff").read_bytes()
    assert b"+a = 2" in diff
    assert written.fact("diff_bytes") == len(diff)
    assert card(run.folder)["git"]["branch"] == "main"


@pytest.mark.usefixtures("repository")
def test_a_clean_tree_has_no_diff(workspace):
    """Nothing changed is not dirty, and leaves no file."""
    with workbench.start_run(workspace=workspace, system_metrics=False) as run:
        pass
    assert only_writer(run.folder).fact("dirty") is False
    assert not (run.folder / "source.diff").exists()


def test_a_long_diff_is_cut_at_a_line(repository):
    """A diff beyond the bound is cut, and says so."""
    (repository / "code.py").write_text("b = 3\n" * 400_000, encoding="utf-8")
    changes = git.uncommitted(repository)
    assert changes.cut
    assert 900_000 < len(changes.diff) <= 1 << 20
    assert changes.diff.endswith(b"\n")


def test_the_environment_is_recorded_without_its_variables(workspace):
    """Packages and hardware are there; no variable's value is anywhere in the run."""
    environment = {"MY_SECRET": "hunter2-plain", "HOME": str(workspace.parent)}
    done = run_script(SCRIPT, workspace, environment=environment)
    assert done.returncode == 0, done.stderr
    run = only_run(workspace)
    facts = json.loads((run / "environment.json").read_text(encoding="utf-8"))
    assert facts["packages"]["pytest"] == pytest.__version__
    assert facts["cpus"] == os.cpu_count()
    assert facts["memory_mb"] > 100
    for path in run.rglob("*"):
        assert not path.is_file() or b"hunter2-plain" not in path.read_bytes()


def test_capture_that_fails_is_told_and_recorded(start, monkeypatch, capsys):
    """A capture that cannot be made costs the run nothing but itself."""

    def broken() -> list[str]:
        raise RuntimeError("no driver")

    monkeypatch.setattr(capture, "gpu_names", broken)
    run = start()
    capture.record(run._keeper)
    run.finish()
    assert "no driver" in capsys.readouterr().err
    assert "no driver" in only_writer(run.folder).fact("capture_failed")


def test_a_resumed_run_keeps_its_first_environment(workspace):
    """What was captured at the start is not written again."""
    with workbench.start_run(workspace=workspace, system_metrics=False) as run:
        pass
    before = (run.folder / "environment.json").stat().st_mtime_ns
    with workbench.start_run(run_id=run.id, workspace=workspace, system_metrics=False):
        pass
    assert (run.folder / "environment.json").stat().st_mtime_ns == before


def test_the_machine_is_sampled():
    """CPU and memory of the process are numbers in a plausible range."""
    sampler = Sampler()
    assert "system/cpu_percent" not in sampler.sample(), "a look at once says nothing of the CPU"
    sampler._at -= 10.0
    found = sampler.sample()
    assert 0 <= found["system/cpu_percent"] < 100 * (os.cpu_count() or 1)
    assert 1 < found["system/memory_mb"] < 1e6
    assert 1 < resident_mb() < 1e6


def test_gpu_lines_become_metrics():
    """Every GPU has its own metrics; what a card does not say is left out."""
    assert gpu_metrics("35, 1024\n[N/A], 7\n\n") == {
        "system/gpu0_percent": 35.0,
        "system/gpu0_memory_mb": 1024.0,
        "system/gpu1_memory_mb": 7.0,
    }
