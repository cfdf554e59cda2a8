"""Looking through a model's journal and files for what does not fit.

A chain of hashes shows that no event in it was changed without changing all that follow. Whoever
can write to the folder can write a whole new chain; only head hashes kept somewhere else, an
anchor, show that.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from workbench.registry import ladder, manifest
from workbench.registry.event import DELETED, REGISTERED, Event
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal
from workbench.registry.state import State, Version
from workbench.words import visible

_WORDS_OF_AN_ANCHOR: Final = 3


class Finding(NamedTuple):
    """Something in a model's folder that does not fit."""

    model: str
    seq: int
    """The event it was found at; of files, the one that registered them."""
    path: str
    """Relative to the workspace."""
    reason: str


def verify(root: Path, model: str, *, contents: bool = True) -> tuple[Finding, ...]:
    """Return everything that does not fit of a model; the first event that does not comes first.

    Args:
        root: The workspace.
        model: Whose journal and files.
        contents: Read every byte of every version's files and compare the hashes.
    """
    journal = followed_journal(root, model)
    state = fold(model, journal.read())
    found: list[Finding] = []
    if state.unreadable is not None:
        found.append(Finding(model, *state.unreadable))
    found.extend(
        Finding(model, event.seq, journal.path(event.seq), reason)
        for event, reason in _impossible(state)
    )
    found.extend(_files(root, state, contents=contents))
    return tuple(found)


def _impossible(state: State) -> Iterator[tuple[Event, str]]:
    """Yield events that are whole and cannot be meant, and why."""
    seen: set[int] = set()
    ids: set[str] = set()
    for event in state.events:
        if event.id in ids:
            yield event, f"Its id {event.id} is that of an event before."
        ids.add(event.id)
        if not event.known or event.version is None:
            continue
        if event.kind == REGISTERED:
            expected = max(seen, default=0) + 1
            if event.version != expected:
                yield event, f"It registers version {event.version}; the next one is {expected}."
            seen.add(event.version)
        elif event.version not in seen:
            yield event, f"It is about version {event.version}, which was not registered before."
        elif event.kind == DELETED and (stage := _held(state, event)):
            yield event, f"It deletes version {event.version} while it holds {visible(stage)}."


def _held(state: State, event: Event) -> str:
    """Return a stage that the version of an event held when it was recorded."""
    for stage in state.stages.values():
        for one in stage.holdings:
            ended = one.ended_by is not None and one.ended_by.seq < event.seq
            if one.version == event.version and one.event.seq < event.seq and not ended:
                return stage.name
    return ""


def _files(root: Path, state: State, *, contents: bool) -> Iterator[Finding]:
    for version in state.versions.values():
        if version.deleted is None:
            path = f"registry/{state.model}/{manifest.FILES}/{version.manifest}"
            amiss = manifest.check(root, state.model, version.manifest, contents=contents)
            if contents and not amiss:
                amiss = tuple(filter(None, (_belied(root, state.model, version),)))
            for reason in amiss:
                yield Finding(state.model, version.event.seq, path, reason)


def _belied(root: Path, model: str, version: Version) -> str:
    """Return a sentence if the files of a version are not of the format its event says."""
    files = manifest.folder_of(root, model, version.manifest)
    return ladder.belied(files, version.event.details.get("rung"), unknown=False)


def anchor(states: Iterable[State]) -> tuple[str, ...]:
    """Return a line ``model seq hash`` for each model: what to keep where nobody can change it."""
    return tuple(f"{one.model} {one.seq} {one.head}" for one in states if one.events)


def against(lines: Iterable[str], states: Iterable[State]) -> tuple[Finding, ...]:
    """Return where the journals are not those an anchor was taken of; they may have grown since.

    Args:
        lines: What `anchor` returned; other lines, such as the rest of a mail, are left alone.
        states: Of all models there are.
    """
    there = {state.model: state for state in states}
    return tuple(finding for one in anchored(lines) if (finding := _differs(*one, there)))


def anchored(lines: Iterable[str]) -> tuple[tuple[str, int, str], ...]:
    """Return model, number and hash of each line of an anchor; other lines are left alone."""
    return tuple(found for line in lines if (found := _anchored(line)))


def _anchored(line: str) -> tuple[str, int, str] | None:
    parts = line.split()
    if len(parts) != _WORDS_OF_AN_ANCHOR or not parts[1].isdecimal() or not _is_hash(parts[2]):
        return None
    return parts[0], int(parts[1]), parts[2]


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004 - of SHA-256


def _differs(model: str, seq: int, head: str, there: dict[str, State]) -> Finding | None:
    events = there[model].events if model in there else ()
    broken = there[model].unreadable if model in there else None
    path = f"registry/{model}/events/{seq:010d}.json"
    if broken is not None and seq > broken.seq:
        said = f"It cannot be reached: event {broken.seq} before it cannot be read."
        return Finding(model, seq, path, said)
    if broken is not None and seq == broken.seq:
        return Finding(model, seq, path, f"It cannot be read: {broken.reason}")
    if not 0 < seq <= len(events):
        return Finding(model, seq, path, "It is in the anchor and not in the journal.")
    if events[seq - 1].hash != head:
        return Finding(model, seq, path, "It is not the event the anchor was taken of.")
    return None
