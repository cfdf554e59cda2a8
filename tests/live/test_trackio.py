"""Trackio itself, logging from another process while it is followed."""

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
import json, os, sys, time
os.environ["TRACKIO_DIR"] = os.path.join(os.getcwd(), "trackio")
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import trackio
from trackio.sqlite_storage import SQLiteStorage

run = trackio.init(project="iris", name="first", group="g", config={"lr": 0.5, "deep": {"n": 3}},
                   auto_log_gpu=False)


def tell(step):
    while len(SQLiteStorage.get_logs("iris", "first") or ()) < step:
        time.sleep(0.01)
    print("said " + str(step), flush=True)
    sys.stdin.readline()


for step in range(5):
    loss = float("nan") if step == 3 else float("inf") if step == 4 else 1 / (step + 1)
    trackio.log({"loss": loss, "val": {"acc": step / 10}})
    if step in (1, 4):
        tell(step + 1)
trackio.finish()
print("done", flush=True)
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


def curve(session: Session, card: RunRecord, metric: str) -> list[float]:
    """Return the values of a metric."""
    return [float(value) for value in session.curves().series(card.run, metric).values]


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


def listed(folder: Path) -> set[str]:
    """Return the files of the project, but for those that come and go with a connection to it."""
    names = {path.name for path in (folder / "trackio").iterdir()}
    return {name for name in names if not name.endswith(("-wal", "-shm", "-journal"))}


def test_a_run_is_followed(session: Session, tmp_path: Path) -> None:
    """What is in the write-ahead log is seen, and nothing is left beside the database by us."""
    process = started("small", SCRIPT, tmp_path)
    wait(process, "said 2")
    card = look(session)
    assert (card.name, card.experiment, card.group) == ("first", "iris", "g")
    assert (card.status, card.inferred) == ("RUNNING", True)
    assert curve(session, card, "loss") == [1.0, 0.5]
    go_on(process)
    wait(process, "said 5")
    names = listed(tmp_path)
    card = look(session)
    assert repr(curve(session, card, "loss")) == (f"[1.0, 0.5, {1 / 3!r}, nan, inf]")
    assert curve(session, card, "val/acc") == [0, 0.1, 0.2, 0.3, 0.4]
    assert listed(tmp_path) == names
    go_on(process)
    wait(process, "done")
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    card = look(session)
    params = dict(card.params)
    assert (params["lr"], params["deep.n"], params["_Group"]) == (0.5, 3, "g")
    assert json.dumps(params["_Created"])
    assert (card.metrics["loss"].count, card.metrics["loss"].nans) == (5, 1)
