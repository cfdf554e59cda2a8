"""Runs that two sources hold: each is listed once.

MLflow's files and the database they were migrated to hold the same runs by the same ids;
so does a copy of a folder inside the one that was opened. The source that comes first has them
(databases come before files, see `operations.reading_in`), and of the others it is said
how many of theirs are listed from there.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.catalogue.ingest import Arrival, Known
from workbench.formats.contract import Fault
from workbench.sync.source_state import Double, SourceState


class Parted(NamedTuple):
    """What was read of a source, and what of it is listed from another one."""

    own: list[Arrival]
    double: list[Arrival]


def parted(
    arrivals: Sequence[Arrival], state: SourceState, states: Sequence[SourceState]
) -> Parted:
    """Part the runs that an earlier source has from those that are this one's own."""
    earlier = _earlier(state, states)
    found = Parted([], [])
    for arrival in arrivals:
        is_double = any(arrival.card.run_id in ids for ids in earlier)
        (found.double if is_double else found.own).append(arrival)
    return found


def hide(state: SourceState, doubles: Sequence[Arrival]) -> list[int]:
    """Remember runs that are listed from elsewhere; return the numbers of those listed so far."""
    for one in doubles:
        state.doubles[one.ref.key] = Double(one.card.run_id, one.ref.stamp)
    known = [state.known.pop(one.ref.key, None) for one in doubles]
    return [one.run for one in known if one is not None]


def taken(new: Mapping[str, Known], state: SourceState, states: Sequence[SourceState]) -> list[int]:
    """Hide from later sources what an earlier one has now; return the numbers they had."""
    ids = {known.run_id for known in new.values()}
    gone: list[int] = []
    for later in _after(state, states):
        for key in [key for key, known in later.known.items() if known.run_id in ids]:
            known = later.known.pop(key)
            later.doubles[key] = Double(known.run_id, known.stamp)
            gone.append(known.run)
    return gone


def freed(ids: frozenset[str], state: SourceState, states: Sequence[SourceState]) -> None:
    """Let other sources be read again for runs that this one has lost."""
    for other in states:
        keys = [key for key, double in other.doubles.items() if double.run_id in ids]
        if other is state or not keys:
            continue
        for key in keys:
            del other.doubles[key]
        other.refs = None


def said(state: SourceState, label: str) -> list[Fault]:
    """Return that runs of a source are listed from elsewhere, if any are."""
    number = len(state.doubles)
    if not number:
        return []
    runs = "1 run is" if number == 1 else f"{number:,} runs are"
    return [Fault(label, f"{runs} in another source too, and listed from there")]


def _earlier(state: SourceState, states: Sequence[SourceState]) -> list[set[str]]:
    before = states[: states.index(state)]
    return [{known.run_id for known in one.known.values()} for one in before if one.known]


def _after(state: SourceState, states: Sequence[SourceState]) -> Sequence[SourceState]:
    return states[states.index(state) + 1 :]
