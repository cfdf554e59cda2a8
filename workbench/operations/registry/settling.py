"""Making one place say what the journal says, however many try at once.

A pointer is derived, so the last word is always the journal's: whoever wrote a pointer reads the
journal again afterwards, and repeats until both agree.
"""

from typing import TYPE_CHECKING, Final

from workbench.errors import ConflictError, FormatError
from workbench.operations.registry.destinations import Destination
from workbench.operations.session import Session
from workbench.registry import pointer as pointers
from workbench.registry.checks import StagePolicy
from workbench.registry.event import PROMOTED
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal, was_made_from
from workbench.registry.pointer import Pointer
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.registry.event import Event

_MOST_ROUNDS: Final = 50
"""Times a stage may change while it is deployed, before it is left to those who change it."""


class Following:
    """What the journal of a model says of a stage, read anew whenever it is asked."""

    def __init__(self, session: Session, model: str, stage: str) -> None:
        self._journal = followed_journal(session.root, model)
        self._workspace = session.workspace.id if session.workspace else ""
        self._events: tuple[Event, ...] = ()
        self.stage = stage

    def as_last_promoted(self) -> StagePolicy:
        """Return a policy that deploys to where the stage's last promotion went.

        Raises:
            FormatError: The journal cannot be read to its end, or does not say.
        """
        self.wanted()
        for event in reversed(self._events):
            folder = event.details.get("deploy_to")
            if event.kind == PROMOTED and event.stage == self.stage and isinstance(folder, str):
                return StagePolicy(self.stage, deploy_to=folder)
        raise FormatError(
            "workbench.toml cannot be read, so it is not known where to deploy to.",
            hint="Correct it.",
        )

    def wanted(self) -> Pointer | None:
        """Return what the pointer must say now, or None where nothing was ever promoted.

        Raises:
            FormatError: The journal cannot be read to its end: an older pointer must not be made.
        """
        reading = self._journal.read(known=self._events)
        if reading.unreadable:
            raise FormatError(
                f"{reading.unreadable.path} cannot be read, so it is not known "
                f"what {self._journal.model}@{self.stage} is: {reading.unreadable.reason}",
                hint="Run `workbench doctor --registry`.",
            )
        self._events = reading.events
        return pointers.of(fold(self._journal.model, reading), self.stage, self._workspace)

    def refuse_backwards(self, place: Destination, there: Pointer | None) -> None:
        """Do nothing if a pointer was made from the journal as it was read last.

        Raises:
            FormatError: The journal does not have its event, so that writing it anew would point
                back to what was before.
        """
        if there is not None and self._is_ours(there) and not was_made_from(there, self._events):
            raise FormatError(
                f"{visible(str(place.file))} was made from event {there.seq}, which the journal "
                f"of {there.model} does not have: its end is missing or another one.",
                hint="Bring the missing events back; if they are lost, move that file away.",
            )

    def _is_ours(self, pointer: Pointer) -> bool:
        ours = (self._workspace, self._journal.model, self.stage)
        return (pointer.workspace, pointer.model, pointer.stage) == ours


def settle(following: Following, place: Destination) -> str:
    """Repeat until a place says what the journal says; return what a person should know.

    After every write the journal is read again: a slow writer that put an older pointer over a
    newer one sees that it did, and mends it.

    Raises:
        ConflictError: The stage kept changing.
        FormatError: The journal lacks what the place was brought up to before.
        WorkbenchError: The place cannot be used, or the files are damaged.
        OSError: It cannot be written.
    """
    said = ""
    for _ in range(_MOST_ROUNDS):
        wanted = forwards(following, place)
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


def forwards(following: Following, place: Destination) -> Pointer | None:
    """Return what a place must say, as `Following.wanted`.

    Raises:
        FormatError: The journal cannot be read to its end, or lacks what the place was made from.
    """
    there = _there(place)
    wanted = following.wanted()  # after the pointer: what that was made from must be in it
    following.refuse_backwards(place, there)
    return wanted


def says(place: Destination, wanted: Pointer) -> bool:
    """Say whether the pointer of a place is the one that is wanted; one that is torn is not."""
    return _there(place) == place.meant(wanted)


def _there(place: Destination) -> Pointer | None:
    """Return the pointer of a place; one that is torn is none, and written anew."""
    try:
        return place.patience(lambda: pointers.read(place.file))
    except FormatError:
        return None
