"""Files appear whole or not at all, and one name is given once."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench import durable

RACER = """
import sys
from pathlib import Path
from workbench.durable import write_once
path, mine, no_links = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True"
if no_links:
    import errno, os
    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")
    os.link = refuse
sys.stdin.readline()
try:
    write_once(path, mine.encode() * 5000)
    print("won")
except FileExistsError:
    print("lost")
"""


@pytest.mark.parametrize("no_links", [False, True], ids=["links", "no links"])
def test_of_many_processes_exactly_one_takes_a_name(tmp_path: Path, *, no_links: bool) -> None:
    """The others are told, and what stands there is one's content, whole."""
    path = tmp_path / "events" / "0000000001.json"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(path), str(number), str(no_links)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(8)
    ]  # fmt: skip
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate()[0].strip() for racer in racers]
    assert sorted(answers) == ["lost"] * 7 + ["won"]
    assert path.read_bytes() == str(answers.index("won")).encode() * 5000
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_taken_name_keeps_its_content(tmp_path: Path) -> None:
    """Whoever is second is told, and nothing is left of the attempt."""
    durable.write_once(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        durable.write_once(tmp_path / "a", b"second", temp=tmp_path / "tmp")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_lost_answer_is_a_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network drive may make the link and still say that the name is taken."""
    link = os.link

    def answer_lost(*args: Any) -> None:
        link(*args)
        raise FileExistsError(errno.EEXIST, "File exists")

    monkeypatch.setattr(os, "link", answer_lost)
    durable.write_once(tmp_path / "a", b"mine")
    assert (tmp_path / "a").read_bytes() == b"mine"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_backup_that_links_a_draft_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two names of a draft do not say that the final name is one of them."""
    link = os.link
    durable.write_once(tmp_path / "a", b"first")

    def backed_up(draft: Path, path: Path) -> None:
        link(draft, tmp_path / "backup")
        link(draft, path)

    monkeypatch.setattr(os, "link", backed_up)
    with pytest.raises(FileExistsError):
        durable.write_once(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


@pytest.mark.parametrize("lost", [True, False])
def test_without_inodes_the_content_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lost: bool
) -> None:
    """A drive that numbers no files still tells an answer that got lost from a taken name."""
    link, look = os.link, Path.lstat

    def taken(draft: Path, path: Path) -> None:
        if lost:
            link(draft, path)
        else:
            path.write_bytes(b"others")
        raise FileExistsError(errno.EEXIST, "File exists")

    def unnumbered(self: Path) -> os.stat_result:
        facts = list(look(self))
        return os.stat_result([facts[0], 0, *facts[2:]])

    monkeypatch.setattr(os, "link", taken)
    monkeypatch.setattr(Path, "lstat", unnumbered)
    if lost:
        durable.write_once(tmp_path / "a", b"mine")
        return
    with pytest.raises(FileExistsError):
        durable.write_once(tmp_path / "a", b"mine")


def test_a_file_where_a_folder_must_be_is_no_taken_name(tmp_path: Path) -> None:
    """Only the final name can be taken by somebody else."""
    (tmp_path / "tmp").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        durable.write_once(tmp_path / "a", b"x", temp=tmp_path / "tmp")
    with pytest.raises(NotADirectoryError):
        durable.write_once(tmp_path / "tmp" / "a", b"x")


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_without_hard_links_a_rename_that_never_replaces_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Some file systems have no links; the promise is the same there."""

    def no_link(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", no_link)
    durable.write_once(tmp_path / "ä", b"first")
    with pytest.raises(FileExistsError):
        durable.write_once(tmp_path / "ä", b"second")
    assert (tmp_path / "ä").read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["ä"]


def test_an_ill_disk_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that says nothing of links is not taken for one, and no draft stays."""

    def ill(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", ill)
    monkeypatch.setattr(Path, "rename", ill)
    with pytest.raises(OSError, match="Input/output"):
        durable.write_once(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []


def test_replacing_is_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader finds the old content or the new, also when the step fails."""
    path = tmp_path / "deep" / "a"
    durable.replace(path, b"old")
    durable.replace(path, b"new" * 100_000)
    assert path.read_bytes() == b"new" * 100_000
    seen: list[bytes] = []

    def fails(self: Path, _: Path) -> Path:
        seen.append(self.read_bytes())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        durable.replace(path, b"newer")
    assert seen == [b"newer"]
    assert path.read_bytes() == b"new" * 100_000
    assert [one.name for one in path.parent.iterdir()] == ["a"]


def test_a_draft_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs the file, and not the room for a half of it."""

    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    for publish in (durable.write_once, durable.replace):
        with monkeypatch.context() as broken:
            broken.setattr(os, "write", full)
            with pytest.raises(OSError, match="No space"):
                publish(tmp_path / "a", b"x")
        assert list(tmp_path.iterdir()) == []


def test_short_writes_are_gone_on_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A call that takes three bytes is asked until all are written."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    durable.write_once(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_names_of_drafts_are_told_apart_and_fit_anywhere() -> None:
    """They end as temporary files do, and carry this process."""
    first, second = durable.temp_name("1"), durable.temp_name("2")
    assert first != second
    assert first.endswith(f"-{os.getpid()}-1.tmp")
    assert "/" not in first
