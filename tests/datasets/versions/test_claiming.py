"""One rename gives a version its number: races, crashes, full disks and refusals."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.dataset_building import claim, manifest
from workbench.datasets.versions import claiming, folder
from workbench.errors import NotAllowedError

TEMPORARY = ".workbench/tmp"
RACER = """
import sys
from pathlib import Path
from tests.dataset_building import claim
root, own = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for content in range(1, 6):
    claim(root, "shared", content, id=f"01kd{own:011d}{content:011d}")
    claim(root, "each", own, id=f"01ke{own:011d}{content:011d}")
"""
KILLED = """
import os, sys
from pathlib import Path
from tests.dataset_building import claim
root, step = Path(sys.argv[1]), int(sys.argv[2])
seen = 0
def each(event, args):
    global seen
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.link", "shutil.rmtree") and \\
            str(root) in str(args[:2]):
        seen += 1
        if seen > step:
            os._exit(9)
sys.addaudithook(each)
claim(root, content=2)
print("done")
"""


def test_numbers_count_from_one_without_gaps(tmp_path: Path) -> None:
    """Each new content is the next version."""
    assert [claim(tmp_path, content=k).manifest.version for k in (1, 2, 3)] == [1, 2, 3]


def test_the_same_as_the_newest_is_nothing_to_do(tmp_path: Path) -> None:
    """The version that is there comes back, and nothing is left of the try."""
    first = claim(tmp_path)
    again = claim(tmp_path)
    assert (first.new, again.new) == (True, False)
    assert again.manifest == first.manifest
    assert list((tmp_path / TEMPORARY).iterdir()) == []


def test_bytes_of_before_become_a_version_again(tmp_path: Path) -> None:
    """Only the newest version is compared: a file put back as it was is news."""
    assert [claim(tmp_path, content=k).manifest.version for k in (1, 2, 1)] == [1, 2, 3]


def test_a_deleted_number_is_never_used_again(tmp_path: Path) -> None:
    """Its marker keeps it, with its folder gone."""
    claim(tmp_path)
    claim(tmp_path, content=2)
    folder.marker_of(tmp_path, "census", 2).write_bytes(b"{}")
    claiming.discard(tmp_path / "datasets/census/2")
    assert claim(tmp_path, content=3).manifest.version == 3


def test_a_number_deleted_in_this_moment_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever listed before a version came and went does not get its number."""
    claim(tmp_path)
    taken = folder.taken
    looks = iter([(1,)])  # the first look is from before version 2 came and was deleted
    folder.marker_of(tmp_path, "census", 2).write_bytes(b"{}")
    monkeypatch.setattr(
        claiming, "taken", lambda root, name: next(looks, None) or taken(root, name)
    )
    made = claim(tmp_path, content=3).manifest
    assert made.version == 3
    assert folder.standing(tmp_path, "census") == (1, 3)
    assert folder.read_manifest(tmp_path, "census", 3) == made


@pytest.mark.parametrize("number", ["2", "3"])
def test_a_file_in_the_way_is_passed_by(tmp_path: Path, number: str) -> None:
    """What is no folder takes its number all the same."""
    claim(tmp_path)
    (tmp_path / "datasets/census" / number).write_bytes(b"x")
    assert claim(tmp_path, content=2).manifest.version == int(number) + 1


def test_an_answer_that_was_lost_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename that happened and reported failure is a success."""
    rename = Path.rename

    def lossy(self: Path, target: Path) -> Path:
        rename(self, target)
        raise OSError(errno.EIO, "the share did not answer")

    monkeypatch.setattr(Path, "rename", lossy)
    made = claim(tmp_path)
    assert made.new
    assert made.manifest.version == 1


def test_a_refused_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder cannot be written the draft is gone and no number is taken."""

    def refused(_: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "no", str(target))

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        claim(tmp_path)
    assert list((tmp_path / TEMPORARY).iterdir()) == []
    assert folder.entries(tmp_path, "census") == ()


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever does not fit takes all of the draft with it."""
    claim(tmp_path)
    write = os.write
    room = [120]

    def full(fd: int, data: bytes) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = write(fd, bytes(data)[: room[0]])
        room[0] -= done
        return done

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            claim(tmp_path, content=2)
    assert list((tmp_path / TEMPORARY).iterdir()) == []
    assert folder.standing(tmp_path, "census") == (1,)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A folder that leads out of the workspace is refused before anything is made."""
    outside, root = tmp_path / "outside", tmp_path / "w"
    outside.mkdir()
    (root / "datasets").mkdir(parents=True)
    (root / "datasets/census").symlink_to(outside)
    with pytest.raises(NotAllowedError, match="leads out"):
        claim(root)
    assert list(outside.iterdir()) == []


def test_copies_stand_with_their_version(tmp_path: Path) -> None:
    """What fills the draft is there at once with the number."""

    def fill(target: Path) -> None:
        (target / "a").mkdir()
        (target / "a/x.csv").write_bytes(b"x")

    made = claiming.claim(tmp_path, manifest(copied=True), None, lambda _: False, fill)
    assert (tmp_path / "datasets/census/1/files/a/x.csv").read_bytes() == b"x"
    assert folder.read_manifest(tmp_path, "census", 1) == made.manifest
    assert folder.read_profile(tmp_path, "census", 1) is None


def test_five_processes_register_one_content_once(tmp_path: Path) -> None:
    """Nothing is lost, doubled or torn, and no number is left out."""
    racers = list(_racers(tmp_path, 5))
    for one in racers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in racers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.close()
    for one in racers:
        assert one.wait(100) == 0
        one.stdout.close()  # type: ignore[union-attr]
    numbers = folder.standing(tmp_path, "shared")
    assert numbers == tuple(range(1, len(numbers) + 1))
    there = [folder.read_manifest(tmp_path, "shared", k) for k in numbers]
    assert all(one.hash != other.hash for one, other in pairwise(there))
    assert {one.hash for one in there} == {manifest(content=k).hash for k in range(1, 6)}
    own = [folder.read_manifest(tmp_path, "each", k) for k in folder.standing(tmp_path, "each")]
    assert {one.hash for one in own} == {manifest(content=k).hash for k in range(5)}
    assert list((tmp_path / TEMPORARY).iterdir()) == []


def _racers(root: Path, count: int) -> Iterator["subprocess.Popen[str]"]:
    for number in range(count):
        yield subprocess.Popen(
            [sys.executable, "-c", RACER, str(root), str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip


def test_killed_at_any_step_the_version_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Whatever is left, the next one registers, and what stands can be read."""
    claim(tmp_path / "0")
    done, step = False, 0
    while not done:
        root = tmp_path / str(step)
        if step:
            claim(root)
        out = subprocess.run(
            [sys.executable, "-c", KILLED, str(root), str(step)], capture_output=True, text=True,
            check=False, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        done = out.stdout == "done\n"
        assert done or out.returncode == 9, out.stderr
        numbers = folder.standing(root, "census")
        assert numbers in ((1,), (1, 2))
        assert [folder.read_manifest(root, "census", k).version for k in numbers] == [*numbers]
        after = claim(root, content=2)
        assert after.manifest.version == 2
        assert after.new == (numbers == (1,))
        step += 1
    assert step > 8  # it was killed at many places
