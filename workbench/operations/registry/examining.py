"""The registry looked through: chains, checksums, files, and what consumers are pointed at."""

from collections.abc import Iterator, Sequence

from workbench.operations.doctor import Check
from workbench.operations.registry.deploying import overdue
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.session import Session
from workbench.registry.journal import models
from workbench.registry.verification import Finding, against, verify
from workbench.words import plural

_PART = "registry"


def examine_registry(session: Session, anchor: Sequence[str] = ()) -> Iterator[Check]:
    """Yield what is so with every model: one line each, and one for everything that is not.

    Args:
        session: Where.
        anchor: Lines that ``history --anchor`` printed earlier, to compare with.
    """
    names = models(session.root)
    if not names:
        yield Check(_PART, "models", "good", "none is registered")
    for name in names:
        yield from _model(session, name)
    for late in overdue(session):
        where = f"{late.model}@{late.stage}"
        yield Check(_PART, where, "note", f"recorded, not yet deployed: {late.why}")
    if anchor:
        yield from _anchored(session, names, anchor)


def _model(session: Session, name: str) -> Iterator[Check]:
    found = verify(session.root, name)
    yield from (Check(_PART, name, "bad", _words(one)) for one in found)
    if not found:
        state = read_state(session, name)
        events = plural(len(state.events), "event")
        versions = plural(len(state.versions), "version")
        yield Check(_PART, name, "good", f"{events} in one chain, {versions} whole")


def _words(one: Finding) -> str:
    return f"event {one.seq}, {one.path}: {one.reason}"


def _anchored(session: Session, names: Sequence[str], anchor: Sequence[str]) -> Iterator[Check]:
    readable = [read_state(session, name) for name in names]
    found = against(anchor, readable)
    yield from (Check(_PART, "anchor", "bad", f"{one.model}: {_words(one)}") for one in found)
    if not found:
        yield Check(_PART, "anchor", "good", "every journal goes on from it")
