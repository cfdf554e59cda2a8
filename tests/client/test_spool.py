"""A full disk, a vanished share and a read-only folder do not stop a training."""

import errno
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from tests.client.reading import card, markers, only_run, only_writer, run_script, runs, writers
from workbench.client import homecoming, keeper, spool
from workbench.client.linefile import LineFile
from workbench.client.process_mark import process_mark
from workbench.client.spool_entry import mark_alive
from workbench.client.writer import Writer
from workbench.errors import NotAllowedError, NotFoundError


class FullDisk:
    """Lets writes below a folder fail as a full disk does, after some bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, below) -> None:
        self._below = str(below)
        self._write = os.write
        self.on = False
        self.room = 0
        self._copy = shutil.copyfile
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(shutil, "copyfile", self.copy)

    def write(self, fd: int, data) -> int:
        """Write what still fits."""
        if not self.on or not self._is_below(fd):
            return self._write(fd, data)
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        part = bytes(data)[: self.room]
        self.room -= len(part)
        return self._write(fd, part)

    def copy(self, source, target, **options):
        """Copy what still fits: nothing."""
        if self.on and str(target).startswith(self._below):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._copy(source, target, **options)

    def _is_below(self, fd: int) -> bool:
        here = os.fstat(fd)
        return any(
            os.path.samestat(here, Path(parent, name).stat())
            for parent, _, names in os.walk(self._below)
            for name in names
        )


@pytest.fixture
def disk(monkeypatch, workspace):
    """The workspace's disk."""
    return FullDisk(monkeypatch, workspace)


@pytest.mark.usefixtures("spool_folder")
def test_a_full_disk_sends_the_lines_to_the_spool(start, disk, capsys):
    """The training goes on, one sentence says so, and half a line is no line."""
    run = start()
    run.log({"loss": 3.0})
    disk.on, disk.room = True, 10
    run.log({"loss": 2.0})
    run.log({"loss": 1.0})
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "No space left" in told
    assert "sync-spool" in told
    assert only_writer(run.folder).values("loss") == [(0, 3.0)]
    (waiting,) = spool.pending()
    assert (waiting.run_id, waiting.alive, waiting.ended) == (run.id, True, False)
    with pytest.raises(NotAllowedError):
        spool.deliver(waiting)


def test_the_lines_go_home_when_there_is_room_again(start, disk, spool_folder, workspace):
    """At the next heartbeat the spooled lines are a writer of the run, which goes on there."""
    run = start()
    run.log({"loss": 3.0})
    disk.on = True
    run.log({"loss": 2.0})
    disk.on = False
    run._keeper.beat()
    run.log({"loss": 1.0})
    assert spool.pending() == ()
    run.finish()
    first, second = writers(run.folder)
    assert first.values("loss") == [(0, 3.0)]
    assert second.values("loss") == [(1, 2.0), (2, 1.0)]
    assert "No space left" in second.fact("spooled")
    assert (first.final["status"], second.final["status"]) == ("FINISHED", "FINISHED")
    assert first.final["metrics"]["loss"]["count"] == 1
    assert len(markers(workspace)) == 2
    assert list(spool_folder.iterdir()) == []


def test_a_run_that_ends_in_the_spool_is_delivered_later(start, disk, spool_folder, workspace):
    """Delivery brings lines, artifacts, end card and marker, and may be repeated."""
    artifact = workspace.parent / "model.txt"
    artifact.write_text("weights", encoding="utf-8")
    run = start()
    disk.on = True
    run.log({"loss": 2.0})
    run.log_artifact(artifact, "deep/model.txt")
    run.finish("FAILED", error=["bad luck"])
    disk.on = False
    (waiting,) = spool.pending()
    assert waiting.ended
    copy = spool_folder.parent / "copy"
    shutil.copytree(waiting.folder, copy)
    delivered = spool.deliver(waiting)
    assert (delivered.run, delivered.writer) == (run.folder, 1)
    assert spool.pending() == ()
    assert (run.folder / "artifacts/deep/model.txt").read_text(encoding="utf-8") == "weights"
    assert writers(run.folder)[1].final["error"] == ["bad luck"]
    assert markers(workspace) == [f"{run.id}.0.finished", f"{run.id}.1.failed"]
    # Broken off after the files were published: the same entry once more.
    fields = (
        (copy / "spool.json").read_text(encoding="utf-8").replace('"number":null', '"number":1')
    )
    shutil.copytree(copy, waiting.folder)
    (waiting.folder / "spool.json").write_text(fields, encoding="utf-8")
    assert spool.deliver(spool.pending()[0]) == delivered
    assert len(writers(run.folder)) == 2


def test_a_start_that_fails_puts_the_whole_run_in_the_spool(workspace, start, spool_folder):
    """A workspace that cannot be made holds nobody up; the run appears there later."""
    workspace.write_text("not a folder", encoding="utf-8")
    with start("churn", "early", params={"lr": 1}) as run:
        run.log({"loss": 1.0})
        run.set_note("kept")
    assert only_writer_in_spool(spool_folder)["status"] == "FINISHED"
    workspace.unlink()
    spool.deliver(spool.pending()[0])
    assert card(run.folder)["name"] == "early"
    assert only_writer(run.folder).values("loss") == [(0, 1.0)]
    assert markers(workspace) == [f"{run.id}.0.finished"]


def only_writer_in_spool(folder):
    """Return the end card of the one entry."""
    (entry,) = folder.iterdir()
    return json.loads((entry / "writer" / "final.json").read_text(encoding="utf-8"))


if os.name == "posix":  # elsewhere an open file cannot be removed

    @pytest.mark.usefixtures("spool_folder")
    def test_lines_of_a_vanished_folder_are_saved(start, workspace):
        """What was written before the folder went is carried over from the open files."""
        run = start("churn")
        run.log({"loss": 2.0})
        shutil.rmtree(workspace)
        run.log({"loss": 1.0})
        run.finish()
        assert not workspace.exists()
        (waiting,) = spool.pending()
        assert waiting.ended
        with pytest.raises(NotFoundError):  # an empty mount point is not the workspace
            spool.deliver(waiting)
        (workspace / ".workbench").mkdir(parents=True)
        text = f'{{"format": 1, "id": "{waiting.workspace_id}"}}'
        (workspace / ".workbench/workspace.json").write_text(text, encoding="utf-8")
        spool.deliver(waiting)
        written = only_writer(only_run(workspace))
        assert written.values("loss") == [(0, 2.0), (1, 1.0)]
        assert written.final["metrics"]["loss"]["count"] == 2


@pytest.mark.usefixtures("spool_folder")
def test_another_workspace_at_the_place_gets_nothing(start, workspace, disk):
    """Lines are delivered only where they belong."""
    run = start()
    disk.on = True
    run.log({"a": 1})
    run.finish()
    disk.on = False
    (workspace / ".workbench/workspace.json").write_text('{"id": "other"}', encoding="utf-8")
    with pytest.raises(NotFoundError, match="another workspace"):
        spool.deliver(spool.pending()[0])


@pytest.mark.usefixtures("workspace")
def test_trouble_everywhere_loses_lines_but_not_the_training(start, disk, spool_folder, capsys):
    """Where the spool cannot be written either, one sentence says so and calls return."""
    spool_folder.write_text("not a folder", encoding="utf-8")
    run = start()
    disk.on = True
    run.log({"a": 1})
    run.log({"a": 2})
    assert "nowhere" in capsys.readouterr().err
    disk.on = False
    run.log({"a": 3})
    run.finish()
    values = [value for writer in writers(run.folder) for value in writer.values("a")]
    assert values == [(2, 3.0)]
    assert any(writer.fact("lines_lost") for writer in writers(run.folder))


def spool_entry(folder: Path) -> Path:
    """Return the writer's folder of the one entry."""
    (entry,) = folder.iterdir()
    return entry / "writer"


def test_a_killed_process_leaves_a_spool_that_can_be_delivered(workspace, spool_folder):
    """Lines of a process that was killed in the spool wait for somebody to bring them."""
    workspace.write_text("not a folder", encoding="utf-8")
    code = """
import os, signal, workbench
run = workbench.start_run("e", capture=False, system_metrics=False)
run.log({"loss": 1.0})
os._exit(9)
"""
    assert run_script(code, workspace).returncode == 9
    workspace.unlink()
    for file in spool_entry(spool_folder).iterdir():
        os.utime(file, (0, 0))  # where a process cannot be asked for, age tells
    (waiting,) = spool.pending()
    assert not waiting.alive
    spool.deliver(waiting)
    written = only_writer(only_run(workspace))
    assert written.values("loss") == [(0, 1.0)]
    assert written.final is None


def test_a_line_after_half_a_line_begins_on_a_new_one(tmp_path, monkeypatch):
    """A torn line spoils itself and no other."""
    disk = FullDisk(monkeypatch, tmp_path)
    file = LineFile(tmp_path / "lines")
    file.append(b"one\n")
    disk.on, disk.room = True, 2
    with pytest.raises(OSError, match="No space"):
        file.append(b"two\n")
    disk.on = False
    file.append(b"three\n")
    assert file.content() == b"one\ntw\nthree\n"
    assert file.size == 13
    file.close()


def test_a_short_write_is_completed(tmp_path, monkeypatch):
    """A write that took only a part goes on where it stopped."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    file = LineFile(tmp_path / "lines")
    file.append(b"one two\n")
    file.append(b"three\n")
    assert file.content() == b"one two\nthree\n"
    file.close()


@pytest.mark.usefixtures("spool_folder")
def test_two_runs_wait_side_by_side(workspace, start):
    """Every run has its own entry, oldest first."""
    workspace.write_text("not a folder", encoding="utf-8")
    for name in ("first", "second"):
        with start(name=name):
            pass
    waiting = spool.pending()
    assert [entry.run_id for entry in waiting] == sorted(entry.run_id for entry in waiting)
    workspace.unlink()
    for entry in waiting:
        spool.deliver(entry)
    assert len(runs(workspace)) == 2


def claim_number(entry: Path, **fields: object) -> None:
    """Make an entry that of a process of this number, and what else is said of it."""
    card = json.loads((entry / "spool.json").read_text(encoding="utf-8"))
    text = json.dumps({**card, "pid": os.getpid(), **fields})
    (entry / "spool.json").write_text(text, encoding="utf-8")


def test_another_process_of_the_same_number_holds_nothing_up(workspace, spool_folder):
    """Lines of a process that is gone are delivered though its number lives again."""
    workspace.write_text("not a folder", encoding="utf-8")
    code = """
import os, workbench
run = workbench.start_run("e", capture=False, system_metrics=False)
run.log({"loss": 1.0})
os._exit(9)
"""
    run_script(code, workspace)
    workspace.unlink()
    entry = spool_entry(spool_folder).parent
    if process_mark(os.getpid()) is not None:  # the system tells one process from another
        claim_number(entry)
        assert not spool.pending()[0].alive
        claim_number(entry, process=process_mark(os.getpid()))
        assert spool.pending()[0].alive
    claim_number(entry, process=None)  # it cannot be told: what was touched lately is alive
    assert spool.pending()[0].alive
    for file in entry.glob("writer/*"):
        os.utime(file, (0, 0))
    mark_alive(entry)
    assert spool.pending()[0].alive
    os.utime(entry / "alive", (0, 0))
    assert not spool.pending()[0].alive
    spool.deliver(spool.pending()[0])
    assert only_writer(only_run(workspace)).values("loss") == [(0, 1.0)]


def test_a_script_logs_on_while_its_lines_go_home(start, disk, workspace, monkeypatch):
    """Copying a big spool holds nobody up; what comes meanwhile, files too, comes along."""
    artifact = workspace.parent / "model.txt"
    artifact.write_text("weights", encoding="utf-8")
    run = start()
    disk.on = True
    run.log({"loss": 3.0})
    run.log_artifact(artifact)
    disk.on = False
    copying, logged, copy = threading.Event(), threading.Event(), homecoming.copy_whole

    def slow_copy(*paths):
        copying.set()
        assert logged.wait(30), "the script waits for the copy"
        copy(*paths)

    monkeypatch.setattr(homecoming, "copy_whole", slow_copy)
    beat = threading.Thread(target=run._keeper.beat)
    beat.start()
    assert copying.wait(30)
    run.log({"loss": 2.0})
    run.log_artifact(artifact, "second.txt")
    logged.set()
    beat.join()
    run.log({"loss": 1.0})
    run.finish()
    first, second = writers(run.folder)
    assert first.values("loss") == []
    assert second.values("loss") == [(0, 3.0), (1, 2.0), (2, 1.0)]
    assert second.final["metrics"]["loss"]["count"] == 3
    assert (run.folder / "artifacts/second.txt").read_text(encoding="utf-8") == "weights"
    assert spool.pending() == ()


@pytest.mark.usefixtures("spool_folder")
def test_lines_logged_after_the_copy_come_home_with_the_swap(start, disk, monkeypatch):
    """Between the last copy and the swap a line may come; it is brought, once."""
    run = start()
    disk.on = True
    run.log({"loss": 3.0})
    disk.on = False
    bring = keeper.follow

    def follow(entry, arrival):
        monkeypatch.setattr(keeper, "follow", bring)
        brought = bring(entry, arrival)
        run.log({"loss": 2.0})
        return brought

    monkeypatch.setattr(keeper, "follow", follow)
    run._keeper.beat()
    assert spool.pending() == ()
    run.finish()
    assert writers(run.folder)[1].values("loss") == [(0, 3.0), (1, 2.0)]


@pytest.mark.usefixtures("workspace")
def test_a_homecoming_that_breaks_off_goes_on_the_next_time(start, disk, spool_folder, monkeypatch):
    """A share that goes away at the swap costs nothing: the next heartbeat goes on from there."""
    run = start()
    disk.on = True
    run.log({"loss": 3.0})
    disk.on = False

    def fail(_writer, place):
        raise OSError(errno.EIO, f"{place.writer} went away")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "move", fail)
        run._keeper.beat()
    assert len(list(spool_folder.iterdir())) == 1
    run.log({"loss": 2.0})
    run._keeper.beat()
    run.finish()
    assert len(writers(run.folder)) == 2
    assert writers(run.folder)[1].values("loss") == [(0, 3.0), (1, 2.0)]
