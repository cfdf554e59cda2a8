"""``diff``: the page, the code alone, and both as data."""

import json
from pathlib import Path

import pytest

from tests.building import write_run
from tests.cli.conftest import Run
from tests.repositories import commit, git_bytes, make_repository, write
from workbench.cli import output


@pytest.fixture
def project(workspace: Path, tmp_path: Path) -> Path:
    """A repository, and two runs of two of its commits."""
    folder = tmp_path / "project"
    first = make_repository(folder, {"train.py": b"a\nlr = 1 \xff\nb\n"})
    second = commit(folder, {"train.py": b"a\nlr = 2 \xff\x1b\nb\n"})
    clean = {"time": 1.0, "kind": "fact", "facts": {"dirty": False}}
    for number, now in ((11, first), (12, second)):
        write_run(
            workspace, number=number, name=f"of-{number}", git={"commit": now},
            params={"lr": number}, updates=[clean],
        )  # fmt: skip
    return folder


def test_diff_prints_the_page(run: Run) -> None:
    """Why B is better, with what differs and what is not known; data on stdout."""
    done = run("diff", "good", "crashed")
    assert done.exit_code == 0
    assert done.stdout.startswith("How does ") or done.stdout.startswith("Why is ")
    assert "lr    0.1 → 0.2" in done.stdout
    assert "cannot be told from noise" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_diff_as_data_and_as_markdown(run: Run) -> None:
    """JSON holds every value, Markdown every section."""
    fields = json.loads(run("diff", "good", "crashed", "--json", "-m", "loss").stdout)
    assert fields["metric"] == "loss"
    assert {"name": "lr", "a": 0.1, "b": 0.2} in fields["params"]
    assert {"name": "seed", "a": 1} in fields["params"]
    assert fields["difference"]["distinguishable"] is None
    assert fields["code"]["same"] is None
    assert run("diff", "good", "crashed", "--md").stdout.startswith("# ")


def test_the_code_alone_is_a_patch(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes to a pipe is byte for byte what git can apply; the talk is on stderr."""
    monkeypatch.chdir(project)
    done = run("diff", "of-11", "of-12", "--code", "-w", str(project.parent / "ws"))
    assert done.exit_code == 0
    write(project, {"train.py": b"a\nlr = 1 \xff\nb\n"})
    git_bytes(project, "apply", "-", given=done.stdout_bytes)
    assert (project / "train.py").read_bytes() == b"a\nlr = 2 \xff\x1b\nb\n"
    assert "from the repository" in done.stderr


def test_the_code_on_a_terminal_is_coloured_and_harmless(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came is green, what went is red, and a control character in it is shown."""
    monkeypatch.chdir(project)
    monkeypatch.setattr(output, "terminal", lambda: True)
    monkeypatch.setattr(output, "coloured", lambda: True)
    lines = run("diff", "of-11", "of-12", "--code", "-w", str(project.parent / "ws")).stdout
    assert "\x1b[32m+lr = 2 �␛\x1b[0m\n" in lines
    assert "\x1b[31m-lr = 1 �\x1b[0m\n" in lines


def test_parts_are_printed_alone(run: Run, project: Path) -> None:
    """Params or packages that differ, as a table or as data."""
    done = run("diff", "of-11", "of-12", "--params")
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["name", "A", "B"], ["lr", "11", "12"],
    ]  # fmt: skip
    assert json.loads(run("diff", "of-11", "of-12", "--packages", "--json").stdout) == []
    code = run("diff", "of-11", "of-12", "--code", "--json", "-w", str(project.parent / "ws"))
    assert json.loads(code.stdout)["basis"].startswith("A ran commit")
    assert run("diff", "of-11", "of-12", "--code", "--md").stdout.startswith("```diff\n")


def test_runs_that_are_not_there_are_an_error(run: Run) -> None:
    """A wrong name or a run against itself is a wrong use of the command."""
    assert run("diff", "good", "nobody").exit_code == 2
    assert run("diff", "good", "good").exit_code == 2
    assert run("diff", "good").exit_code == 2
