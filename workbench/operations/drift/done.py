"""What a monitor has checked already, told by its reports in the folder."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from workbench.catalogue import drift_lines
from workbench.datasets.drift import storing
from workbench.datasets.drift.plausible import is_to_come
from workbench.datasets.drift.report import DriftReport, Side
from workbench.errors import FormatError, NotFoundError
from workbench.operations.drift.references import RELATIVE, Held
from workbench.operations.session import Session

_REMEMBERED: Final = 100_000


class _Head(NamedTuple):
    """What is remembered of a report."""

    time: float
    dataset: str
    version: int | None
    parts: tuple[str, ...]
    sides: tuple[object, ...] | None
    """What was held against what, exactly; None where only its file says."""


class Done:
    """The reports of one monitor; each is opened once."""

    def __init__(self, session: Session, monitor: str) -> None:
        self._root = session.root
        self._monitor = monitor
        self._heads: dict[str, _Head | None] = {}
        now = max(session.clock.now(), session.disk_time())
        self._look(_indexed(session, monitor), now)

    def _look(self, indexed: Mapping[str, _Head], now: float) -> None:
        """Read the heads of all reports in the folder; the index knows most of them."""
        try:
            there = storing.keys(self._root, self._monitor)
        except NotFoundError:
            there = ()
        for key in there:
            self._heads[key] = indexed.get(key)
            if self._heads[key] is None:  # of one that cannot be read it is known that it is there
                with suppress(FormatError, NotFoundError, OSError):
                    head = _read(self._root, self._monitor, key)
                    self._heads[key] = None if is_to_come(head.time, now) else head

    def add(self, report: DriftReport) -> None:
        """Remember a report."""
        self._heads[report.key] = _head(report)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of all checks."""
        return frozenset(self._heads)

    @property
    def newest_time(self) -> float | None:
        """Return when the newest check was made, seconds since 1970; None for never."""
        return max((head.time for head in self._heads.values() if head), default=None)

    def newest(self) -> DriftReport | None:
        """Return the newest report; None without one that can be read."""
        known = [(head.time, key) for key, head in self._heads.items() if head]
        if not known:
            return None
        try:
            return storing.read(self._root, self._monitor, max(known)[1])
        except (FormatError, NotFoundError, OSError):
            return None

    def knows_version(self, dataset: str, version: int) -> bool:
        """Say whether a version of a dataset was ever checked, against whatever."""
        heads = (head for head in self._heads.values() if head)
        return any((head.dataset, head.version) == (dataset, version) for head in heads)

    def after(self, of: Held | None, current: Side, reference: Side | None, settings: str) -> str:
        """Return the key of the check that came between one like this and now; empty for none.

        Data that go back to what they were, a model that is rolled back, settings that are
        written as before: there is a report, and it is not the newest that tells of them.
        Checks of versions that came before do not come between.

        Args:
            of: The version of the model.
            current: What is to be checked.
            reference: What it is held against; None where that differs from chunk to chunk.
            settings: The hash of the monitor's entry.
        """
        between = [
            (head.time, key)
            for key, head in self._heads.items()
            if head and not _is_before(head, current)
        ]
        if not between:
            return ""
        _, key = max(between)
        now = _sides(
            None if of is None else (of.model, of.number), current, reference, settings
        )  # fmt: skip
        return "" if self._sides_of(key) in (None, now) else key

    def _sides_of(self, key: str) -> tuple[object, ...] | None:
        """Return what a report held against what; None where it cannot be read."""
        head = self._heads[key]
        if head is None or head.sides is not None:
            return head and head.sides
        with suppress(FormatError, NotFoundError, OSError):
            self._heads[key] = head = _read(self._root, self._monitor, key)
        return head.sides

    @property
    def parts(self) -> frozenset[str]:
        """Return the files that were ever checked as parts of something that grows."""
        return frozenset(part for head in self._heads.values() if head for part in head.parts)

    @property
    def newest_parts(self) -> frozenset[str]:
        """Return the files that the newest check of something that grows was about."""
        known = [(head.time, head.parts) for head in self._heads.values() if head and head.parts]
        return frozenset(max(known)[1]) if known else frozenset()


def _indexed(session: Session, monitor: str) -> dict[str, _Head]:
    """Return the heads of reports on datasets, as far as the index is; files it does not know."""
    return {
        line.key: _Head(line.time, line.current_dataset, line.current_version, (), None)
        for line in drift_lines.reports(session.catalogue, monitor=monitor)
        if line.current_dataset
    }


@lru_cache(maxsize=_REMEMBERED)
def _read(root: Path, monitor: str, key: str) -> _Head:
    """Return the head of a report, which never changes once it is there.

    Raises:
        NotFoundError: There is none.
        FormatError: It cannot be read.
        OSError: The drive does not answer.
    """
    return _head(storing.read_for_lists(root, monitor, key))


def _head(report: DriftReport) -> _Head:
    now, of = report.current, (report.model, report.version)
    reference = None if report.reference.kind in RELATIVE else report.reference
    sides = _sides(of if report.model else None, now, reference, report.settings)
    return _Head(report.time, now.dataset, now.version, now.parts, sides)


def _sides(
    of: tuple[str, int | None] | None, current: Side, reference: Side | None, settings: str
) -> tuple[object, ...]:
    """Return what tells one check of a monitor from another, whichever program made it."""
    against = None if reference is None else (reference.dataset, reference.version, reference.hash)
    return (of, current.dataset, current.version, current.hash, against, settings)


def _is_before(head: _Head, current: Side) -> bool:
    """Say whether a report is about a version that came before."""
    if not current.dataset or head.dataset != current.dataset:
        return False
    return (head.version or 0) < (current.version or 0)
