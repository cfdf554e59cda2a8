"""Which of two copies of one run has the longer history: that one stays.

A tool's store is moved, backed up and migrated, and each place keeps the run as it was then.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Points, RunCard
from workbench.formats.detect import reader_named
from workbench.formats.native.records import Final
from workbench.formats.native.writer import look_at_end
from workbench.operations.importing import origin
from workbench.operations.importing.values import GROWN, OLDER, SAME, Origin, Waiting
from workbench.runfolder import WRITERS


class History(NamedTuple):
    """How far a run got; the greater one is the longer one."""

    points: int
    ended: float
    """0 while it goes on, or where nobody knows."""


def of_card(card: RunCard) -> History:
    """Return how far a run got at the source."""
    return History(sum(one.count for one in card.metrics.values()), card.ended or 0.0)


def state_of_known(before: Origin, copy: Path, card: RunCard, one: Waiting) -> str:
    """Return what a run, known by its own id and not as it was copied, is to its copy.

    Of two places that both have it, only a longer history replaces the copy; else each import of
    one would undo that of the other.
    """
    final = _end_of(copy)
    points = sum(count for count, _ in before.marks.values())
    was = History(points, (final.ended if final else None) or 0.0)
    now = of_card(card)
    if now.points < was.points:
        return OLDER
    if before.path == one.place or not Path(before.path.partition("#")[0]).exists():
        return GROWN
    if now == was:
        return SAME
    return GROWN if now > was else OLDER


def is_part(before: Origin, copy: Path, card: RunCard, one: Waiting) -> bool:
    """Say whether a run is its copy cut short: the same params, and no point that is not there.

    The start does not count: many tools write none down, and files that are written anew are young.

    Args:
        before: Of the copy.
        copy: The copy's folder.
        card: The run as it is now.
        one: Where it is.
    """
    final = _end_of(copy)
    if not card.metrics or final is None or dict(card.params) != (final.params or {}):
        return False
    marks = origin.marks_of(card)
    if any(n not in before.marks or count > before.marks[n][0] for n, (count, _) in marks.items()):
        return False
    root = copy.parent.parent.parent
    native = reader_named("native")
    try:
        now = one.reader.points(one.root, one.ref.key, None, None).points
        was = native.points(root, copy.relative_to(root).as_posix(), None, None).points
    except (FormatError, NotFoundError, OSError):
        return False
    return _begins_with(was, now)


def _begins_with(long: Mapping[str, Points], short: Mapping[str, Points]) -> bool:
    return all(
        name in long and repr(long[name].values[: len(points.values)]) == repr(points.values)
        for name, points in short.items()
    )


def _end_of(copy: Path) -> Final | None:
    return look_at_end(os.fspath(copy / WRITERS / "0"), "").final
