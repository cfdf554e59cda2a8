"""The registry looked through: chains, checksums, files, and what consumers are pointed at."""

from collections.abc import Iterator, Sequence

from workbench.errors import FormatError, WorkbenchError
from workbench.operations.doctor import Check
from workbench.operations.registry.deploying import destinations, overdue, stage_policy
from workbench.operations.registry.destinations import folder_of
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.settling import Following, forwards
from workbench.operations.registry.stages import policy_or_fault
from workbench.operations.session import Session
from workbench.registry import pointer as pointers
from workbench.registry.checks import StagePolicy
from workbench.registry.journal import models
from workbench.registry.patience import Patience
from workbench.registry.verification import Finding, against, anchored, verify
from workbench.words import plural

_PART = "registry"


def examine_registry(session: Session, anchor: Sequence[str] = ()) -> Iterator[Check]:
    """Yield what is so with every model: one line each, and one for everything that is not.

    Args:
        session: Where.
        anchor: Lines that ``history --anchor`` printed earlier, to compare with.
    """
    try:
        names = models(session.root)
    except FormatError as error:
        yield Check(_PART, "models", "bad", f"{error.message} {error.hint}")
        return
    if not names:
        yield Check(_PART, "models", "good", "none is registered")
    for name in names:
        yield from _model(session, name)
    readable = [one for one in names if read_state(session, one).unreadable is None]
    for late in overdue(session, readable):
        where = f"{late.model}@{late.stage}"
        yield Check(_PART, where, "note", f"recorded, not yet deployed: {late.why}")
    for name in readable:
        yield from _deployed(session, name)
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


def _deployed(session: Session, name: str) -> Iterator[Check]:
    """Yield what is amiss where consumers look; what is merely late is not."""
    policy, _ = policy_or_fault(session)
    stages = dict.fromkeys((*read_state(session, name).stages, *(policy.stages if policy else ())))
    for stage in stages:
        asked = stage_policy(policy, stage) or StagePolicy(stage)
        try:
            _look(session, name, asked)
        except FormatError as error:
            yield Check(_PART, f"{name}@{stage}", "bad", f"{error.message} {error.hint}".strip())
        except (OSError, WorkbenchError):
            continue  # nothing is there, or not reached: it is late


def _look(session: Session, name: str, asked: StagePolicy) -> None:
    """Do nothing if what consumers of a stage are pointed at is whole and was made from events.

    Raises:
        FormatError: It is not.
        WorkbenchError: There is nothing.
        OSError: It cannot be read.
    """
    following = Following(session, name, asked.name)
    for place in destinations(session, name, asked.name, asked, Patience()):
        forwards(following, place)
    if asked.deploy_to:
        pointers.read_current(folder_of(session.root, asked.deploy_to), name)


def _words(one: Finding) -> str:
    return f"event {one.seq}, {one.path}: {one.reason}"


def _anchored(session: Session, names: Sequence[str], anchor: Sequence[str]) -> Iterator[Check]:
    readable = [read_state(session, name) for name in names]
    found = against(anchor, readable)
    yield from (Check(_PART, "anchor", "bad", f"{one.model}: {_words(one)}") for one in found)
    if not found:
        count = len({model for model, _, _ in anchored(anchor)})
        goes = "goes" if count == 1 else "go"
        yield Check(_PART, "anchor", "good", f"{plural(count, 'journal')} {goes} on from it")
