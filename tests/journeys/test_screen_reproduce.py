"""A run is run again from its recorded source, confirmed by typing its id, and compared."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import Terminal

Start = Callable[..., Terminal]
TRAIN = """\
import sys
import workbench

with workbench.start_run("churn", "gbm", params={"lr": 0.1}, system_metrics=False) as run:
    run.define_metric("val/auc", goal="max")
    for step in range(5):
        run.log({"val/auc": FACTOR * step}, step=step)
"""


def git(folder: Path, *words: str) -> None:
    """Run git with a name of its own."""
    calm = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    options = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"]
    subprocess.run(["git", *options, *words], cwd=folder, env=calm, check=True)


@pytest.fixture
def trained(here: Surroundings) -> Path:
    """A repository whose script ran once with an uncommitted change, and was changed since."""
    repository = here.places / "project"
    script = repository / "experiments" / "train.py"
    script.parent.mkdir(parents=True)
    script.write_text(TRAIN.replace("FACTOR", "0.10"), "utf-8")
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "one")
    script.write_text(TRAIN.replace("FACTOR", "0.20"), "utf-8")
    workspace = here.places / "ws"
    assert here.run("init", workspace).returncode == 0
    done = here.script(script, workspace=workspace)
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors
    script.write_text(TRAIN.replace("FACTOR", "0.30"), "utf-8")
    return repository


def begin(start: Start, here: Surroundings, repository: Path, *words: str) -> Terminal:
    """Start the command inside the repository."""
    return start("reproduce", "gbm", "-w", here.places / "ws", *words, cwd=repository)


def test_a_run_is_reproduced_from_its_commit_and_changes(start, here, trained):
    """Not what the script is now, but what it was, runs; and the two runs are the same."""
    original = next((here.places / "ws" / "runs").rglob("run.json")).parent.name
    terminal = begin(start, here, trained, "--run")
    terminal.wait_for(f"{Path(sys.executable).name} train.py", f"Type {original} to run it")
    terminal.type(original).press("enter")
    terminal.wait_for("gbm: reproduced")
    assert terminal.wait_end() == 0
    cards = [json.loads(path.read_bytes()) for path in (here.places / "ws").rglob("run.json")]
    (again,) = [card for card in cards if card["id"] != original]
    assert again["tags"] == {"reproduces": original}
    assert "0.30" in (trained / "experiments" / "train.py").read_text("utf-8")
    listed = subprocess.run(
        ["git", "worktree", "list"], cwd=trained, capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) == 1, "the checked out source is taken away again"


def test_nothing_runs_without_the_id(start, here, trained):
    """Another text than the id runs nothing and says so."""
    terminal = begin(start, here, trained, "--run")
    terminal.wait_for("to run it")
    terminal.type("yes").press("enter")
    terminal.wait_for("nothing was run")
    assert terminal.wait_end() == 4
    assert len(list((here.places / "ws").rglob("run.json"))) == 1


def test_source_that_gives_other_numbers_is_not_reproduced(start, here, trained):
    """Run here, with the script as it is now, the metric is off and the exit code says so."""
    original = next((here.places / "ws" / "runs").rglob("run.json")).parent.name
    terminal = start(
        "reproduce", "gbm", "-w", here.places / "ws", "--run", "--here",
        cwd=trained / "experiments",
    )  # fmt: skip
    terminal.wait_for(f"Type {original} to run it")
    terminal.type(original).press("enter")
    terminal.wait_for("not the same", "gbm: not reproduced")
    assert terminal.wait_end() == 3


def test_what_will_run_is_what_is_shown(start, here, trained):
    """The interpreter asked for stands in the command, and filters that will not run are named."""
    (trained / ".gitattributes").write_text("*.bin filter=lfs diff=lfs -text\n", "utf-8")
    git(trained, "add", ".gitattributes")
    git(trained, "commit", "-q", "-m", "large files")
    done = here.script(trained / "experiments" / "train.py", workspace=here.places / "ws")
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 0, errors
    card = max((here.places / "ws" / "runs").rglob("run.json"))
    terminal = start(
        "reproduce", card.parent.name, "-w", here.places / "ws", "--run", "--python", "/no/python9",
        cwd=trained,
    )  # fmt: skip
    terminal.wait_for("/no/python9 train.py", "(lfs)", "to run it")
    terminal.type("no").press("enter")
    terminal.wait_for("nothing was run")


def test_another_persons_run_needs_trust(start, here, trained):
    """A run somebody else started is not run for the asking."""
    terminal = start(
        "reproduce", "gbm", "-w", here.places / "ws", "--run", cwd=trained, LOGNAME="ben"
    )
    terminal.wait_for("and you are ben", "--trust-author")
    assert terminal.wait_end() == 4


def test_without_a_terminal_nothing_is_asked(here, trained):
    """A job that cannot type is told to run the steps by hand."""
    done = here.run("reproduce", "gbm", "-w", here.places / "ws", "--run", cwd=trained)
    assert done.returncode == 4
    assert "must be confirmed at a terminal" in done.stderr
