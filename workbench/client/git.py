"""What git says about the script's folder.

The commit and the branch are read from git's own files, because starting a
process costs more than the whole start of a run may. The state of the work tree
needs git itself, and is asked for off the script's path.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.client.card import script

if TYPE_CHECKING:
    import subprocess

_MOST_BYTES = 1 << 20
"""Of a source diff; a larger one is data somebody forgot to ignore."""
_PATIENCE = 30.0
_MOST_CONFIG = 1 << 18
_COMMIT_DIGITS = (40, 64)


class Repository(NamedTuple):
    """A work tree, its own git folder and the one it shares with others."""

    tree: Path
    own: Path
    shared: Path


def head_facts() -> dict[str, str | None] | None:
    """Return what git knows of the script's repository; None outside of one.

    ``folder`` is where the command was started, below the work tree; None when outside of it.
    """
    repository = find_repository()
    if repository is None:
        return None
    commit, branch = head(repository)
    return {
        "commit": commit,
        "branch": branch,
        "remote": remote(repository),
        "folder": _below(repository.tree),
    }


def _below(tree: Path) -> str | None:
    try:
        return Path.cwd().resolve().relative_to(tree.resolve()).as_posix()
    except (ValueError, OSError):
        return None


def find_repository() -> Repository | None:
    """Return the repository of the script, else of the current folder."""
    path = script()
    starts = [] if path is None or not path.is_file() else [path.resolve().parent]
    for start in (*starts, Path.cwd()):
        for folder in (start, *start.parents):
            found = _repository_at(folder)
            if found is not None:
                return found
    return None


def _repository_at(tree: Path) -> Repository | None:
    dot = tree / ".git"
    if dot.is_dir():
        own = dot
    else:  # a work tree of its own, or a submodule: a file that says where
        said = _read(dot)
        if not said.startswith("gitdir:"):
            return None
        own = tree / said.removeprefix("gitdir:").strip()
    if not (own / "HEAD").exists():
        return None
    common = _read(own / "commondir").strip()
    return Repository(tree, own, own / common if common else own)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_CONFIG)
    except OSError:
        return ""


def head(repository: Repository) -> tuple[str | None, str | None]:
    """Return commit and branch; the branch is None when the head is detached."""
    said = _read(repository.own / "HEAD").strip()
    if not said.startswith("ref:"):
        return _commit(said), None
    ref = said.removeprefix("ref:").strip()
    branch = ref.removeprefix("refs/heads/")
    for folder in (repository.own, repository.shared):
        commit = _commit(_read(folder / ref).strip())
        if commit is not None:
            return commit, branch
    return _packed(repository, ref), branch


def _packed(repository: Repository, ref: str) -> str | None:
    try:
        with (repository.shared / "packed-refs").open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                commit, _, name = line.rstrip("\n").partition(" ")
                if name == ref:
                    return _commit(commit)
    except OSError:
        return None
    return None


def _commit(text: str) -> str | None:
    fits = len(text) in _COMMIT_DIGITS and not text.strip("0123456789abcdef")
    return text if fits else None


def remote(repository: Repository) -> str | None:
    """Return the address of ``origin``, else of the first remote, without credentials."""
    found: dict[str, str] = {}
    section = ""
    for line in _read(repository.shared / "config").splitlines():
        text = line.strip()
        if text.startswith("["):
            section = text
        elif section.startswith("[remote ") and text.partition("=")[0].strip() == "url":
            found.setdefault(section, text.partition("=")[2].strip().strip('"'))
    if not found:
        return None
    return without_credentials(found.get('[remote "origin"]', next(iter(found.values()))))


def without_credentials(address: str) -> str:
    """Return a remote's address without user, password and query."""
    scheme, separator, rest = address.partition("://")
    if not separator:  # git@host:path and plain folders hold no password
        return address
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    return f"{scheme}://{host}{slash}{path.partition('?')[0]}"


class Changes(NamedTuple):
    """The uncommitted changes of a work tree."""

    diff: bytes
    cut: bool
    """The diff is longer than what is kept."""


def uncommitted(tree: Path) -> Changes | None:
    """Return the uncommitted changes to tracked files; None where git cannot say."""
    import subprocess  # noqa: PLC0415 - dear, and only for the capture thread

    command = ["git", "-c", "core.fsmonitor=false", "diff", "HEAD"]
    command += ["--no-color", "--no-ext-diff", "--no-textconv"]
    calm = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed command
            command,
            cwd=tree,
            env=calm,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None
    return _bounded(process)


def _bounded(process: "subprocess.Popen[bytes]") -> Changes | None:
    """Read a process's output up to the bound, and end the process."""
    import threading  # noqa: PLC0415

    late = threading.Timer(_PATIENCE, process.kill)
    late.daemon = True
    late.start()
    with process:
        if process.stdout is None:
            return None
        data = process.stdout.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            process.kill()
    late.cancel()
    if len(data) > _MOST_BYTES:
        whole = data[:_MOST_BYTES]
        return Changes(whole[: whole.rfind(b"\n") + 1], cut=True)
    return Changes(data, cut=False) if process.returncode == 0 else None
