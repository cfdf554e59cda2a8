"""tensorboardX and TensorBoard's own writer, logging while their folder is looked at."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.libraries import started
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.formats.tensorboard.reader import TensorboardReader
from workbench.operations.session import Session, open_session
from workbench.runfolder import RUNNING

WRITERS = {
    "tensorboardX": """
from tensorboardX import SummaryWriter
writer = SummaryWriter("runs/one", flush_secs=0)
log = writer.add_scalar
""",
    "tensorboard": """
from tensorboard.summary import Writer
writer = Writer("runs/one")
log = writer.add_scalar
""",
}
STEPS = """
import sys
for step in range(4):
    log("loss", 1 / (step + 3), step)
    log("acc", float("nan") if step == 1 else step / 7, step)
    writer.flush()
    print("step", step, flush=True)
    sys.stdin.readline()
writer.close()
print("closed", flush=True)
"""
HPARAMS = """
from tensorboardX import SummaryWriter
writer = SummaryWriter("runs/one")
for step in range(5):
    writer.add_scalar("loss", 1 / (step + 1), step)
    writer.add_scalars("both", {"train": step / 3, "val": step / 5}, step)
writer.add_text("note", "hello")
writer.add_hparams({"lr": 0.1, "net": "cnn"}, {"final": 0.25})
writer.close()
"""
OWN_READER = """
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray
seen = EventAccumulator(sys.argv[1] if len(sys.argv) > 1 else "runs/one",
                        size_guidance={"scalars": 0, "tensors": 0})
seen.Reload()
found = {tag: [[float(e.step), e.wall_time, e.value] for e in seen.Scalars(tag)]
         for tag in seen.Tags()["scalars"]}
for tag in seen.Tags()["tensors"]:
    found[tag] = [[float(e.step), e.wall_time, float(make_ndarray(e.tensor_proto))]
                  for e in seen.Tensors(tag)]
print("FOUND", json.dumps(found))
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session on a folder that is only looked at."""
    with open_session(tmp_path) as opened:
        yield opened


def said(process: subprocess.Popen[str], words: str) -> None:
    """Wait until the script has said something."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.strip() == words:
            return
    pytest.fail("the script ended: " + "".join(lines))


def curve(session: Session, metric: str) -> list[float]:
    """Look, and return the curve of the only run, whose card says as many points."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    (card,) = cards(session.catalogue, every(session.catalogue))
    assert card.status == RUNNING
    return list(session.curves().series(card.run, metric).values)


def own_reading(folder: Path) -> dict[str, list[list[float]]]:
    """Return what TensorBoard's own reader finds in ``runs/one``."""
    process = started("tensorboard", OWN_READER, folder)
    output, _ = process.communicate(timeout=120)
    line = next(line for line in output.splitlines() if line.startswith("FOUND "))
    found: dict[str, list[list[float]]] = json.loads(line.removeprefix("FOUND "))
    return found


@pytest.mark.parametrize("name", WRITERS)
def test_a_run_is_followed_while_it_is_written(session: Session, tmp_path: Path, name: str) -> None:
    """Every flush is seen at the next look, and all values are those TensorBoard shows."""
    with started("tensorboard", WRITERS[name] + STEPS, tmp_path) as process:
        for step in range(4):
            said(process, f"step {step}")
            wanted = step + 1  # tensorboardX writes from a thread, after it was told to flush
            seen = wait_for(lambda count=wanted: (c := curve(session, "loss"))[count - 1 :] and c)
            assert len(seen) == wanted
            assert seen[-1] == pytest.approx(1 / (step + 3), rel=1e-7)
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        said(process, "closed")
    points = TensorboardReader().points(tmp_path, "runs/one", None, None).points
    ours = {tag: [list(one) for one in zip(*found, strict=True)] for tag, found in points.items()}
    assert repr(ours) == repr({tag: own_reading(tmp_path)[tag] for tag in ours})
    assert set(ours) == {"loss", "acc"}
    assert sorted(path.suffix for path in tmp_path.rglob("*.db*")) == []


def test_a_torn_record_waits(tmp_path: Path) -> None:
    """Whatever part of the last record is on disk, the points before it are shown."""
    process = started("tensorboard", HPARAMS, tmp_path)
    process.communicate(timeout=60)
    run = tmp_path / "runs" / "one"
    file = next(path for path in run.iterdir() if path.is_file())
    whole = file.read_bytes()
    reader = TensorboardReader()
    all_of_it = reader.points(tmp_path, "runs/one", frozenset(["loss"]), None).points["loss"]
    for missing in range(1, 200):
        file.write_bytes(whole[:-missing])
        reading = reader.read(tmp_path, "runs/one", b"", 1.9e9)
        count = reading.card.metrics["loss"].count
        found = reader.points(tmp_path, "runs/one", frozenset(["loss"]), None).points["loss"]
        assert reading.card.faults == ()
        assert found.values == all_of_it.values[:count]
        with file.open("ab") as out:
            out.write(whole[-missing:])
        again = reader.read(tmp_path, "runs/one", reading.progress, 1.9e9).card
        assert again.metrics["loss"].count == 5
        assert again.faults == ()


def test_sessions_and_curves_beside_are_parts_of_the_run(session: Session, tmp_path: Path) -> None:
    """What ``add_hparams`` and ``add_scalars`` put into folders of their own is one run."""
    process = started("tensorboard", HPARAMS, tmp_path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    session.sweeper().set_sources(session.sources())
    session.sweep()
    (card,) = cards(session.catalogue, every(session.catalogue))
    assert dict(card.params) == {"lr": 0.1, "net": "cnn"}
    reading = TensorboardReader().read(tmp_path, "runs/one", b"", 1.9e9).card
    assert {name: summary.count for name, summary in reading.metrics.items()} == {
        "loss": 5, "both/train": 5, "both/val": 5, "final": 1,
    }  # fmt: skip
    assert reading.facts["text/note"] == "hello"
    assert reading.status == "FINISHED"
