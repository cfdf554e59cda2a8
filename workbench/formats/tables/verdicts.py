"""Which files of a folder are tables of metrics, by how they begin and by what people said.

A file is opened once for all that is to be known of it, and again only when it moved.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from workbench.formats import plain_config, signs
from workbench.formats.contract import Folder
from workbench.formats.tables.answers import Answer, objection
from workbench.formats.tables.beginnings import Beginning, beginning, is_table
from workbench.formats.tables.pieces import may_be_table
from workbench.formats.tables.shapes import Guess, guess_of

MOST_TABLES = 16
"""Tables opened in one folder; more are data."""

Owns = Callable[[Folder, str, bytes], bool]
"""Says of a folder's file, by how it begins, whether some tool's reader reads it."""


class Judged(NamedTuple):
    """What a file is."""

    table: bool
    shape: str = ""
    """The id of its shape, where somebody may have said something of it."""
    answer: Answer | None = None
    objection: str = ""
    """Why what somebody said of it cannot be, and does not count."""

    @property
    def asks(self) -> bool:
        """Say whether a person must say what it is."""
        return bool(self.shape) and not self.table and self.answer is None


class Verdict(NamedTuple):
    """What a file is, and which file that was said of."""

    inode: int
    size: int
    changed: int
    judged: Judged

    def stale(self, facts: tuple[int, int, int]) -> bool:
        """Say whether it must be looked at again; a table stays one while it grows."""
        inode, size, changed = facts
        if self.judged.table and size >= self.size:
            return inode != self.inode
        return (self.inode, self.size, self.changed) != (inode, size, changed)


def verdicts(
    folder: Folder, before: Mapping[str, Verdict], answers: Mapping[str, Answer], owns: Owns
) -> dict[str, Verdict]:
    """Return what the files of a folder are, opening only those that are not known."""
    after: dict[str, Verdict] = {}
    for name in candidates(folder.files):
        facts = signs.facts_of(f"{folder.path}/{name}")
        if facts is None:
            continue
        known = before.get(name)
        if known is None or known.stale(facts):
            judged = judge(folder, beginning(folder.path, name), answers, owns)
        else:
            judged = known.judged
        after[name] = Verdict(*facts, judged)
    return after


def judge(folder: Folder, begin: Beginning, answers: Mapping[str, Answer], owns: Owns) -> Judged:
    """Return what a file is that begins so."""
    if owns(folder, begin.name, begin.data):
        return Judged(table=False)
    table = is_table(begin)
    guess = None if table and not answers else guess_of(begin)
    if guess is None:
        return Judged(table)
    answer = answers.get(guess.shape.id)
    wrong = objection(guess, answer) if answer else ""
    if answer is None or wrong:
        return Judged(table, guess.shape.id, objection=wrong)
    return Judged(not answer.no, guess.shape.id, answer)


def guesses(folder: Folder, owns: Owns) -> list[tuple[str, Guess]]:
    """Return the tables of numbers in a folder that no tool's reader reads, and what they seem."""
    found = []
    for name in candidates(folder.files):
        begin = beginning(folder.path, name)
        guess = None if owns(folder, name, begin.data) else guess_of(begin)
        if guess is not None:
            found.append((name, guess))
    return found


def candidates(files: frozenset[str]) -> Sequence[str]:
    """Return the files called like a table that are worth opening."""
    return _called_like_tables(files)[:MOST_TABLES]


def left_out(files: frozenset[str]) -> int:
    """Return how many files called like a table are not opened, because others come first."""
    return max(0, len(_called_like_tables(files)) - MOST_TABLES)


def _called_like_tables(files: frozenset[str]) -> list[str]:
    return sorted(n for n in files if may_be_table(n) and n not in plain_config.NAMES)
