"""``init``, ``doctor``, ``formats``, ``rebuild``, ``watch`` and ``sync-spool``."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.building import append_metrics, points, run_id, write_run
from tests.cli.conftest import Run
from tests.repositories import git
from workbench.settings import read_settings

SPECIMENS = Path(__file__).parents[1] / "specimens"


def test_init_makes_a_workspace_that_explains_itself(run: Run, tmp_path: Path) -> None:
    """The settings file is all comments, so that the defaults count."""
    done = run("init", str(tmp_path / "new"))
    assert done.exit_code == 0
    assert done.stdout.strip() == str(tmp_path / "new")
    text = (tmp_path / "new/workbench.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) == {"metrics", "runs", "user", "sources"}
    assert not any(tomllib.loads(text).values())
    assert "There is already" in run("init", str(tmp_path / "new")).stderr


def test_init_advises_what_git_should_leave_out_in_one_line(run: Run, tmp_path: Path) -> None:
    """On standard error, only inside a repository, and without writing it."""
    outside = run("init", str(tmp_path / "outside"))
    assert ".gitignore" not in outside.stderr
    git(tmp_path, "init", "-q")
    done = run("init", str(tmp_path / "lab"))
    (line,) = (line for line in done.stderr.splitlines() if ".gitignore" in line)
    assert "/lab/runs/" in line
    assert "/lab/.workbench/" in line
    assert done.stdout.strip() == str(tmp_path / "lab")
    assert not list(tmp_path.rglob(".gitignore"))


def test_init_follows_other_folders(run: Run, tmp_path: Path) -> None:
    """A followed folder is stored relative to the workspace and its runs are shown."""
    shutil.copytree(SPECIMENS / "mlflow_file/data", tmp_path / "mlruns")
    run("init", str(tmp_path / "new"), "--follow", str(tmp_path / "mlruns"))
    assert read_settings(tmp_path / "new").sources == ("../mlruns",)
    records = json.loads(run("runs", str(tmp_path / "new"), "--json").stdout)
    assert "baseline-lr0.01" in {one["name"] for one in records}
    again = run("init", str(tmp_path / "new"), "--follow", str(tmp_path / "mlruns"))
    assert again.exit_code == 4
    assert "[sources]" in again.stderr
    assert run("init", str(tmp_path / "b"), "--follow", str(tmp_path / "nope")).exit_code == 2


def test_doctor_says_what_is_safe_and_leaves_nothing(run: Run, workspace: Path) -> None:
    """Libraries with their jobs, the folder, the index, the disk, and a verdict."""
    before = {path for path in workspace.rglob("*") if path.name != "tmp"}
    done = run("doctor", "--json")
    checks = {(one["part"], one["name"]): one for one in json.loads(done.stdout)}
    assert done.exit_code == 0
    assert "index" in checks["install", "duckdb"]["says"]
    assert checks["workspace", "content"]["says"] == "3 runs, 0 faults"
    assert checks["file system", "exclusive publishing"]["state"] == "good"
    assert "sharing" in checks["safe", "verdict"]["says"]
    assert {path for path in workspace.rglob("*") if path.name != "tmp"} == before


def test_doctor_fails_with_its_own_code(run: Run, workspace: Path) -> None:
    """Settings that cannot be read are a failed check, not a crash."""
    (workspace / "workbench.toml").write_text("[metrics\n")
    done = run("doctor")
    assert done.exit_code == 3
    assert "BAD" in done.stdout


def test_doctor_counts_one_fault_as_one(run: Run, workspace: Path) -> None:
    """A file among the edits that is none is the only thing wrong."""
    month = workspace / "edits" / "2026-11"
    month.mkdir(parents=True)
    (month / "broken.json").write_text("{", "utf-8")
    says = {one["name"]: one["says"] for one in json.loads(run("doctor", "--json").stdout)}
    assert says["content"] == "3 runs, 1 fault"


def test_formats_are_listed(run: Run) -> None:
    """Every reader says what it reads and what it was checked against."""
    names = [one["name"] for one in json.loads(run("formats", "--json").stdout)]
    assert names[0] == "native"
    assert {"mlflow", "folders"} - set(names) == {"folders"}
    assert names[-1] == "plain"


def test_rebuild_reads_everything_again(run: Run, workspace: Path) -> None:
    """The index can go at any time; what it held is read from the folder."""
    run("runs")
    done = run("rebuild")
    assert done.exit_code == 0
    assert "Read 3 runs and 0 faults" in done.stderr
    shutil.rmtree(workspace / "runs/other")
    assert "Read 2 runs" in run("rebuild").stderr


def test_watch_once_tells_what_is_new(run: Run, workspace: Path) -> None:
    """A run that came since the last look, one that changed and one that went."""
    built = write_run(workspace, number=8, name="going", status=None)
    run("runs")
    append_metrics(built, points(5, "loss", first=3))
    write_run(workspace, number=9, name="late")
    shutil.rmtree(workspace / "runs/other" / run_id(3))
    done = run("watch", "--once", "--json")
    news = [json.loads(line) for line in done.stdout.splitlines()]
    told = {(one["what"], one["name"]) for one in news}
    assert told == {("new", "late"), ("gone", "crashed"), ("changed", "going")}
    assert run("watch", "--once").stdout == ""


def test_watch_ends_with_ctrl_c(workspace: Path) -> None:
    """Lines come as runs do, and Ctrl-C is 130."""
    import signal

    with subprocess.Popen(
        [sys.executable, "-m", "workbench", "watch", "--json"],
        cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["name"] == "3 runs"
        write_run(workspace, number=9, name="late")
        assert json.loads(process.stdout.readline())["name"] == "late"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_an_empty_spool_is_said(run: Run) -> None:
    """Nothing to do is not an error."""
    done = run("sync-spool")
    assert done.exit_code == 0
    assert "Nothing waits" in done.stderr
