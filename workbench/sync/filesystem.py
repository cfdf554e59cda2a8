"""What kind of disk a folder is on.

No kernel reports what another machine writes to a network drive, so a folder is
watched only when it is known to be on a local disk; everything else is polled.
"""

import os
from pathlib import Path

_LOCAL = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "tmpfs", "ramfs", "overlay", "jfs",
     "bcachefs", "apfs", "hfs", "ntfs", "ntfs3", "vfat", "exfat", "squashfs", "rootfs")
)  # fmt: skip


def is_local(path: Path) -> bool:
    """Say whether ``path`` is known to be on a disk of this machine."""
    if os.name == "nt":
        return _is_local_windows(path)
    return kind_of(path) in _LOCAL


def kind_of(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the file system's type, or ``unknown``."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return _kind_by_mount_command(path)
    entries = []
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) > 4 and right:  # noqa: PLR2004 - the mount point is the fifth field
            entries.append((_unescaped(fields[4]), right.split()[0]))
    return _longest(path, entries)


def _unescaped(point: str) -> str:
    """Return a mount point as it is named: the kernel writes blanks and backslashes in octal."""
    import re  # noqa: PLC0415 - not on Windows

    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)


def _longest(path: Path, entries: list[tuple[str, str]]) -> str:
    """Return the type of the mount with the longest prefix; of equals, the last one."""
    where = os.path.realpath(path)
    kind, length = "unknown", -1
    for point, found in entries:
        inside = where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= length:
            kind, length = found, len(point)
    return kind


def _kind_by_mount_command(path: Path) -> str:
    """Ask ``mount``, as on macOS: ``/dev/disk3s1 on / (apfs, local, ...)``."""
    import re  # noqa: PLC0415 - not on Linux
    import subprocess  # noqa: PLC0415

    try:
        done = subprocess.run(
            ["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    found = re.findall(r"^\S+ on (.+?) \(([^,)]+)", done.stdout, flags=re.MULTILINE)
    return _longest(path, found)


def _is_local_windows(path: Path) -> bool:
    """Say whether the drive letter is a fixed or removable disk; UNC paths are not."""
    import ctypes  # noqa: PLC0415 - Windows only

    drive = path.absolute().drive
    if not drive or drive.startswith("\\\\"):
        return False
    windll = getattr(ctypes, "windll", None)
    fixed, removable, ram = 3, 2, 6
    return windll is not None and windll.kernel32.GetDriveTypeW(drive + "\\") in (
        fixed, removable, ram,
    )  # fmt: skip
