"""A workspace that is moved away under a run and back again holds every point once."""

import os
import shutil
from pathlib import Path

from tests.client.reading import markers, only_run, only_writer, run_script, start_script, writers
from workbench.client import homecoming, spool
from workbench.clock import SYSTEM
from workbench.formats.contract import RunCard
from workbench.formats.native.reader import NativeReader
from workbench.runfolder import METRICS, STALE_AFTER, UPDATES

__test__ = os.name == "posix"  # elsewhere an open file cannot be moved
READER = NativeReader()

SCRIPT = """
import os, workbench
run = workbench.start_run("e", params={"lr": 1}, capture=False, system_metrics=False)
def turn():
    print(flush=True)
    input()
for value in (5.0, 4.0):
    run.log({"loss": value})
turn()
run._keeper.beat()
run.log({"loss": 3.0})
"""


def seen(workspace: Path) -> tuple[RunCard, list[float]]:
    """Return the one run as the native reader sees it, and its points."""
    key = only_run(workspace).relative_to(workspace).as_posix()
    curves = READER.points(workspace, key, None, None)
    later = SYSTEM.now() + 2 * STALE_AFTER
    return READER.read(workspace, key, b"", later).card, list(curves.points["loss"].values)


def all_values(run: Path) -> list[tuple[int | None, float]]:
    """Return the points of all writers as they stand in the files."""
    return [point for writer in writers(run) for point in writer.values("loss")]


def check_whole(workspace: Path, values: list[float], status: str) -> None:
    """Check that the run holds every value once, in files, curve and summary."""
    card, points = seen(workspace)
    assert all_values(only_run(workspace)) == list(enumerate(values))
    assert sorted(points) == sorted(values)
    loss = card.metrics["loss"]
    assert (loss.count, loss.min, loss.max, loss.last) == (
        len(values), min(values), max(values), values[-1],
    )  # fmt: skip
    assert card.status == status
    assert card.params["lr"] == 1


def test_a_live_process_goes_home_with_new_lines_only(workspace, spool_folder):
    """A script whose workspace is moved away and back ends with every point once."""
    away = workspace.parent / "away"
    code = SCRIPT + 'turn()\nrun._keeper.beat()\nrun.log({"loss": 2.0})\nrun.finish()\n'
    environment = {"WORKBENCH_SPOOL": str(spool_folder)}
    process = start_script(code, workspace, stdin=-1, environment=environment)
    process.stdout.readline()
    workspace.rename(away)
    process.stdin.write("\n")
    process.stdin.flush()
    process.stdout.readline()
    assert len(spool.pending()) == 1
    away.rename(workspace)
    process.communicate("\n", timeout=60)
    assert process.returncode == 0
    check_whole(workspace, [5.0, 4.0, 3.0, 2.0], "FINISHED")
    first, second = writers(only_run(workspace))
    assert second.updates[0]["kind"] == "start"
    assert second.updates[0]["time"] == second.final["started"] > first.final["started"]
    assert first.final["metrics"]["loss"]["count"] == 2
    assert len(markers(workspace)) == 2
    assert spool.pending() == ()


def moved_and_killed(workspace: Path, spool_folder: Path, end: str) -> spool.Spooled:
    """Return the entry of a process that ended while its workspace was away, now back."""
    away = workspace.parent / "away"
    move = f"def turn(): os.rename({str(workspace)!r}, {str(away)!r})\n"
    code = SCRIPT.replace("for value", move + "for value") + end
    environment = {"WORKBENCH_SPOOL": str(spool_folder)}
    run_script(code, workspace, environment=environment)
    away.rename(workspace)
    (waiting,) = spool.pending()
    return waiting


def test_lines_of_a_killed_process_are_delivered_once(workspace, spool_folder):
    """Delivery after a kill leaves out what the workspace holds, however often it is done."""
    waiting = moved_and_killed(workspace, spool_folder, "os._exit(9)\n")
    copy = workspace.parent / "copy"
    homecoming.bring_home(waiting.folder)
    shutil.copytree(waiting.folder, copy)
    spool.deliver(waiting)
    shutil.copytree(copy, waiting.folder)  # broken off before it was taken out of the spool
    assert spool.deliver(spool.pending()[0]).writer == 1
    check_whole(workspace, [5.0, 4.0, 3.0], "STALE")
    first, second = writers(only_run(workspace))
    assert (first.final["status"], second.final) == ("FINISHED", None)


def test_an_end_card_in_the_spool_does_not_count_what_is_left_out(workspace, spool_folder):
    """A run that ended while its workspace was away is summed up from its lines."""
    waiting = moved_and_killed(workspace, spool_folder, 'run.finish("FAILED")\n')
    assert waiting.ended
    spool.deliver(waiting)
    check_whole(workspace, [5.0, 4.0, 3.0], "FAILED")
    assert writers(only_run(workspace))[1].final["bytes"] == {"metrics": -1, "updates": -1}


def test_an_end_that_came_after_the_lines_were_published_is_brought(workspace, spool_folder):
    """What an entry gained since it was published, lines and end card, is delivered too."""
    waiting = moved_and_killed(workspace, spool_folder, "run.finish()\n")
    final = waiting.folder / "writer" / "final.json"
    card, metrics = final.read_bytes(), waiting.folder / "writer" / METRICS
    lines = metrics.read_bytes()
    final.unlink()
    metrics.write_bytes(lines[: -len(lines) // 3 + 7])  # torn, as a copy of a growing file may be
    homecoming.bring_home(waiting.folder)
    metrics.write_bytes(lines)
    final.write_bytes(card)
    spool.deliver(spool.pending()[0])
    check_whole(workspace, [5.0, 4.0, 3.0], "FINISHED")


def test_a_copy_that_came_back_short_gets_the_lines_it_lacks(workspace, spool_folder):
    """Lines the returned files lack are delivered, also where a line was torn."""
    waiting = moved_and_killed(workspace, spool_folder, "run.finish()\n")
    metrics = only_run(workspace) / "writers" / "0" / METRICS
    metrics.write_bytes(metrics.read_bytes()[:-5])
    spool.deliver(waiting)
    check_whole(workspace, [5.0, 4.0, 3.0], "FINISHED")


def test_a_run_that_is_gone_for_good_is_delivered_whole(workspace, spool_folder):
    """Where the run's folder does not come back, every line and the summary are delivered."""
    waiting = moved_and_killed(workspace, spool_folder, "run.finish()\n")
    shutil.rmtree(only_run(workspace))
    spool.deliver(waiting)
    check_whole(workspace, [5.0, 4.0, 3.0], "FINISHED")
    assert only_writer(only_run(workspace)).final["metrics"]["loss"]["count"] == 3


def test_another_writer_under_the_number_is_left_alone(workspace, spool_folder):
    """Carried lines are delivered where the number they came from is somebody else's now."""
    waiting = moved_and_killed(workspace, spool_folder, "run.finish()\n")
    other = only_run(workspace) / "writers" / "0"
    (other / UPDATES).write_text('{"time": 1.0, "kind": "start", "pid": 1}\n', encoding="utf-8")
    (other / METRICS).write_text("", encoding="utf-8")
    spool.deliver(waiting)
    first, second = writers(only_run(workspace))
    assert first.final is None
    assert second.values("loss") == [(0, 5.0), (1, 4.0), (2, 3.0)]
