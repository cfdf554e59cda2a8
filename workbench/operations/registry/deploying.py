"""Bringing what the journal says to where consumers look.

The event in the journal is the commit; everything here follows from it and may be done by any
process at any time, again and again. So nothing here raises over an event that is recorded:
what could not be done yet is a `Deployment` that says ``pending`` and why, until somebody's
`repair` gets through. Nobody else writes below ``deploy/`` or into the folder of ``deploy_to``.
"""

import errno
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from workbench.errors import WorkbenchError
from workbench.operations.registry.destinations import (
    Destination,
    InWorkspace,
    Outside,
    folder_of,
)
from workbench.operations.registry.in_order import Seen, Stamp, memory_of, settings_of, stamp
from workbench.operations.registry.settling import Following, settle
from workbench.operations.session import Session
from workbench.registry import pointer as pointers
from workbench.registry.checks import Policy, StagePolicy
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal, stages_followed
from workbench.registry.journal import models
from workbench.registry.patience import Patience
from workbench.registry.pointer import Pointer
from workbench.registry.policy import STAGES
from workbench.registry.state import State
from workbench.words import visible

DeploymentState: TypeAlias = Literal["deployed", "pending", "in the workspace only"]
"""``in the workspace only``: the stage has no ``deploy_to``, and its pointer there is right."""
_PATIENCE: Final = Patience()
_BY_THE_JOURNAL: Final = (
    "workbench.toml cannot be read; it was deployed to where it was at the last promotion."
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """How far a stage has got to its consumers."""

    state: DeploymentState
    reason: str = ""
    """One sentence: why it is pending, or what was found amiss and put right; else empty."""
    path: str = ""
    """The pointer consumers read, outside the workspace where the stage is deployed there."""
    model: str = ""
    stage: str = ""
    hint: str = ""
    """What a person can do about it, one imperative sentence."""

    @property
    def done(self) -> bool:
        """Say whether every consumer sees what the journal says."""
        return self.state != "pending"


def deploy(
    session: Session,
    model: str,
    stage: str,
    policy: StagePolicy | None,
    *,
    patience: Patience | None = None,
) -> Deployment:
    """Bring a stage's pointers, and its copy outside, to what the journal says now.

    Never raises over what is recorded already: what could not be done is said.

    Args:
        session: Where.
        model: Of which model.
        stage: Which stage.
        policy: What the settings say of the stage; None where they cannot be read, then the
            folder of the last promotion counts, which consumers read until now.
        patience: How long a pointer may be held open by somebody; default 5 s on Windows.
    """
    patience = patience or Patience(session.clock)
    failed: list[Deployment] = []
    said = path = ""
    try:
        following = Following(session, model, stage)
        if policy is None:
            policy, said = following.as_last_promoted(), _BY_THE_JOURNAL
        for place in destinations(session, model, stage, policy, patience):
            path = str(place.file)
            try:
                said = settle(following, place) or said
            except (OSError, WorkbenchError) as error:
                failed.append(_pending(error, place, model, stage))
    except WorkbenchError as error:
        failed.append(Deployment("pending", error.message, path, model, stage, error.hint))
    if failed:
        return failed[0]
    outside = policy is not None and policy.deploy_to
    state: DeploymentState = "deployed" if outside else "in the workspace only"
    return Deployment(state, said, path, model, stage)


def destinations(
    session: Session, model: str, stage: str, policy: StagePolicy, patience: Patience
) -> Iterator[Destination]:
    """Yield where a stage's pointers are to be, the workspace's own first."""
    yield InWorkspace(session.root, model, stage, patience)
    if policy.deploy_to:
        yield Outside(session, folder_of(session.root, policy.deploy_to), model, stage, patience)


def _pending(
    error: OSError | WorkbenchError, place: Destination, model: str, stage: str
) -> Deployment:
    if isinstance(error, WorkbenchError):
        return Deployment("pending", error.message, str(place.file), model, stage, error.hint)
    why = error.strerror or type(error).__name__
    reason = f"{visible(str(place.file.parent))} cannot be written: {why}."
    return Deployment("pending", reason, str(place.file), model, stage, hint_for(error))


def hint_for(error: OSError) -> str:
    """Return what a person can do about a failure of the file system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Make room there."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Ask whoever owns that folder for the right to write."
    return "Look whether its drive is there."


# -- what was left undone -----------------------------------------------------------------


class Overdue(NamedTuple):
    """A stage whose consumers do not see yet what the journal says."""

    model: str
    stage: str
    why: str
    """One sentence."""


def overdue(session: Session, names: Iterable[str] | None = None) -> tuple[Overdue, ...]:
    """Return the stages that are recorded and not deployed yet, or whose journal does not say.

    A model that was found in order is read again only when its next event is there or one of
    its pointers is another file: one look for the event, and one for each pointer.

    Args:
        session: Where.
        names: Of these models; default all.
    """
    memory = memory_of(session)
    policy = memory.policy(session.root)
    found: list[Overdue] = []
    for model in models(session.root) if names is None else names:
        if not memory.in_order(model, policy):
            late, seen = _examine(session, model, policy)
            memory.keep(model, None if late else seen)
            found.extend(late)
    return tuple(found)


def repair(
    session: Session, names: Iterable[str] | None = None, *, at_once: bool = False
) -> tuple[Deployment, ...]:
    """Deploy what is overdue, and return what came of it; any process may, at any time.

    What fails is tried again later and later, from 15 seconds up to 10 minutes.

    Args:
        session: Where. One that cannot write repairs nothing.
        names: Of these models; default all.
        at_once: A person asked: try also what failed just now.
    """
    if not session.writable:
        return ()
    memory, now = memory_of(session), session.clock.steady()
    done = []
    for late in overdue(session, names):
        if at_once or not memory.is_early(late.model, late.stage, now):
            policy = stage_policy(memory.policy(session.root), late.stage)
            one = deploy(session, late.model, late.stage, policy)
            memory.tried(late.model, late.stage, done=one.done, now=now)
            done.append(one)
    return tuple(done)


def deploy_all(session: Session, names: Iterable[str] | None = None) -> tuple[Deployment, ...]:
    """Deploy every stage that anything was ever promoted to, reading every copy to its end.

    Finds damage that `repair` does not look for: it trusts what is named rightly.
    """
    memory = memory_of(session)
    done: list[Deployment] = []
    for model in models(session.root) if names is None else names:
        memory.keep(model, None)
        policy = memory.policy(session.root)
        stages = _stages(session, fold(model, followed_journal(session.root, model).read()))
        done += (deploy(session, model, one, stage_policy(policy, one)) for one in stages)
    return tuple(done)


def _stages(session: Session, state: State) -> tuple[str, ...]:
    """Return the stages of a model that consumers may look at.

    Where the journal cannot be read to its end it does not name them all: those with a pointer
    are some, and where there is none either, any of the settings may be.
    """
    if state.unreadable is None:
        return tuple(state.stages)
    known = dict.fromkeys((*state.stages, *stages_followed(session.root, state.model)))
    policy = memory_of(session).policy(session.root)
    return tuple(known) or tuple(policy.stages if policy else STAGES)


def stage_policy(policy: Policy | None, stage: str) -> StagePolicy | None:
    """Return what is asked of a stage; one the settings do not name any more is not deployed."""
    return None if policy is None else policy.stages.get(stage) or StagePolicy(stage)


def _examine(
    session: Session, model: str, policy: Policy | None
) -> tuple[list[Overdue], Seen | None]:
    """Return what is overdue of a model, and what was looked at."""
    journal = followed_journal(session.root, model)
    state = fold(model, journal.read())
    if state.unreadable is not None:
        why = f"{visible(state.unreadable.path)} cannot be read: {visible(state.unreadable.reason)}"
        return [Overdue(model, stage, why) for stage in _stages(session, state)], None
    workspace = session.workspace.id if session.workspace else ""
    late: list[Overdue] = []
    stamps: list[tuple[str, Stamp]] = []
    for stage in state.stages:
        wanted = pointers.of(state, stage, workspace)
        if wanted is not None:
            asked = stage_policy(policy, stage) or StagePolicy(stage)
            why = _why_late(destinations(session, model, stage, asked, _PATIENCE), wanted, stamps)
            late += [Overdue(model, stage, why)] if why else []
    following = str(session.root / journal.path(state.seq + 1))
    return late, Seen(following, tuple(stamps), settings_of(policy))


def _why_late(
    places: Iterator[Destination], wanted: Pointer, stamps: list[tuple[str, Stamp]]
) -> str:
    """Return what is not yet as it must be, or an empty text; note what was looked at."""
    try:
        for place in places:
            seen = [(str(file), stamp(file)) for file in place.needed(wanted)]
            stamps += seen
            for file, there in seen:
                if there is None:
                    return f"{visible(file)} is not there."
            if (said := pointers.read(place.file)) != place.meant(wanted):
                return f"{visible(str(place.file))} says {_brief(said)}, not {_brief(wanted)}."
    except (OSError, WorkbenchError) as error:
        return error.message if isinstance(error, WorkbenchError) else f"{error.strerror}."
    return ""


def _brief(pointer: Pointer | None) -> str:
    if pointer is None:
        return "nothing"
    version = "empty" if pointer.version is None else f"v{pointer.version}"
    return f"{version} (event {pointer.seq})"
