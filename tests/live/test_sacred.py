"""Sacred itself, with its file storage, in another process while its runs are followed."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.libraries import started
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations.session import Session, open_session

SCRIPT = """
import sys
from sacred import Experiment
from sacred.observers import FileStorageObserver

ex = Experiment("iris", save_git_info=False, interactive=True)
ex.observers.append(FileStorageObserver("runs"))


@ex.config
def config():
    lr = 0.5
    net = {"depth": 3}
    broken = BROKEN


@ex.main
def main(_run, lr, broken):
    for step in range(4):
        _run.log_scalar("loss", float("nan") if step == 2 else lr / (step + 1), step)
        if step in (1, 3):
            _run._emit_heartbeat()
            print("said", step, flush=True)
            sys.stdin.readline()
    if broken:
        raise ValueError("it broke")
    return 0.25


try:
    ex.run(options={"--capture": "no"})
except ValueError:
    pass
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session on a folder that is only looked at."""
    with open_session(tmp_path) as opened:
        yield opened


def look(session: Session) -> RunRecord:
    """Look, and return the only run."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    (card,) = cards(session.catalogue, every(session.catalogue))
    return card


def losses(session: Session, card: RunRecord) -> list[float]:
    """Return the loss as far as it was written."""
    return [float(value) for value in session.curves().series(card.run, "loss").values]


def wait(process: subprocess.Popen[str], word: str) -> None:
    """Wait until the script says something that begins with a word."""
    assert process.stdout
    seen = []
    for text in process.stdout:
        seen.append(text)
        if text.startswith(word):
            return
    pytest.fail("the script ended: " + "".join(seen)[-2_000:])


def go_on(process: subprocess.Popen[str]) -> None:
    """Let the script go on."""
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize("broken", [False, True])
def test_a_run_is_followed_to_its_end(session: Session, tmp_path: Path, *, broken: bool) -> None:
    """Metrics are seen with every heartbeat, and the end is the one Sacred wrote down."""
    (tmp_path / "train.py").write_text(SCRIPT.replace("BROKEN", str(broken)))  # it reads itself
    process = started("small", "import runpy; runpy.run_path('train.py')", tmp_path)
    wait(process, "said 1")
    card = look(session)
    assert (card.status, card.inferred) == ("RUNNING", False)
    assert losses(session, card) == [0.5, 0.25]
    go_on(process)
    wait(process, "said 3")
    assert repr(losses(session, look(session))) == "[0.5, 0.25, nan, 0.125]"
    go_on(process)
    out, _ = process.communicate(timeout=60)
    card = look(session)
    written = json.loads((tmp_path / "runs" / "1" / "run.json").read_text("utf-8"))
    assert written["status"] == ("FAILED" if broken else "COMPLETED"), out
    assert card.status == ("FAILED" if broken else "FINISHED")
    assert not card.inferred
    assert (card.params["lr"], card.params["net.depth"]) == (0.5, 3)
    assert any("it broke" in line for line in card.error) == broken
    assert (card.metrics["loss"].count, card.metrics["loss"].nans) == (4, 1)
