"""Real repositories for tests, with a person and a time of their own."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_CALM = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
}


def git(folder: Path, *words: str) -> str:
    """Run git and return what it printed."""
    return git_bytes(folder, *words).decode("utf-8", "surrogateescape").strip()


def git_bytes(folder: Path, *words: str, given: bytes = b"") -> bytes:
    """Run git and return the bytes it printed."""
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        env={**os.environ, **_CALM},
        input=given,
        capture_output=True,
        check=True,
    )
    return done.stdout


def make_repository(folder: Path, files: Mapping[str, bytes]) -> str:
    """Make a repository with one commit of these files and return the commit."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    return commit(folder, files)


def write(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write files, or delete those that are None."""
    for name, data in files.items():
        path = folder / name
        if data is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def commit(folder: Path, files: Mapping[str, bytes | None]) -> str:
    """Commit these changes and return the commit."""
    write(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "a commit")
    return git(folder, "rev-parse", "HEAD")


def captured(folder: Path) -> bytes:
    """Return the uncommitted changes as a run captures them."""
    words = ("diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv")
    return git_bytes(folder, "-c", "core.fsmonitor=false", *words)
