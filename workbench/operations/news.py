"""What happens to runs, datasets and monitors of a session, one piece of news after another."""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import NamedTuple

from workbench.catalogue import data_lines, drift_lines
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.data_versions import known_datasets
from workbench.catalogue.faults import FaultLine, fault_count, faults
from workbench.catalogue.finding import every
from workbench.operations.session import Session
from workbench.sync.sweep import Changes
from workbench.words import plural

_FEW = 20
"""New faults told one by one; that there are more the number says."""
_AT_MOST = 0.5
"""Seconds between two looks at the queue, so that Ctrl-C is heard on every system."""


class News(NamedTuple):
    """One thing that happened."""

    at: float
    """When it was seen, in seconds since 1970."""
    what: str
    """Of runs ``new``, a status, ``changed``, ``gone`` or ``here``; ``registered`` of a dataset;
    ``checked`` of a monitor; ``fault`` of what could not be read, ``faults`` of how many, or
    ``trouble``."""
    run_id: str
    name: str
    detail: str


def look_once(session: Session) -> Iterator[News]:
    """Yield what changed since the index was last brought up to date."""
    fresh = session.catalogue.fresh
    seen = _Seen(session)
    yield from seen.after(session.sweep(), silent=fresh)


def follow(session: Session) -> Iterator[News]:
    """Yield what changes, from now on, until the caller stops."""
    from workbench.operations.datasets.following import follow as follow_datasets  # noqa: PLC0415
    from workbench.operations.drift.following import follow as watch_drift  # noqa: PLC0415

    queue: SimpleQueue[Changes | Exception] = SimpleQueue()
    seen = _Seen(session)
    watch = session.watch(queue.put, queue.put)
    follow_datasets(session)
    watch_drift(session, lambda _: watch.look_now())
    try:
        fresh = session.catalogue.fresh
        while True:
            one = _next(queue)
            if isinstance(one, Exception):
                yield News(session.clock.now(), "trouble", "", "", str(one))
            elif one is not None:
                yield from seen.after(one, silent=fresh and one.initial)
    finally:
        watch.stop()


def _next(queue: "SimpleQueue[Changes | Exception]") -> Changes | Exception | None:
    from queue import Empty  # noqa: PLC0415

    try:
        return queue.get(timeout=_AT_MOST)
    except Empty:
        return None


class _Seen:
    """What was said of each run, so that only what is new is told."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs = {one.run: one for one in self._read(every(session.catalogue))}
        self._faults = _known_faults(session)
        self._datasets = _numbers(session)
        self._checks = _checks(session)

    def after(self, changes: Changes, *, silent: bool) -> Iterator[News]:
        """Yield the news in a set of changes; a silent one only counts the runs."""
        at = self._session.clock.now()
        if silent:
            known = len(self._runs)
            self._runs.update((one.run, one) for one in self._read(sorted(changes.new)))
            there = len(self._runs)
            if changes.waiting == 0 and there > known:
                yield News(at, "here", "", f"{there:,} run{'' if there == 1 else 's'}", "")
            self._datasets = _numbers(self._session) if changes.datasets else self._datasets
            self._checks = _checks(self._session) if changes.drift else self._checks
            return
        for record in self._read(sorted(changes.new | changes.changed)):
            before = self._runs.get(record.run)
            self._runs[record.run] = record
            if repr(before) != repr(record):  # NaN is not even equal to itself
                yield _told(at, before, record)
        for run in sorted(changes.gone):
            if one := self._runs.pop(run, None):
                yield News(at, "gone", one.run_id, one.name, one.experiment)
        for name in sorted(changes.datasets):
            yield from self._dataset_news(at, name)
        for name in sorted(changes.drift):
            yield from self._drift_news(at, name)
        yield from self._fault_news(at)

    def _dataset_news(self, at: float, name: str) -> Iterator[News]:
        """Yield each version of a dataset that was not there before, oldest first."""
        lines = data_lines.versions(self._session.catalogue, name)
        before = self._datasets.get(name, frozenset())
        self._datasets[name] = frozenset(line.number for line in lines)
        for line in reversed(lines):
            if line.number not in before and not line.fault:
                rows = "" if line.rows is None else f"{plural(line.rows, 'row')}, "
                yield News(at, "registered", "", f"{name}@{line.number}", f"{rows}{line.how}")

    def _drift_news(self, at: float, name: str) -> Iterator[News]:
        """Yield each check of a monitor that was not there before, oldest first."""
        lines = drift_lines.reports(self._session.catalogue, monitor=name)
        before = self._checks.get(name, frozenset())
        self._checks[name] = frozenset(line.key for line in lines)
        for line in reversed(lines):
            if line.key not in before:
                yield News(at, "checked", "", name, f"{line.current}: {line.verdict}")

    def _fault_news(self, at: float) -> Iterator[News]:
        """Yield the first of the faults that were not there before, and how many there are now."""
        now = _known_faults(self._session)
        before, self._faults = self._faults, now
        new = [one for key, one in now.items() if key not in before]
        for one in new[:_FEW]:
            where = f"{one.path}, line {one.line}" if one.line else one.path
            yield News(at, "fault", one.run_id, where, one.reason)
        if now.keys() != before.keys():
            yield News(at, "faults", "", f"{fault_count(self._session.catalogue):,} in all", "")

    def _read(self, runs: tuple[int, ...] | list[int]) -> tuple[RunRecord, ...]:
        return cards(self._session.catalogue, runs)


def _known_faults(session: Session) -> dict[tuple[str, str, int | None], FaultLine]:
    """Return what could not be read, by where and why."""
    return {(one.path, one.reason, one.line): one for one in faults(session.catalogue)}


def _numbers(session: Session) -> dict[str, frozenset[int]]:
    """Return the versions that are known of every dataset."""
    known = known_datasets(session.catalogue)
    return {name: frozenset(one.versions) for name, one in known.items()}


def _checks(session: Session) -> dict[str, frozenset[str]]:
    """Return the keys of the checks that are known of every monitor."""
    found: dict[str, set[str]] = {}
    for line in drift_lines.reports(session.catalogue):
        found.setdefault(line.monitor, set()).add(line.key)
    return {name: frozenset(keys) for name, keys in found.items()}


def _told(at: float, before: RunRecord | None, now: RunRecord) -> News:
    """Return what is to be said of a run that is new or changed."""
    if before is None:
        return News(at, "new", now.run_id, now.name, f"{now.experiment}, {now.status.lower()}")
    if before.status != now.status:
        return News(at, now.status.lower(), now.run_id, now.name, now.experiment)
    return News(at, "changed", now.run_id, now.name, _difference(before, now))


def _difference(before: RunRecord, now: RunRecord) -> str:
    """Return in words what changed: how far the metrics are, or which fields."""
    if repr(before.metrics) != repr(now.metrics):
        steps = [one.last_step for one in now.metrics.values() if one.last_step is not None]
        return f"step {max(steps)}" if steps else "metrics"
    fields = ("name", "note", "tags", "archived", "params", "artifacts")
    changed = [name for name in fields if getattr(before, name) != getattr(now, name)]
    return ", ".join(changed)
