"""Two sets of uncommitted changes compared without the source they were made on.

Made on one commit they say all there is to say: a line neither shows is the same in both.
Made on different commits they can only be laid side by side.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from workbench.runs.patch import FilePatch, Kind, Line, PatchError, after, seen
from workbench.runs.unified import FileDifference, Side, difference


class Compared(NamedTuple):
    """Files that differ, what could not be compared, and whether the whole is a real patch."""

    files: tuple[FileDifference, ...]
    missing: tuple[str, ...] = ()
    fits: bool = True
    uncounted: int = 0
    """Files at the end that differ, but were not compared line by line: the rest was enough."""


def of_one_commit(a: Sequence[FilePatch], b: Sequence[FilePatch]) -> Compared:
    """Return how B's source differs from A's, both changed from the same commit."""
    pairs = _paired(a, b)
    found: list[FileDifference] = []
    missing: list[str] = []
    fits = True
    for path, mine, theirs in pairs:
        if mine == theirs:
            if mine and mine.binary:
                missing.append(f"{path} is binary; its bytes were not kept.")
            continue
        try:
            one = _exact(mine, theirs)
        except ValueError:  # cut, or a copy of what is not shown
            one, fits = _labelled(path, mine, theirs), False
        if one is not None:
            found.append(one)
    return Compared(tuple(found), tuple(missing), fits)


def labelled(a: Sequence[FilePatch], b: Sequence[FilePatch]) -> Compared:
    """Return the changed lines only one of two runs had, file by file, under labels."""
    found = [_labelled(path, mine, theirs) for path, mine, theirs in _paired(a, b)]
    return Compared(tuple(one for one in found if one is not None), (), fits=False)


def _paired(
    a: Iterable[FilePatch], b: Iterable[FilePatch]
) -> Iterator[tuple[str, FilePatch | None, FilePatch | None]]:
    """Yield what both say of each file, by its name in the commit, or its own if it is new."""
    mine, theirs = ({_before(one): one for one in patches} for patches in (a, b))
    for path in sorted(mine.keys() | theirs.keys()):
        yield path, mine.get(path), theirs.get(path)


def _before(one: FilePatch) -> str:
    return one.path if one.old is None or one.kind is Kind.COPIED else one.old


def _exact(mine: FilePatch | None, theirs: FilePatch | None) -> FileDifference | None:
    there = [one for one in (mine, theirs) if one is not None]
    if any(one.kind is Kind.COPIED or one.binary or not one.whole for one in there):
        raise PatchError("the bytes are not known")
    base = seen(there)
    return difference(_state(mine, theirs, base), _state(theirs, mine, base))


def _state(one: FilePatch | None, other: FilePatch | None, base: Sequence[Line]) -> Side:
    """Return a file as one run had it; without a change of its own, as the other found it."""
    if one is not None:
        path = one.path
        lines = None if one.new is None else list(after(base, one.hunks))
        return Side(path, lines, one.new_mode)
    if other is None or other.old is None:
        return Side(other.path if other else "", None)
    return Side(other.old, base, other.old_mode)


def _labelled(path: str, mine: FilePatch | None, theirs: FilePatch | None) -> FileDifference | None:
    """Return the changed lines that only one of two patches of a file has."""
    ours, others = _signed(mine), _signed(theirs)
    binary = any(one and one.binary for one in (mine, theirs))
    if ours == others and _what(mine) == _what(theirs) and not binary:
        return None
    parts = []
    shown: list[bytes] = []
    for letter, one, lines, rest in (("A", mine, ours, others), ("B", theirs, others, ours)):
        only = list(_without(lines, rest))
        shown += only
        if one is None or not (only or one.binary or _what(mine) != _what(theirs)):
            continue
        said = f"# only in the changes of {letter}: {path} ({_what(one)})\n"
        parts.append(said.encode("utf-8", "surrogateescape"))
        parts += [line if line.endswith(b"\n") else line + b"\n" for line in only]
    added = sum(line[:1] == b"+" for line in shown)
    return FileDifference(path, b"".join(parts), added, len(shown) - added)


def _what(one: FilePatch | None) -> str:
    if one is None:
        return ""
    moved = f" to {one.new}" if one.kind in (Kind.RENAMED, Kind.COPIED) else ""
    return f"{one.kind.value}{moved}{', binary' if one.binary else ''}"


def _signed(one: FilePatch | None) -> list[bytes]:
    hunks = () if one is None else one.hunks
    return [line for hunk in hunks for line in hunk.lines if line[:1] != b" "]


def _without(lines: Iterable[bytes], others: Iterable[bytes]) -> Iterator[bytes]:
    left = Counter(others)
    for line in lines:
        if left[line]:
            left[line] -= 1
        else:
            yield line
