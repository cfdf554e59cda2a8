"""``workbench deploy``: what cron says when something was left undone, and when nothing was."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def served(workspace: Path, run: Run) -> Path:
    """A version in a stage whose folder to deploy to is away; the folder."""
    folder = workspace / "served"
    (workspace / "workbench.toml").write_text('[stages.production]\ndeploy_to = "served"\n')
    file = workspace / "m.json"
    file.write_text("{}")
    assert run("register", str(file), "churn", "--files").exit_code == 0
    done = run("promote", "churn@1", "--stage", "production", "--reason", "because")
    assert done.exit_code == 7
    assert "not yet deployed" in done.stderr
    return folder


def test_still_away(run: Run, served: Path) -> None:
    """What cannot be deployed yet is said with its reason, and the exit code is 7."""
    done = run("deploy")
    assert done.exit_code == 7
    assert done.stdout.startswith("churn@production  pending  ")
    assert "is not there" in done.stdout
    assert not served.exists()


def test_back_again(run: Run, served: Path) -> None:
    """What was left undone is done; after that there is nothing to say."""
    served.mkdir()
    done = run("deploy", "churn")
    assert (done.exit_code, done.stdout.split()[1]) == (0, "deployed")
    assert (served / "churn" / "1" / "m.json").read_text() == "{}"
    again = run("deploy")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")


def test_damaged(run: Run, served: Path) -> None:
    """With --all a damaged copy is found and replaced."""
    served.mkdir()
    assert run("deploy").exit_code == 0
    file = served / "churn" / "1" / "m.json"
    file.chmod(0o644)
    file.write_text("[]")
    assert run("deploy").stdout == ""
    (one,) = json.loads(run("deploy", "--all", "--json").stdout)
    assert (one["state"], one["stage"]) == ("deployed", "production")
    assert "was damaged" in one["reason"]
    assert file.read_text() == "{}"


def test_no_such_model(run: Run, served: Path) -> None:
    """A model nobody registered is an error, not silence."""
    assert served
    done = run("deploy", "fraud")
    assert done.exit_code == 2
    assert "no model fraud" in done.stderr


def test_agreed_once(run: Run, served: Path, tmp_path: Path) -> None:
    """A folder only settings name stays pending until it is agreed to, once."""
    other = tmp_path / "other"
    other.mkdir()
    settings = f'[stages.production]\ndeploy_to = "{other.as_posix()}"\n'
    (served.parent / "workbench.toml").write_text(settings)
    done = run("deploy")
    assert (done.exit_code, list(other.iterdir())) == (7, [])
    assert "workbench deploy --agree" in done.stdout
    done = run("deploy", "--agree")
    assert done.exit_code == 0
    assert done.stdout.startswith("production may be deployed to ")
    assert (other / "churn" / "CURRENT.json").is_file()
    assert run("deploy").stdout == ""
