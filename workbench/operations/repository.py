"""A repository at hand: which commits it holds, files as committed, a commit checked out again.

Read through `operations.git`, which runs nothing of what a repository says. Names that come
from a run's files are checked before git sees them.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from workbench.errors import NotAllowedError
from workbench.operations.git import MOST_BYTES, PATIENCE_S, Output, ask
from workbench.operations.session import Session

_MOST_OF_ALL = 48 << 20
_CHECKOUT_S = 300.0
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
_OBJECT = re.compile(rb"([0-9a-f]{40,64}) (\w+) (\d+)\Z")


class Entry(NamedTuple):
    """A file that two commits have differently; None where one has no such file."""

    old: str | None
    new: str | None
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str


class Listing(NamedTuple):
    """Files that differ, and whether there are more than were read."""

    entries: tuple[Entry, ...]
    cut: bool


class Found(NamedTuple):
    """A repository at hand that holds all that was asked for, or why there is none."""

    repository: "Repository | None"
    said: str = ""


@dataclass(frozen=True)
class Repository:
    """A work tree and its history, read only save for `worktree_add`, `apply` and their end."""

    tree: Path

    def holds(self, commit: str) -> bool:
        """Say whether the commit is here."""
        return is_commit(commit) and self._git("cat-file", "-e", f"{commit}^{{commit}}").code == 0

    def blob(self, commit: str, path: str) -> bytes | None:
        """Return a file as it was committed, without any filter; None if there is none of 1 MB."""
        return self.blobs([(commit, path)])[0]

    def blobs(self, wanted: Sequence[tuple[str, str]]) -> list[bytes | None]:
        """Return several files as they were committed, in the order asked; two processes for all.

        A file that is not there, is longer than 1 MB, or comes after 48 MB of others is None.
        """
        asked = [f"{commit}:{path}" if _may_ask(commit, path) else "" for commit, path in wanted]
        lines = [os.fsencode(one) for one in asked if one]
        answer = self._git("cat-file", "--batch-check", given=_joined(lines), most=_MOST_OF_ALL)
        facts = iter(answer.data.splitlines() if answer.good else ())
        ids = [_id_of(next(facts, b"")) if one else None for one in asked]
        left = _MOST_OF_ALL
        for place, found in enumerate(ids):
            left -= found[1] if found else 0
            if left < 0:
                ids[place] = None
        contents = self._contents([found[0] for found in ids if found])
        return [contents.get(found[0]) if found else None for found in ids]

    def _contents(self, ids: Iterable[bytes]) -> dict[bytes, bytes]:
        unique = list(dict.fromkeys(ids))
        most = 2 * _MOST_OF_ALL
        answer = (
            self._git("cat-file", "--batch", given=_joined(unique), most=most) if unique else None
        )
        return _read_batch(answer.data) if answer and answer.good else {}

    def changed_paths(self, a: str, b: str) -> Listing:
        """Return the files that differ between two commits, renamed ones found.

        Raises:
            ValueError: One of them is no commit's id.
        """
        if not (is_commit(a) and is_commit(b)):
            raise ValueError("a commit is named by its whole id")
        words = ("--raw", "--no-abbrev", "-r", "-z", "-M", "-l400", "--ignore-submodules=none")
        calm = ("--no-ext-diff", "--no-textconv", "--end-of-options")
        answer = self._git("diff-tree", *words, *calm, a, b, "--")
        if answer.code != 0 and not answer.cut:
            return Listing((), cut=True)
        return Listing(_entries(answer.data), answer.cut)

    @cached_property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters its settings know; none of them is ever run from here."""
        answer = self._git("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
        names = os.fsdecode(answer.data).split("\0")
        return tuple(sorted({name[len("filter.") :].rpartition(".")[0] for name in names if name}))

    def filters_at(self, commit: str) -> tuple[str, ...]:
        """Return names of the filters that attributes in a commit ask for, such as ``lfs``.

        No checkout made here runs them: files they would fetch or decrypt stay as committed.
        """
        if not is_commit(commit):
            return ()
        words = (
            "grep",
            "--no-textconv",
            "--no-color",
            "-h",
            "-a",
            "-o",
            "-E",
            "filter=[^[:space:]]+",
        )
        answer = self._git(*words, commit, "--", ":(glob)**/.gitattributes")
        found = os.fsdecode(answer.data).splitlines()
        return tuple(sorted({line.removeprefix("filter=") for line in found}))

    def worktree_add(self, folder: Path, commit: str) -> None:
        """Check a commit out into a new folder; no hook and no filter runs.

        Settings may hold for some folders only, so the filters to switch off are asked of the new
        folder, before it has any file.

        Raises:
            NotAllowedError: Git cannot do it; says why.
        """
        if not is_commit(commit):
            raise NotAllowedError("A commit is named by its whole id.")
        what = f"Commit {commit[:12]} cannot be checked out"
        words = ("worktree", "add", "--quiet", "--no-checkout", "--detach", "--force")
        _require(self._git(*words, str(folder), commit, patience=_CHECKOUT_S), what)
        new = Repository(folder)
        fill = ("reset", "--quiet", "--hard", commit)
        _require(new._git(*fill, calm=new._unfiltered(), patience=_CHECKOUT_S), what)

    def worktree_remove(self, folder: Path) -> None:
        """Forget a folder made by `worktree_add`, with all that is in it."""
        self._git("worktree", "remove", "--force", "--force", str(folder), patience=_CHECKOUT_S)

    def apply(self, folder: Path, patch: Path | bytes) -> None:
        """Put a patch on the files of a folder made by `worktree_add`; nothing outside of it.

        Raises:
            NotAllowedError: It does not fit.
        """
        data = patch if isinstance(patch, bytes) else patch.read_bytes()
        words = ("apply", "--whitespace=nowarn", "-")
        tree = Repository(folder)
        answer = tree._git(*words, given=data, calm=tree._unfiltered())
        _require(answer, "The uncommitted changes do not fit the commit")

    def _unfiltered(self) -> Mapping[str, str]:
        """Return the environment that makes every filter of the settings do nothing."""
        values = {"smudge": "", "clean": "", "process": "", "required": "false"}
        keys = [
            (f"filter.{name}.{key}", value)
            for name in self.filters
            for key, value in values.items()
        ]
        calm = {"GIT_CONFIG_COUNT": str(len(keys))}
        for place, (key, value) in enumerate(keys):
            calm[f"GIT_CONFIG_KEY_{place}"] = key
            calm[f"GIT_CONFIG_VALUE_{place}"] = value
        return calm

    def _git(
        self, *words: str, given: bytes = b"", most: int = MOST_BYTES,
        calm: Mapping[str, str] | None = None, patience: float = PATIENCE_S,
    ) -> Output:  # fmt: skip
        return ask(self.tree, *words, given=given, most=most, calm=calm, patience=patience)


def is_commit(text: str | None) -> bool:
    """Say whether this is the whole id of a commit, as nothing else can be."""
    return bool(text and _COMMIT.match(text))


def find(session: Session, commits: Sequence[str], *, at: Path | None = None) -> Repository | None:
    """Return the repository at hand that holds all the commits; None where there is none."""
    return look(session, commits, at=at).repository


def look(session: Session, commits: Sequence[str], *, at: Path | None = None) -> Found:
    """Return the repository at hand that holds all the commits, or say why there is none.

    Args:
        session: Whose workspace is looked at after the current folder.
        commits: Whole ids.
        at: A folder inside the repository; default the current one, then the workspace.
    """
    said = []
    starts = [at] if at is not None else [_here(), session.root]
    for start in dict.fromkeys(start for start in starts if start is not None):
        found = repository_at(start)
        if found.repository is None:
            said.append(found.said)
            continue
        missing = [one for one in dict.fromkeys(commits) if not found.repository.holds(one)]
        if not missing:
            return found
        lacking = " and ".join(one[:12] or "without an id" for one in missing)
        said.append(f"The repository {found.repository.tree.name} does not hold commit {lacking}.")
    return Found(None, max(dict.fromkeys(said), key=_telling, default=""))


def _telling(sentence: str) -> int:
    """Return how much a reason says: that there is no repository says least."""
    return 0 if sentence.startswith("There is no git repository") else 1


def repository_at(start: Path) -> Found:
    """Return the repository at or above a folder, or say why git has none there."""
    answer = ask(start, "rev-parse", "--show-toplevel")
    if answer.good:
        return Found(Repository(Path(os.fsdecode(answer.data.removesuffix(b"\n").rstrip(b"\r")))))
    if "dubious ownership" in answer.said:
        said = f"Git does not trust the repository at {start}: it belongs to somebody else."
        return Found(None, said)
    if answer.code is None:
        return Found(None, answer.said)
    return Found(None, f"There is no git repository at or above {start}.")


def _here() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us
        return None


def _may_ask(commit: str, path: str) -> bool:
    """Say whether a name out of a run's files can be one of a commit's files."""
    parts = path.split("/")
    strange = "\n" in path or "\0" in path or any(part in ("", ".", "..") for part in parts)
    return is_commit(commit) and not strange


def _joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _id_of(line: bytes) -> tuple[bytes, int] | None:
    found = _OBJECT.match(line)
    if not found or found[2] != b"blob" or int(found[3]) > MOST_BYTES:
        return None
    return found[1], int(found[3])


def _read_batch(data: bytes) -> dict[bytes, bytes]:
    """Return contents by id of what ``cat-file --batch`` printed."""
    contents, at = {}, 0
    while at < len(data):
        end = data.find(b"\n", at)
        found = _OBJECT.match(data[at:end])
        if end < 0 or not found:
            break
        size = int(found[3])
        contents[found[1]] = data[end + 1 : end + 1 + size]
        at = end + size + 2
    return contents


def _entries(data: bytes) -> tuple[Entry, ...]:
    """Return what ``diff-tree --raw -z`` printed; an entry that is cut is left out."""
    fields = data.split(b"\0")[:-1]
    entries, at = [], 0
    while at + 1 < len(fields):
        facts = os.fsdecode(fields[at]).removeprefix(":").split(" ")
        letter = facts[-1][:1]
        takes = 2 if letter in ("R", "C") else 1
        names = [os.fsdecode(name) for name in fields[at + 1 : at + 1 + takes]]
        if len(facts) != 5 or len(names) < takes:  # noqa: PLR2004 - two modes, two ids, a letter
            break
        old, new = names[0], names[-1]
        old_mode, new_mode, old_id, new_id = facts[:4]
        entries.append(
            Entry(None if letter in "AC" else old, None if letter == "D" else new,
                  old_mode, new_mode, old_id, new_id)
        )  # fmt: skip
        at += 1 + takes
    return tuple(entries)


def _require(answer: Output, what: str) -> None:
    if answer.code != 0:
        why = answer.said.strip().removeprefix("fatal: ").removeprefix("error: ")
        raise NotAllowedError(f"{what}: {why or 'git took too long'}.".replace("..", "."))
