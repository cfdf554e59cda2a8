"""Which disks are watched and which are polled."""

from pathlib import Path

import pytest

from workbench.sync import filesystem
from workbench.sync.filesystem import is_local, kind_of

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /data rw - nfs4 server:/export rw
31 30 0:41 / /data/fast rw - xfs /dev/sdb1 rw
32 22 0:42 / /with\\040space rw - cifs //server/share rw
33 22 0:43 / /tab\\011back\\134slash rw - fuse.sshfs host: rw
34 22 0:44 / /twice rw - ext4 /dev/sdc1 rw
35 34 0:45 / /twice rw - lustre mgs:/scratch rw
torn line
36 22 0:46 /
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A table of mounts as the kernel writes it."""
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ana", "ext4"),
        ("/data", "nfs4"),
        ("/data/runs", "nfs4"),
        ("/database", "ext4"),
        ("/data/fast/x", "xfs"),
        ("/data/faster", "nfs4"),
        ("/with space/x", "cifs"),
        ("/tab\tback\\slash/x", "fuse.sshfs"),
        ("/twice/x", "lustre"),
    ],
)
def test_a_folder_is_on_the_mount_that_is_nearest(mounts: Path, path: str, kind: str) -> None:
    """The longest mount point that holds it counts, of two at one place the later."""
    assert kind_of(Path(path), mounts) == kind


def test_a_table_that_says_nothing_of_a_folder_leaves_it_unknown(tmp_path: Path) -> None:
    """Without any mount above it nobody can tell."""
    path = tmp_path / "mountinfo"
    path.write_text("30 22 0:40 / /data rw - nfs4 server:/export rw\n", encoding="utf-8")
    assert kind_of(Path("/home"), path) == "unknown"


@pytest.mark.parametrize(
    ("kind", "local"),
    [("ext4", True), ("apfs", True), ("tmpfs", True), ("nfs", False), ("nfs4", False),
     ("cifs", False), ("smb3", False), ("9p", False), ("fuse.sshfs", False), ("lustre", False),
     ("unknown", False), ("something new", False)],
)  # fmt: skip
def test_what_is_not_known_to_be_local_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, *, local: bool
) -> None:
    """A kind nobody has heard of is polled, because no event may come from it."""
    monkeypatch.setattr(filesystem, "kind_of", lambda _: kind)
    monkeypatch.setattr("workbench.sync.filesystem.os.name", "posix")
    assert is_local(tmp_path) is local
