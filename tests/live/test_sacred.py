"""Sacred itself: a run that goes on, one that is killed, and one that comes to its end."""

from pathlib import Path

from tests.live.libraries import started
from tests.waiting import wait_for
from workbench.errors import FormatError
from workbench.formats.contract import RunCard
from workbench.formats.detect import reader_named
from workbench.runfolder import FINISHED, RUNNING, STALE

READER = reader_named("folders")
SCRIPT = """
import sys
from sacred import Experiment, SETTINGS
from sacred.observers import FileStorageObserver

SETTINGS.CAPTURE_MODE = "sys"
ex = Experiment("digits", interactive=True, save_git_info=False)
ex.observers.append(FileStorageObserver("runs"))

@ex.config
def config():
    rate = 0.5
    layers = (16, 8)

@ex.main
def main(_run, rate):
    for step in range(3):
        _run.log_scalar("loss", rate / (step + 1), step)
        _run.log_scalar("odd/name", float("nan"), step)
    sys.stdin.readline()
    return rate

ex.run(options={"--beat-interval": 0.2})
"""

START = "import runpy; runpy.run_path('script.py', run_name='__main__')"
"""Sacred wants to know the file an experiment is from."""


def card(root: Path, key: str, later: float = 0.0) -> RunCard | None:
    """Return a run as it is, or would be later without a sign; None before it is there."""
    try:
        at = (root / key / "run.json").stat().st_mtime
        return READER.read(root, key, b"", at + later).card
    except (OSError, FormatError):
        return None


def has_points(root: Path, key: str) -> bool:
    """Say whether a heartbeat brought all points."""
    found = card(root, key)
    return found is not None and "loss" in found.metrics and found.metrics["loss"].count == 3


def test_runs_are_followed_to_their_end_and_a_killed_one_is_stale(tmp_path: Path) -> None:
    """What Sacred says while it beats, when it was killed, and when it has ended."""
    (tmp_path / "script.py").write_text(SCRIPT)
    killed = started("small", START, tmp_path)
    wait_for(lambda: has_points(tmp_path, "runs/1"))
    going = card(tmp_path, "runs/1")
    assert going is not None
    assert (going.status, going.inferred, going.name) == (RUNNING, False, "digits 1")
    killed.kill()
    killed.communicate()
    dead = card(tmp_path, "runs/1", later=60)
    assert dead is not None
    assert (dead.status, dead.inferred) == (STALE, True)

    process = started("small", START, tmp_path)
    wait_for(lambda: has_points(tmp_path, "runs/2"))
    process.communicate("\n", timeout=60)
    done = card(tmp_path, "runs/2", later=3600)
    assert done is not None
    assert (done.status, done.inferred, done.facts["result"]) == (FINISHED, False, 0.5)
    assert done.params["rate"] == 0.5
    assert done.params["layers"] == [16, 8]
    assert done.metrics["loss"].last == 0.5 / 3
    assert done.metrics["odd/name"].nans == 3
    assert done.faults == ()
