"""``import`` of runs, and ``export --mlflow``."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import write_run, write_workspace
from tests.cli.conftest import Run

SPECIMEN = Path(__file__).parent.parent / "specimens" / "mlflow_file" / "data"


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """An empty workspace."""
    return str(write_workspace(tmp_path / "empty"))


def test_runs_are_copied_and_told(run: Run, empty: str) -> None:
    """Ids and names are data; how many, and what is not as it was, is talk."""
    done = run("import", str(SPECIMEN), "-w", empty)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 8
    assert "iris-sgd/baseline-lr0.01" in done.stdout
    assert "8 runs at" in done.stderr
    assert "1 model version registered" in done.stderr
    assert "All of it is in reports/imports/" in done.stderr
    shown = json.loads(run("runs", "-w", empty, "--json").stdout)
    assert len(shown) == 8
    again = run("import", str(SPECIMEN), "-w", empty)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "8 here already" in again.stderr


def test_a_dry_run_says_what_would_be_copied(run: Run, empty: str) -> None:
    """As JSON too; the workspace stays empty."""
    done = run("import", str(SPECIMEN), "-w", empty, "--dry-run", "--json")
    fields = json.loads(done.stdout)
    assert (fields["found"], len(fields["due"]), fields["runs"]) == (8, 8, [])
    said = run("import", str(SPECIMEN), "-w", empty, "--dry-run")
    assert "8 would be copied" in said.stderr
    assert not list(Path(empty, "runs").iterdir())


def test_the_whole_report_is_json(run: Run, empty: str) -> None:
    """What is printed is what is kept."""
    done = run("import", str(SPECIMEN), "-w", empty, "--json", "--no-artifacts", "--no-models")
    fields = json.loads(done.stdout)
    assert fields["not_carried_over"]["artifacts left out"] > 0
    assert fields["models"] == []
    kept = json.loads(Path(empty, fields["report"]).read_bytes())
    assert {name: kept[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("nowhere", 2, "does not exist"),
        ("bare", 2, "There are no runs"),
        (".", 2, "in this workspace already"),
    ],
)
def test_a_wrong_path_is_one_sentence(
    run: Run, workspace: Path, path: str, code: int, words: str
) -> None:
    """With a hint, and an exit code of its kind."""
    (workspace / "bare").mkdir()
    done = run("import", path)
    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr


def test_a_wrong_filter_says_where(run: Run, empty: str) -> None:
    """As for `workbench runs`."""
    done = run("import", str(SPECIMEN), "-w", empty, "--only", "status = ")
    assert done.exit_code == 2
    assert "^" in done.stderr


def test_a_folder_that_is_followed_too_is_told(run: Run, empty: str) -> None:
    """Its runs would be listed twice."""
    Path(empty, "workbench.toml").write_text(
        f"[sources]\nfolders = [{json.dumps(SPECIMEN.as_posix())}]\n"
    )
    assert "listed twice" in run("import", str(SPECIMEN), "-w", empty).stderr


def test_nothing_is_imported_into_a_folder_of_another_tool(run: Run, tmp_path: Path) -> None:
    """Such a folder is only looked at."""
    write_run(tmp_path / "other", number=7)
    done = run("import", str(tmp_path / "other"), "-w", str(SPECIMEN))
    assert done.exit_code == 4


def test_runs_are_written_for_mlflow(run: Run, tmp_path: Path) -> None:
    """All, or those named; said again there is nothing to do."""
    store = str(tmp_path / "store")
    done = run("export", "--mlflow", store)
    assert done.exit_code == 0
    assert done.stderr.startswith(f"{store} holds 3 runs: 3 written.")
    assert "3 there already" in run("export", "--mlflow", store).stderr
    fields = json.loads(run("export", "good", "--mlflow", str(tmp_path / "one"), "--json").stdout)
    assert (fields["runs"], fields["written"], fields["failed"]) == (1, 1, [])


def test_an_export_needs_a_folder_of_its_own(run: Run, workspace: Path) -> None:
    """Not the workspace, and not one with something in it; nor nothing at all."""
    assert run("export", "--mlflow", str(workspace)).exit_code == 2
    assert run("export", "--mlflow", str(workspace / "runs")).exit_code == 2
    assert run("export").exit_code == 2
    assert run("export", "nobody", "--mlflow", str(workspace / "store")).exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send to one process")
def test_ctrl_c_leaves_whole_runs(tmp_path: Path, empty: str) -> None:
    """It says how far it was, and the same command goes on."""
    for number in range(300):
        write_run(tmp_path / "other", number=number, artifacts={"a.bin": b"x" * 1000})
    command = [sys.executable, "-m", "workbench", "import", str(tmp_path / "other"), "-w", empty]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True, preexec_fn=_with_ctrl_c)  # noqa: PLW1509 # fmt: skip
    home = Path(empty, "runs", "churn")
    while process.poll() is None and len(list(home.glob("0*"))) < 5:
        pass
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert process.returncode == 130
    assert " of 300 runs copied." in said
    assert not list(home.glob(".new-*"))
    assert all((one / "imported.json").is_file() for one in home.glob("0*"))


def _with_ctrl_c() -> None:
    """Undo what a shell does for programs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
