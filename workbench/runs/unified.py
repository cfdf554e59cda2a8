"""Two states of a file as a unified diff that git, patch and people can read.

Exact where the lines are unlike enough to be told apart in bounded time; beyond that
one block is replaced by the other, which is as true and less pretty.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from workbench.runs.patch import Line, Unseen, lines_of

_CONTEXT = 3
_MOST_PAIRS = 6_000_000
"""Pairs of equal lines looked at between two texts, a second or two; a line is looked at again for
each block found around it, so that texts whose lines were shuffled would take hours."""
_SNIFFED = 8000
"""Bytes git looks at to tell a binary file."""


class Side(NamedTuple):
    """A file in one of two states; ``lines`` is None where there is no such file."""

    path: str
    lines: Sequence[Line] | None
    mode: str = ""

    @property
    def binary(self) -> bool:
        """Whether it holds what no text does."""
        return is_binary(b"".join(line for line in self.lines or () if isinstance(line, bytes)))


class FileDifference(NamedTuple):
    """The patch that turns one state into the other, and its size in lines."""

    path: str
    patch: bytes
    added: int
    removed: int


def side(path: str, data: bytes | None, mode: str = "") -> Side:
    """Return the state of a file from its bytes, or of no file."""
    return Side(path, None if data is None else lines_of(data), mode)


def is_binary(data: bytes) -> bool:
    """Say whether these are not the bytes of a text."""
    return b"\0" in data[:_SNIFFED]


def difference(a: Side, b: Side) -> FileDifference | None:
    """Return how ``b`` came from ``a``; None where they are alike in name, mode and lines."""
    old, new = list(a.lines or ()), list(b.lines or ())
    moded = bool(a.mode and b.mode and a.mode != b.mode)
    if (a.lines is None) == (b.lines is None) and old == new and a.path == b.path and not moded:
        return None
    path = (a if b.lines is None else b).path
    head = _head(a, b, moded=moded)
    if old == new:
        return FileDifference(path, head, 0, 0)
    if a.binary or b.binary:
        names = _named(a, "a"), _named(b, "b")
        return FileDifference(path, head + b"Binary files %s and %s differ\n" % names, 0, 0)
    body = list(hunks(old, new))
    added = sum(line[:1] == b"+" for lines in body for line in lines)
    removed = sum(line[:1] == b"-" for lines in body for line in lines)
    marks = b"--- %s\n+++ %s\n" % (_tabbed(_named(a, "a")), _tabbed(_named(b, "b")))
    return FileDifference(path, head + marks + b"".join(map(b"".join, body)), added, removed)


def _head(a: Side, b: Side, *, moded: bool) -> bytes:
    old, new = (b.path, b.path) if a.lines is None else (a.path, b.path)
    if b.lines is None:
        new = old
    head = b"diff --git %s %s\n" % (_quoted(f"a/{old}"), _quoted(f"b/{new}"))
    if a.lines is None:
        head += b"new file mode %s\n" % (b.mode or "100644").encode()
    elif b.lines is None:
        head += b"deleted file mode %s\n" % (a.mode or "100644").encode()
    elif moded:
        head += b"old mode %s\nnew mode %s\n" % (a.mode.encode(), b.mode.encode())
    if old != new:
        head += b"rename from %s\nrename to %s\n" % (_quoted(old), _quoted(new))
    return head


def _named(state: Side, letter: str) -> bytes:
    return b"/dev/null" if state.lines is None else _quoted(f"{letter}/{state.path}")


def _tabbed(name: bytes) -> bytes:
    """Return a name with the tab that tells where it ends if it holds a space."""
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _quoted(path: str) -> bytes:
    """Return a name as git writes it: in quotes with escapes where it has to be."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in raw):  # noqa: PLR2004 - printable
        return raw
    named = {0x22: b'\\"', 0x5C: b"\\\\", 0x09: b"\\t", 0x0A: b"\\n"}
    return b'"' + b"".join(_byte(byte, named) for byte in raw) + b'"'


def _byte(byte: int, named: dict[int, bytes]) -> bytes:
    if byte in named:
        return named[byte]
    return bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte  # noqa: PLR2004


def hunks(old: Sequence[Line], new: Sequence[Line]) -> Iterator[list[bytes]]:
    """Yield the hunks of a unified diff as lines, the head of each first.

    Lines no patch shows stand in both at their places: what lies between them is matched by itself.
    """
    for (a0, a), (b0, b) in zip(_shown(old), _shown(new), strict=True):
        if a == b:
            continue
        cut, short_a, short_b = _different(a, b)
        for group in _matched(short_a, short_b):
            yield _hunk(group, (a0 + cut, b0 + cut), short_a, short_b)


def _shown(lines: Sequence[Line]) -> list[tuple[int, list[bytes]]]:
    """Return the parts between lines no patch shows, and where each begins."""
    parts: list[tuple[int, list[bytes]]] = [(0, [])]
    for at, line in enumerate(lines):
        if isinstance(line, Unseen):
            parts.append((at + 1, []))
        else:
            parts[-1][1].append(line)
    return parts


def _different(old: list[bytes], new: list[bytes]) -> tuple[int, list[bytes], list[bytes]]:
    """Return where both differ, and both without what begins and ends alike save for context."""
    start, end = _alike(old, new)
    begin, keep = max(0, start - _CONTEXT), max(0, end - _CONTEXT)
    return begin, old[begin : len(old) - keep], new[begin : len(new) - keep]


def _alike(old: list[bytes], new: list[bytes]) -> tuple[int, int]:
    """Return how many lines are alike at the beginning, and of the rest at the end."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    left = range(most - start)
    return start, next((at for at in left if old[-1 - at] != new[-1 - at]), len(left))


Opcode = tuple[str, int, int, int, int]


class _Matcher(SequenceMatcher[bytes]):
    """Matches the longest blocks first, and leaves the rest as replaced when that is too much."""

    def __init__(self, old: list[bytes], new: list[bytes]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self._texts = old, new

    def get_matching_blocks(self) -> list[Match]:
        """Return the blocks both texts have, in order, and the empty one at their end."""
        a, b = self._texts
        counts = Counter(b)
        costs = [0, *accumulate(counts[line] + 1 for line in a)]
        found = [Match(len(a), len(b), 0)]
        start, end = _alike(a, b)
        found += [Match(0, 0, start), Match(len(a) - end, len(b) - end, end)]
        queue = deque([(start, len(a) - end, start, len(b) - end)])
        left = _MOST_PAIRS
        while queue:
            a0, a1, b0, b1 = queue.popleft()
            left -= costs[a1] - costs[a0]
            if left < 0:
                break
            at = self.find_longest_match(a0, a1, b0, b1)
            if at.size:
                found.append(at)
                queue.append((a0, at.a, b0, at.b))
                queue.append((at.a + at.size, a1, at.b + at.size, b1))
        return sorted(found)


def _matched(a: list[bytes], b: list[bytes]) -> Iterator[list[Opcode]]:
    """Yield groups of changes with their context."""
    yield from _Matcher(a, b).get_grouped_opcodes(_CONTEXT)


def _hunk(
    group: Sequence[Opcode], begin: tuple[int, int], a: list[bytes], b: list[bytes]
) -> list[bytes]:
    lines: list[bytes] = []
    for what, a0, a1, b0, b1 in group:
        if what == "equal":
            lines += [_line(b" ", line) for line in a[a0:a1]]
        else:
            lines += [_line(b"-", line) for line in a[a0:a1]]
            lines += [_line(b"+", line) for line in b[b0:b1]]
    (_, a0, _, b0, _), (_, _, a1, _, b1) = group[0], group[-1]
    spans = _range(begin[0] + a0, a1 - a0), _range(begin[1] + b0, b1 - b0)
    return [b"@@ -%s +%s @@\n" % spans, *lines]


def _range(start: int, count: int) -> bytes:
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (count > 0), count)


def _line(sign: bytes, line: bytes) -> bytes:
    return sign + (line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n")
