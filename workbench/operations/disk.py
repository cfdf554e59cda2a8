"""Sizes and deletion on the disk of a workspace, without ever following a link."""

import os
import shutil
from pathlib import Path

from workbench.registry.moving import release


def measure(path: Path) -> tuple[int, int]:
    """Return the bytes and the number of files at and below a path; links count as themselves."""
    total = files = 0
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here.is_symlink() or not here.is_dir():
            total += here.lstat().st_size
            files += 1
            continue
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
                        files += 1
        except OSError:
            continue  # counted as far as it can be seen
    return total, files


def delete(path: Path, root: Path) -> bool:
    """Delete a file or folder below ``root``; links in it are cut, not followed."""
    if not is_inside(path, root):
        return False
    try:
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        else:
            if os.name == "nt":
                release(path)  # files of models are read-only, and Windows would keep them
            shutil.rmtree(path)
    except OSError:
        return False
    return True


def is_inside(path: Path, root: Path) -> bool:
    """Say whether ``path`` is truly below ``root``, links in between resolved."""
    return path.parent.resolve().joinpath(path.name).is_relative_to(root.resolve())


def newest(path: Path) -> float:
    """Return the latest modification time of a path and what is right in it."""
    times = [path.lstat().st_mtime]
    if path.is_dir() and not path.is_symlink():
        times.extend(entry.stat(follow_symlinks=False).st_mtime for entry in entries_of(path))
    return max(times)


def entries_of(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in a folder, by name; nothing when it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def folders_of(folder: Path) -> list[Path]:
    """Return the folders in a folder, by name; links to folders are none."""
    return [Path(e.path) for e in entries_of(folder) if e.is_dir(follow_symlinks=False)]
