"""Bringing what the journal says to where consumers look.

The event in the journal is the commit; everything here follows from it and may be done by any
process at any time, again and again. So nothing here raises over an event that is recorded:
what could not be done yet is a `Deployment` that says ``pending`` and why, until somebody's
`repair` gets through. Nobody else writes below ``deploy/`` or into the folder of ``deploy_to``.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from workbench.errors import ConflictError, FormatError, WorkbenchError
from workbench.operations.registry.destinations import (
    Destination,
    InWorkspace,
    Outside,
    folder_of,
)
from workbench.operations.session import Session
from workbench.registry import pointer as pointers
from workbench.registry.checks import StagePolicy
from workbench.registry.folding import fold
from workbench.registry.journal import FolderJournal
from workbench.registry.patience import Patience
from workbench.registry.pointer import Pointer
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.registry.event import Event

DeploymentState: TypeAlias = Literal["deployed", "pending", "not configured"]
"""``not configured``: the stage has no ``deploy_to``; its pointer in the workspace is right."""
_NO_SETTINGS: Final = "workbench.toml cannot be read, so it is not known where to deploy to."
_MOST_ROUNDS: Final = 50
"""Times a stage may change while it is deployed, before it is left to those who change it."""


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
        policy: What the settings say of the stage; None where they cannot be read.
        patience: How long a pointer may be held open by somebody; default 5 s on Windows.
    """
    patience = patience or Patience(session.clock)
    failed: list[Deployment] = []
    said = path = ""
    if policy is None:
        failed.append(Deployment("pending", _NO_SETTINGS, "", model, stage, "Correct it."))
    try:
        following = Following(session, model, stage)
        for place in destinations(session, model, stage, policy or StagePolicy(stage), patience):
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
    return Deployment("deployed" if outside else "not configured", said, path, model, stage)


def destinations(
    session: Session, model: str, stage: str, policy: StagePolicy, patience: Patience
) -> Iterator[Destination]:
    """Yield where a stage's pointers are to be, the workspace's own first."""
    yield InWorkspace(session.root, model, stage, patience)
    if policy.deploy_to:
        yield Outside(session, folder_of(session.root, policy.deploy_to), model, stage, patience)


class Following:
    """What the journal of a model says of a stage, read anew whenever it is asked."""

    def __init__(self, session: Session, model: str, stage: str) -> None:
        self._journal = FolderJournal(session.root, model)
        self._workspace = session.workspace.id if session.workspace else ""
        self._events: tuple[Event, ...] = ()
        self.stage = stage

    def wanted(self) -> Pointer | None:
        """Return what the pointer must say now, or None where nothing was ever promoted.

        Raises:
            FormatError: The journal cannot be read to its end: an older pointer must not be made.
        """
        reading = self._journal.read(known=self._events)
        if reading.unreadable:
            raise FormatError(
                f"{reading.unreadable.path} cannot be read, so it is not known "
                f"what {self._journal.model}@{self.stage} is."
            )
        self._events = reading.events
        return pointers.of(fold(self._journal.model, reading), self.stage, self._workspace)


def settle(following: Following, place: Destination) -> str:
    """Repeat until a place says what the journal says; return what a person should know.

    After every write the journal is read again: a slow writer that put an older pointer over a
    newer one sees that it did, and mends it.

    Raises:
        ConflictError: The stage kept changing.
        WorkbenchError: The place cannot be used, or the files are damaged.
        OSError: It cannot be written.
    """
    said = ""
    for _ in range(_MOST_ROUNDS):
        wanted = following.wanted()
        if wanted is None:
            return said
        said = place.prepare(wanted) or said
        if following.wanted() != wanted:  # copying takes time: never point back
            continue
        if not says(place, wanted):
            place.point(wanted)
        if following.wanted() == wanted and says(place, wanted):
            return said
    raise ConflictError("The stage kept changing while it was deployed.")


def says(place: Destination, wanted: Pointer) -> bool:
    """Say whether the pointer of a place is the one that is wanted; one that is torn is not."""
    try:
        return place.patience(lambda: pointers.read(place.file)) == place.meant(wanted)
    except FormatError:
        return False


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
