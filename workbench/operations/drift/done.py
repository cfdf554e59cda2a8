"""What a monitor has checked already, told by its reports in the folder."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from workbench.catalogue import drift_lines
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import DriftReport
from workbench.errors import FormatError, NotFoundError
from workbench.operations.session import Session

_REMEMBERED: Final = 100_000


class _Head(NamedTuple):
    """What is remembered of a report."""

    time: float
    dataset: str
    version: int | None
    parts: tuple[str, ...]


class Done:
    """The reports of one monitor; each is opened once."""

    def __init__(self, session: Session, monitor: str) -> None:
        self._root = session.root
        self._monitor = monitor
        self._heads: dict[str, _Head | None] = {}
        self._look(_indexed(session, monitor))

    def _look(self, indexed: Mapping[str, _Head]) -> None:
        """Read the heads of all reports in the folder; the index knows most of them."""
        try:
            there = storing.keys(self._root, self._monitor)
        except (NotFoundError, OSError):
            there = ()
        for key in there:
            self._heads[key] = indexed.get(key)
            if self._heads[key] is None:  # of one that cannot be read it is known that it is there
                with suppress(FormatError, NotFoundError, OSError):
                    self._heads[key] = _read(self._root, self._monitor, key)

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
        line.key: _Head(line.time, line.current_dataset, line.current_version, ())
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
    now = report.current
    return _Head(report.time, now.dataset, now.version, now.parts)
