"""Patches as git writes them: read, put on a source, taken back. Pure, in bytes.

A captured patch is a file somebody else may have written: nothing here touches a disk,
a position is never guessed, and a patch that does not fit is an error, not a near miss.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abtnvfr"\\])')
_ESCAPED = {
    b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r",
    b'"': b'"', b"\\": b"\\",
}  # fmt: skip
_PREFIXED = re.compile(r"[a-z]/")
_LONGEST_NUMBER = 9
_MOST_LINES = 200_000
"""Of a file only patches show; a position is a number anybody can write."""
SUBMODULE = "160000"


class PatchError(ValueError):
    """A patch does not fit what it is put on."""


class Unseen(NamedTuple):
    """Stands for a line no patch shows; equal only to the line at the same place."""

    at: int


class Kind(Enum):
    """What became of a file."""

    CHANGED, NEW, DELETED, RENAMED, COPIED = "changed", "new", "deleted", "renamed", "copied"


Line = bytes | Unseen


class Hunk(NamedTuple):
    """Lines that follow each other; each begins with a space, a minus or a plus."""

    start: int
    """0-based line of the old file."""
    lines: tuple[bytes, ...]

    @property
    def old(self) -> tuple[bytes, ...]:
        """What stood there."""
        return tuple(line[1:] for line in self.lines if line[:1] != b"+")

    @property
    def new(self) -> tuple[bytes, ...]:
        """What stands there now."""
        return tuple(line[1:] for line in self.lines if line[:1] != b"-")


class FilePatch(NamedTuple):
    """What a patch says of one file; ``old`` is None for a new file, ``new`` for a deleted one."""

    old: str | None
    new: str | None
    kind: Kind
    hunks: tuple[Hunk, ...] = ()
    binary: bool = False
    """It says that bytes differ, not which."""
    old_mode: str = ""
    new_mode: str = ""
    whole: bool = True
    """False where the text ends in the middle of a hunk."""

    @property
    def path(self) -> str:
        """The file's name now, or its last one."""
        return self.new if self.new is not None else self.old or ""

    @property
    def added(self) -> int:
        """How many lines came."""
        return sum(line[:1] == b"+" for hunk in self.hunks for line in hunk.lines)

    @property
    def removed(self) -> int:
        """How many lines went."""
        return sum(line[:1] == b"-" for hunk in self.hunks for line in hunk.lines)


def files(patch: bytes) -> tuple[FilePatch, ...]:
    """Return what a patch says, file by file; what is no part of a file's patch is passed over."""
    return tuple(_file(section) for section in _sections(lines_of(patch)))


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines with their ends; a carriage return ends no line, as in git."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def apply(before: bytes, patch: FilePatch) -> bytes:
    """Return the file as it is after the patch.

    Raises:
        PatchError: The patch was made on another text, or does not hold the bytes.
    """
    if patch.binary:
        raise PatchError("the patch does not hold the bytes of a binary file")
    if not patch.whole:
        raise PatchError("the patch is cut")
    return b"".join(after(lines_of(before), patch.hunks))


def after(before: Sequence[Line], hunks: Iterable[Hunk]) -> Iterator[bytes]:
    """Yield the lines of a file after the hunks; a line no patch shows is handed through.

    Raises:
        PatchError: A hunk shows other lines than there are.
    """
    at = 0
    for hunk in hunks:
        old = hunk.old
        if hunk.start < at or tuple(before[hunk.start : hunk.start + len(old)]) != old:
            raise PatchError(f"line {hunk.start + 1} is not what the patch was made on")
        yield from before[at : hunk.start]  # type: ignore[misc]  # Unseen only if handed in
        yield from hunk.new
        at = hunk.start + len(old)
    yield from before[at:]  # type: ignore[misc]


def seen(patches: Iterable[FilePatch]) -> list[Line]:
    """Return as much of a file as several patches of it show, to the last line any shows.

    Raises:
        PatchError: Two of them show different lines at one place: not the same file.
    """
    patches = tuple(patches)
    reach = [hunk.start + len(hunk.old) for patch in patches for hunk in patch.hunks]
    if max(reach, default=0) > _MOST_LINES:
        raise PatchError(f"the patches speak of more than {_MOST_LINES:,} lines")
    known: dict[int, bytes] = {}
    for patch in patches:
        for hunk in patch.hunks:
            for at, line in enumerate(hunk.old, hunk.start):
                if known.setdefault(at, line) != line:
                    raise PatchError(f"the patches show different lines at {at + 1}")
    return [known.get(at, Unseen(at)) for at in range(max(reach, default=0))]


def _sections(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines of each file; a line of a hunk may look like the head of the next file."""
    section: list[bytes] = []
    left = [0, 0]
    for line in lines:
        if not any(left) and line.startswith(b"diff --git "):
            if section:
                yield section
            section = []
        elif not section:
            continue
        section.append(line)
        left = _left(line, left)
    if section:
        yield section


def _left(line: bytes, left: list[int]) -> list[int]:
    """Return how many old and new lines of a hunk are still to come after this line."""
    old, new = left
    if not (old or new):
        counts = _counts(line)
        return [counts[1], counts[3]] if counts else [0, 0]
    sign = line[:1]
    if sign == b"\\":
        return left
    return [max(0, old - (sign != b"+")), max(0, new - (sign != b"-"))]


def _counts(line: bytes) -> tuple[int, int, int, int] | None:
    found = _HUNK.match(line)
    if not found or any(len(part or b"") > _LONGEST_NUMBER for part in found.groups()):
        return None
    start, count, new_start, new_count = (
        1 if part is None else int(part) for part in found.groups()
    )
    return start, count, new_start, new_count


def _file(section: Sequence[bytes]) -> FilePatch:
    head, body = _parted(section)
    facts = {name: rest for name, rest in map(_fact, head) if name}
    old, new = _names(head[0], facts)
    hunks, whole = _hunks(body)
    kind = _kind(facts)
    old_mode, new_mode = _modes(facts)
    return FilePatch(
        None if kind is Kind.NEW else old,
        None if kind is Kind.DELETED else new,
        kind,
        hunks,
        "Binary files" in facts or "GIT binary patch" in facts,
        old_mode,
        new_mode,
        whole,
    )


def _parted(section: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[bytes]]:
    for at, line in enumerate(section):
        if line.startswith(b"@@ "):
            return section[:at], section[at:]
    return section, ()


_FACTS = (
    "old mode", "new mode", "new file mode", "deleted file mode", "copy from", "copy to",
    "rename from", "rename to", "index", "---", "+++", "Binary files", "GIT binary patch",
)  # fmt: skip


def _fact(line: bytes) -> tuple[str, bytes]:
    for name in _FACTS:
        if line.startswith(name.encode()):
            return name, line[len(name) :].strip(b"\r\n").removeprefix(b" ")
    return "", b""


def _kind(facts: dict[str, bytes]) -> Kind:
    for name, kind in (
        ("new file mode", Kind.NEW),
        ("deleted file mode", Kind.DELETED),
        ("rename from", Kind.RENAMED),
        ("copy from", Kind.COPIED),
    ):
        if name in facts:
            return kind
    return Kind.CHANGED


def _modes(facts: dict[str, bytes]) -> tuple[str, str]:
    _, _, same = facts.get("index", b"").partition(b" ")
    old = facts.get("old mode") or facts.get("deleted file mode") or same
    new = facts.get("new mode") or facts.get("new file mode") or same
    return old.decode("ascii", "replace"), new.decode("ascii", "replace")


def _names(head: bytes, facts: dict[str, bytes]) -> tuple[str, str]:
    """Return both names, without the ``a/`` and ``b/`` git puts before them unless told not to."""
    for verb in ("rename", "copy"):
        if f"{verb} from" in facts and f"{verb} to" in facts:
            return _text(facts[f"{verb} from"]), _text(facts[f"{verb} to"])
    old, new = _pair(head[len(b"diff --git ") :].rstrip(b"\r\n"))
    if old != new and old[1:] == new[1:] and _PREFIXED.match(old) and _PREFIXED.match(new):
        return old[2:], new[2:]
    return old, new


def _pair(text: bytes) -> tuple[str, str]:
    """Return the two names of a head; without a rename they are of one length."""
    if text.startswith(b'"'):
        end = re.match(rb'"(?:[^"\\]|\\.)*"', text)
        if end:
            return _text(end[0]), _text(text[end.end() + 1 :])
    if text.endswith(b'"') and b' "' in text:
        first, _, second = text.partition(b' "')
        return _text(first), _text(b'"' + second)
    half = len(text) // 2
    return _text(text[:half]), _text(text[half + 1 :])


def _text(name: bytes) -> str:
    if name.startswith(b'"') and name.endswith(b'"') and len(name) > 1:
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name.decode("utf-8", "surrogateescape")


def _unescaped(found: "re.Match[bytes]") -> bytes:
    code = found[1]
    return _ESCAPED[code] if code in _ESCAPED else bytes([int(code, 8) & 0xFF])


def _hunks(body: Sequence[bytes]) -> tuple[tuple[Hunk, ...], bool]:
    """Return the hunks, and whether the last one is all there."""
    hunks: list[Hunk] = []
    lines: list[bytes] = []
    start, left = 0, [0, 0]
    for line in body:
        if any(left):
            _take(lines, line)
            left = _left(line, left)
        elif line.startswith(b"\\") and lines:
            _take(lines, line)
        elif counts := _counts(line):
            if lines:
                hunks.append(Hunk(start, tuple(lines)))
            # A hunk without old lines names the line before it, any other its first.
            start = counts[0] if counts[1] == 0 else counts[0] - 1
            lines, left = [], [counts[1], counts[3]]
    if lines:
        hunks.append(Hunk(start, tuple(lines)))
    return tuple(hunks), not any(left)


def _take(lines: list[bytes], line: bytes) -> None:
    if line.startswith(b"\\"):  # the line before ends without a newline
        if lines:
            lines[-1] = lines[-1].removesuffix(b"\n")
    else:  # some settings leave out the space before an empty line
        lines.append(b" \n" if line == b"\n" else line)
