"""``gc`` and ``restore``."""

import json
from pathlib import Path

from tests.building import run_id
from tests.cli.conftest import Run


def test_gc_shows_and_does_nothing_by_itself(run: Run, workspace: Path) -> None:
    """Without ``--yes`` the sizes and the plan are printed and nothing moves."""
    before = sorted(workspace.rglob("*"))
    done = run("gc", "--run", "good")
    assert "This would move 1 run" in done.stderr
    assert "good" in done.stdout
    assert [path for path in sorted(workspace.rglob("*")) if "tmp" not in path.parts] == [
        path for path in before if "tmp" not in path.parts
    ]
    assert "nothing to clean up" in run("gc").stderr


def test_a_run_goes_and_comes_back(run: Run, workspace: Path) -> None:
    """What `gc --yes` moves is out of the table, in the list of the trash, and back again."""
    before = json.loads(run("show", "good", "--json").stdout)
    assert run("gc", "--run", "good", "--yes").exit_code == 0
    assert not (workspace / "runs/churn" / run_id(1)).exists()
    assert "good" not in run("runs").stdout
    assert [one["name"] for one in json.loads(run("restore", "--json").stdout)] == ["good"]
    assert run("restore", run_id(1)).exit_code == 0
    assert json.loads(run("show", "good", "--json").stdout) == before
    assert "The trash is empty." in run("restore").stderr
    assert run("restore", "good").exit_code == 2


def test_the_trash_is_emptied_only_when_asked(run: Run, workspace: Path) -> None:
    """``--empty-trash`` deletes for good, and the plan says so first."""
    run("gc", "--run", "good", "--yes")
    assert "from the trash for good" in run("gc", "--empty-trash").stderr
    assert len(json.loads(run("restore", "--json").stdout)) == 1
    run("gc", "--empty-trash", "--yes")
    assert json.loads(run("restore", "--json").stdout) == []
    assert [path.name for path in (workspace / "trash").iterdir()] == ["journal"]
