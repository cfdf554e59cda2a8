"""The sources of two runs built again in memory, each from its commit and its changes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.operations.repository import Entry, Repository
from workbench.runs.patch import SUBMODULE, FilePatch, Kind, PatchError, apply
from workbench.runs.patched import Compared
from workbench.runs.unified import FileDifference, difference, side
from workbench.words import count

_MOST_FILES = 2_000
"""Files compared line by line; two commits years apart differ in more than anybody reads."""


class _Unread(NamedTuple):
    """Stands for a file that is there but cannot be had, and why."""

    why: str


_State = bytes | None | _Unread


class _Run(NamedTuple):
    """One side: its commit, its changes by the name they made, and what git has of it."""

    letter: str
    commit: str
    made: Mapping[str, FilePatch]
    gone: frozenset[str]
    committed: Mapping[str, bytes | None]
    listed: Mapping[str, tuple[str, str]]
    """Mode and id of files the two commits have differently."""
    expected: frozenset[str]

    def base(self, path: str) -> _State:
        """Return a file as it was committed."""
        mode, object_id = self.listed.get(path, ("", ""))
        if mode == SUBMODULE:
            return f"Subproject commit {object_id}\n".encode()
        data = self.committed.get(path)
        if data is None and path in self.expected:
            return _Unread("is longer than 1 MB, or git does not have it here")
        return data

    def state(self, path: str) -> _State:
        """Return a file as it ran; None where there was none."""
        patch = self.made.get(path)
        if patch is None:
            return None if path in self.gone else self.base(path)
        before = b"" if patch.old is None else self.base(patch.old)
        if patch.old_mode == SUBMODULE and not isinstance(before, bytes):
            before = b"".join(line for hunk in patch.hunks for line in hunk.old)
        if not isinstance(before, bytes):
            return before or _Unread(f"was changed by {self.letter}, but is not in its commit")
        try:
            return apply(before, patch)
        except PatchError as error:
            return _Unread(f"cannot be built again as {self.letter} had it: {error}")

    def mode(self, path: str, other: "_Run") -> str:
        """Return a file's mode as far as somebody says it."""
        if path in self.made:
            return self.made[path].new_mode
        if path in self.listed:
            return self.listed[path][0]
        return other.made[path].old_mode if path in other.made else ""


def compare(
    repository: Repository,
    commits: tuple[str, str],
    a: Sequence[FilePatch],
    b: Sequence[FilePatch],
    most: int,
) -> Compared:
    """Return how the source of B differs from that of A, exactly, file by file.

    Args:
        repository: One that holds both commits.
        commits: A's and B's.
        a: The uncommitted changes of A.
        b: Those of B.
        most: Bytes of patches after which files are only told to differ: lines take long.
    """
    entries: tuple[Entry, ...] = ()
    missing: list[str] = []
    if commits[0] != commits[1]:
        listing = repository.changed_paths(*commits)
        entries = listing.entries[:_MOST_FILES]
        if listing.cut or len(listing.entries) > _MOST_FILES:
            missing.append(f"More than {count(len(entries))} files differ; the rest is not read.")
    paths = sorted(_touched(entries, a, b))
    first, second = _runs(repository, commits, (a, b), entries, paths)
    found: list[FileDifference] = []
    uncounted = 0
    for pair in _pairs(first, second, paths, _renames(entries, a, b)):
        one = _counted(pair, missing) if most >= 0 else _told(pair)
        if one is not None:
            uncounted += most < 0
            most -= len(one.patch)
            found.append(one)
    return Compared(tuple(found), tuple(missing), uncounted=uncounted)


def _touched(entries: Sequence[Entry], *patches: Sequence[FilePatch]) -> set[str]:
    names = {name for one in entries for name in (one.old, one.new)}
    names |= {name for each in patches for one in each for name in (one.old, one.new)}
    return {name for name in names if name is not None}


def _runs(
    repository: Repository,
    commits: tuple[str, str],
    patches: tuple[Sequence[FilePatch], Sequence[FilePatch]],
    entries: Sequence[Entry],
    paths: Sequence[str],
) -> tuple[_Run, _Run]:
    """Return both sides, read in one go."""
    blobs = repository.blobs([(commit, path) for commit in commits for path in paths])
    ids = (
        {one.old: (one.old_mode, one.old_id) for one in entries if one.old is not None},
        {one.new: (one.new_mode, one.new_id) for one in entries if one.new is not None},
    )
    unlisted = {one.old for each in patches for one in each if one.old is not None}
    unlisted -= {name for one in entries for name in (one.old, one.new)}
    made = [
        _Run(
            letter, commits[k],
            {one.new: one for one in patches[k] if one.new is not None},
            frozenset(one.old for one in patches[k]
                      if one.old is not None and one.kind in (Kind.DELETED, Kind.RENAMED)),
            dict(zip(paths, blobs[k * len(paths) :], strict=False)),
            ids[k], frozenset(ids[k]) | frozenset(unlisted),
        )
        for k, letter in enumerate("AB")
    ]  # fmt: skip
    return made[0], made[1]


def _renames(
    entries: Sequence[Entry], a: Sequence[FilePatch], b: Sequence[FilePatch]
) -> list[tuple[str, str]]:
    """Return names that may be one file's: A's and B's."""
    pairs = [(one.old, one.new) for one in entries if one.old != one.new]
    pairs += [(one.old, one.new) for one in b if one.kind is Kind.RENAMED]
    pairs += [(one.new, one.old) for one in a if one.kind is Kind.RENAMED]
    return [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]


class _Pair(NamedTuple):
    """A file as A and as B had it, under the names they had it."""

    path: str
    other: str
    old: _State
    new: _State
    old_mode: str
    new_mode: str
    listed: bool
    """Whether the commits have it differently."""


def _pairs(
    a: _Run, b: _Run, paths: Sequence[str], renames: Sequence[tuple[str, str]]
) -> Iterator[_Pair]:
    """Yield every file once, one that was renamed under its old name."""
    mine = {path: a.state(path) for path in paths}
    theirs = {path: b.state(path) for path in paths}
    moved = _moved(mine, theirs, renames)
    came = frozenset(moved.values())
    for path in paths:
        if path in came:
            continue  # told with the name it came from
        other = moved.get(path, path)
        modes = a.mode(path, b), b.mode(other, a)
        yield _Pair(
            path, other, mine[path], theirs[other], *modes, path in a.listed or path in b.listed
        )


def _counted(pair: _Pair, missing: list[str]) -> FileDifference | None:
    """Return the lines in which a file differs; say of one that cannot be read why."""
    for state in (pair.old, pair.new):
        if isinstance(state, _Unread):
            missing.append(f"{pair.path} {state.why}.")
            return FileDifference(pair.path, b"", 0, 0) if pair.listed else None
    return difference(
        side(pair.path, _bytes(pair.old), pair.old_mode),
        side(pair.other, _bytes(pair.new), pair.new_mode),
    )


def _told(pair: _Pair) -> FileDifference | None:
    """Return only that a file differs, or may."""
    moded = bool(pair.old_mode and pair.new_mode and pair.old_mode != pair.new_mode)
    if pair.old == pair.new and pair.path == pair.other and not moded:
        return None
    return FileDifference(pair.path, b"", 0, 0)


def _bytes(state: _State) -> bytes | None:
    return state if isinstance(state, bytes) else None


def _moved(
    mine: Mapping[str, _State], theirs: Mapping[str, _State], renames: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Return new names by old ones, of files that left one name and appeared under another."""
    left = {path for path, state in mine.items() if state is not None and theirs[path] is None}
    came = {path for path, state in theirs.items() if state is not None and mine[path] is None}
    by_content = {mine[path]: path for path in sorted(left) if isinstance(mine[path], bytes)}
    alike = [(by_content[theirs[path]], path) for path in sorted(came)
             if theirs[path] and theirs[path] in by_content]  # fmt: skip
    moved: dict[str, str] = {}
    for old, new in (*renames, *alike):
        if old in left and new in came:
            moved[old] = new
            left.discard(old)
            came.discard(new)
    return moved
