"""Runs that were imported and whose folder is followed as well: each is listed once.

The copy is listed, because it is the workspace's own, until the run goes on where it came from:
then that one is, up to the next import. A run that took the place of the copied one is
another one and stays.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue.connection import Catalogue
from workbench.catalogue.copies import Told, compared, imported
from workbench.catalogue.ingest import Arrival, Known
from workbench.sync.source_state import Double, SourceState

_UNIQUE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class _One(NamedTuple):
    """A run as one source has it."""

    state: SourceState
    key: str
    known: Known


class _Pair(NamedTuple):
    """A copy, and what it seems to be a copy of."""

    copy: _One
    other: _One


def remember(catalogue: Catalogue, state: SourceState) -> None:
    """Learn which of a source's runs are copies, as an earlier session stored them."""
    found = imported(catalogue, state.number)
    state.copies.update({key: _name(id_, path) for key, (id_, path) in found.items()})


def note(state: SourceState, arrivals: Sequence[Arrival]) -> None:
    """Learn which of the runs just read are copies."""
    for arrival in arrivals:
        said = arrival.card.facts
        if "imported.path" in said:
            id_, path = str(said.get("imported.id")), str(said["imported.path"])
            state.copies[arrival.ref.key] = _name(id_, path)


def hide(
    catalogue: Catalogue,
    new: Mapping[str, Known],
    state: SourceState,
    states: Sequence[SourceState],
) -> list[int]:
    """Hide of each run that two sources have the one that is behind; return their numbers.

    Args:
        catalogue: Where the runs are stored already.
        new: The runs stored just now, by key.
        state: Their source.
        states: All sources.
    """
    pairs = list(_pairs(new, state, states))
    told = compared(catalogue, [(pair.copy.known.run, pair.other.known.run) for pair in pairs])
    gone: list[int] = []
    for pair in pairs:
        behind = _behind(pair, told.get((pair.copy.known.run, pair.other.known.run)))
        if behind is None or behind.known.run in gone:
            continue
        shown = pair.copy if behind is pair.other else pair.other
        del behind.state.known[behind.key]
        behind.state.doubles[behind.key] = Double(shown.known.run_id, behind.known.stamp)
        gone.append(behind.known.run)
    return gone


def _behind(pair: _Pair, told: Told | None) -> _One | None:
    """Return which of two runs is not listed; None if they are two runs."""
    if told is None or not told.alike:
        return None
    if told.other > told.copy:
        return pair.copy
    if pair.other.known.live and told.other < told.copy:
        return None  # begun again in the same place
    return pair.other


def _pairs(
    new: Mapping[str, Known], state: SourceState, states: Sequence[SourceState]
) -> Iterator[_Pair]:
    """Yield the pairs that the runs stored just now are part of."""
    copies = {name: (one, key) for one in states for key, name in one.copies.items()}
    if not copies:
        return
    wanted = {state.copies[key]: key for key in new if key in state.copies}
    for other in states if wanted else ():
        if other is not state:
            for key, known in other.known.items():
                for name in _names(other.root, key, known):
                    if name in wanted:
                        copy = wanted[name]
                        yield _Pair(_One(state, copy, new[copy]), _One(other, key, known))
    for key, known in new.items():
        for name in _names(state.root, key, known) if key not in state.copies else ():
            one, copy = copies.get(name, (state, ""))
            if one is not state and copy in one.known:
                yield _Pair(_One(one, copy, one.known[copy]), _One(state, key, known))


def _name(id_: str, path: str) -> str:
    """Return by what a copied run is known again: its tool's id if that is unique, or its place."""
    return id_.replace("-", "").lower() if _UNIQUE.fullmatch(id_) else path


def _names(root: Path, key: str, known: Known) -> tuple[str, str]:
    place = root.as_posix()
    return _name(known.run_id, ""), place if key == "." else f"{place}/{key}"
