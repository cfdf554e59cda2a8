"""When drift asks for a person: which chunks alarm often enough, who has seen it, what is muted.

An alert is reckoned, never stored: it follows from the chunks of a monitor, from how many of the
last ones must alarm, and from what people said since. So it is the same for everybody who has the
same files, in whatever order they came.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

from workbench.datasets.drift.monitor import Mute
from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.records import ACKNOWLEDGED, MUTED, TAKEN_BACK, Record
from workbench.datasets.drift.report import ALARMS

_LETTERS: Final = 10
"""Bytes of an alert's id: twenty signs, which nobody hits by chance."""


class InDrift(NamedTuple):
    """A chunk in drift, as an alert sees it."""

    label: str
    segment: str
    verdict: str
    alarms: tuple[str, ...]
    """Columns in drift, the worst first."""
    time: float
    """When it was checked, seconds since 1970."""
    key: str
    """Of the report."""
    number: int
    """Among the chunks of its segment in order of time, from 1."""


class Raised(NamedTuple):
    """A chunk that asks for a person."""

    id: str
    """Of the alert; chunks that follow one another share it: what goes on is one thing to see."""
    chunk: InDrift
    verdict: str
    """Without what is muted."""
    columns: tuple[str, ...]
    """In drift and not muted, the worst first; none where the table itself is wrong."""
    of: tuple[int, int]
    """So many of the last so many chunks alarm."""
    since: str = ""
    """The label of the chunk with which the alert began."""
    lasts: int = 1
    """Chunks it has gone on for, this one included."""
    seen: Record | None = None
    """Who acknowledged it; None while nobody did, or if it became worse since."""


Remaining = Callable[[InDrift, frozenset[str]], tuple[str, tuple[str, ...]]]
"""Says what is left of a chunk without some columns: its verdict, and the columns in drift."""


def alert_id(monitor: str, label: str, segment: str) -> str:
    """Return what an alert that began with a chunk is known by, however often that is checked."""
    said = f"{monitor}\0{label}\0{segment}"
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_LETTERS).hexdigest()


def raised(
    monitor: str,
    chunks: Sequence[InDrift],
    least: tuple[int, int],
    *,
    remaining: Remaining,
    mutes: Sequence[Mute] = (),
    seen: Mapping[str, Sequence[Record]] | None = None,
) -> tuple[Raised, ...]:
    """Return the chunks of a monitor that alert, in order.

    Args:
        monitor: Its name.
        chunks: Those in drift, in order of time, those of a segment together.
        least: So many of the last so many chunks of one segment must alarm, this one among them.
        remaining: Asked where a muted column is in drift.
        mutes: Those that ever held; one covers every check that was made before its day is over.
        seen: What was acknowledged, by `alert_id` of the chunk it was said of; it is said of what
            goes on after it too, as long as that is no worse.
    """
    asking = tuple(_asking(monitor, chunks, least, mutes, remaining))
    pools: dict[str, list[Record]] = {}
    for one in asking:
        own = alert_id(monitor, one.chunk.label, one.chunk.segment)
        pools.setdefault(one.id, []).extend((seen or {}).get(own, ()))
    return tuple(one._replace(seen=_seen_by(one, pools[one.id])) for one in asking)


def _asking(
    monitor: str,
    chunks: Sequence[InDrift],
    least: tuple[int, int],
    mutes: Sequence[Mute],
    remaining: Remaining,
) -> Iterator[Raised]:
    """Yield the chunks that alert, each knowing with which one it began."""
    before: dict[str, list[InDrift]] = {}
    going: dict[str, Raised] = {}
    for chunk in chunks:
        last = before.setdefault(chunk.segment, [])
        last.append(chunk)
        last[:] = [one for one in last if one.number > chunk.number - least[1]]
        silent = muted_at(mutes, chunk.time)
        verdict, columns = _left(chunk, silent, remaining)
        count = sum(_left(one, silent, remaining)[0] in ALARMS for one in last)
        if verdict in ALARMS and count >= least[0]:
            identity = alert_id(monitor, chunk.label, chunk.segment)
            of = (count, min(least[1], chunk.number))
            one = Raised(identity, chunk, verdict, columns, of, chunk.label)
            one = _continued(one, going.get(chunk.segment), least[1])
            going[chunk.segment] = one
            yield one


def _continued(one: Raised, before: Raised | None, window: int) -> Raised:
    """Return a chunk's alert as the one before it that is not over: within the same last chunks."""
    if before is None or one.chunk.number - before.chunk.number > max(1, window - 1):
        return one
    return one._replace(id=before.id, since=before.since, lasts=before.lasts + 1)


def one_each(found: Iterable[Raised]) -> tuple[Raised, ...]:
    """Return one for each alert: its newest chunk that nobody has seen, else its newest.

    An open one names everything of it that nobody has seen, and the gravest verdict of that, so
    that whoever acknowledges it has been told all of it.
    """
    by_alert: dict[str, list[Raised]] = {}
    for one in found:
        by_alert.setdefault(one.id, []).append(one)
    return tuple(_gathered(ones) for ones in by_alert.values())


def _gathered(ones: Sequence[Raised]) -> Raised:
    unseen = [one for one in ones if one.seen is None]
    if not unseen:
        return ones[-1]
    columns = dict.fromkeys(name for one in reversed(unseen) for name in one.columns)
    verdict = max((one.verdict for one in unseen), key=rank)
    return unseen[-1]._replace(columns=tuple(columns), verdict=verdict, lasts=ones[-1].lasts)


def muted_at(mutes: Iterable[Mute], time: float) -> frozenset[str]:
    """Return the columns that a check at a moment was not to alert of."""
    return frozenset(mute.column for mute in mutes if time < end_of(mute.until))


def end_of(day: str) -> float:
    """Return when a day ``YYYY-MM-DD`` is over by UTC, seconds since 1970; 0 for what is none."""
    try:
        after = date.fromisoformat(day) + timedelta(days=1)
    except ValueError:
        return 0.0
    except OverflowError:  # the last day there is
        return float("inf")
    return datetime(after.year, after.month, after.day, tzinfo=UTC).timestamp()


def in_force(mutes: Iterable[Mute], now: float) -> tuple[Mute, ...]:
    """Return the mutes whose day is not over, of each column the one that holds longest."""
    found: dict[str, Mute] = {}
    for mute in mutes:
        known = found.get(mute.column)
        if now < end_of(mute.until) and (known is None or known.until < mute.until):
            found[mute.column] = mute
    return tuple(found.values())


def standing(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return acknowledgements and mutes that nobody took back, oldest first."""
    said = sorted(records, key=lambda one: one.id)
    gone = {identity for one in said for identity in one.takes_back}
    return tuple(one for one in said if one.kind != TAKEN_BACK and one.id not in gone)


def mutes_of(records: Iterable[Record], monitor: str) -> tuple[Mute, ...]:
    """Return what people muted of a monitor and nobody took back."""
    return tuple(
        Mute(one.column, one.until, one.said, one.actor, one.time, one.id)
        for one in standing(records)
        if one.kind == MUTED and one.monitor == monitor
    )


def acknowledged(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Return what was acknowledged and not taken back, by the alert's id, oldest first."""
    found: dict[str, list[Record]] = {}
    for one in standing(records):
        if one.kind == ACKNOWLEDGED:
            found.setdefault(alert_id(one.monitor, one.label, one.segment), []).append(one)
    return found


def _left(
    chunk: InDrift, silent: frozenset[str], remaining: Remaining
) -> tuple[str, tuple[str, ...]]:
    if not silent.isdisjoint(chunk.alarms):
        return remaining(chunk, silent)
    return chunk.verdict, chunk.alarms


def _seen_by(one: Raised, records: Sequence[Record]) -> Record | None:
    """Return the last acknowledgement that knew of all that is wrong now."""
    for record in reversed(records):
        if set(one.columns) <= set(record.columns) and rank(one.verdict) <= rank(record.verdict):
            return record
    return None
