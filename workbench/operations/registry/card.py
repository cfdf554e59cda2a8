"""What a person is shown before a stage changes, and what they are told afterwards.

Values only. `gate.gate` and `rollback.card` make a card, screens and commands show it, and
`promote.promote` and `rollback.roll_back` take it back: what the person saw is in it, so that
a change in between is noticed. Nothing on a card is ever trusted as still true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from workbench.registry.checks import Outcome, Result, StagePolicy
from workbench.registry.event import Event
from workbench.registry.state import Holding, State

if TYPE_CHECKING:
    from workbench.operations.registry.deploying import Deployment

CardKind: TypeAlias = Literal["promote", "roll back"]


class Delta(NamedTuple):
    """A metric of the version that comes beside that of the version that goes."""

    metric: str
    was: float | None
    """Last value of the version that holds the stage; None where it has none."""
    now: float | None
    """Last value of the version that is to hold it."""
    better: bool | None
    """None where nobody said what is better, or nothing changed or can be compared."""
    goal: str = ""
    """``max``, ``min`` or nothing known."""


class Waiting(NamedTuple):
    """Somebody whose word a check waits for."""

    check: str
    kind: Literal["manual", "approval"]
    people: tuple[str, ...]
    """Who may give it; empty for anybody but those ``sentence`` rules out."""
    missing: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Card:
    """One change of one stage, with everything that speaks for and against it."""

    kind: CardKind
    model: str
    stage: str
    version: int | None
    """What the stage becomes; None empties it."""
    was: int | None
    """What holds it, as seen; None while it is empty."""
    holding: Holding | None
    """How it came to be as it is: who, when and why. None where nothing ever happened."""
    seen: State
    """The journal as the person saw it."""
    policy: StagePolicy
    """What the settings ask; without checks where the settings cannot be read."""
    settings_hash: str = ""
    deltas: tuple[Delta, ...] = ()
    signature: tuple[str, ...] = ()
    """How the columns differ from those of the version that goes, in sentences."""
    data: tuple[str, ...] = ()
    """How the datasets differ."""
    checks: tuple[Result, ...] = ()
    objections: tuple[str, ...] = ()
    """Why it cannot be done now; nothing overrides these."""
    damage: str = ""
    """What is amiss with the files of the version, one of the objections; empty for nothing."""
    changed_rules: tuple[str, ...] = ()
    """What the stage asks that it did not ask at the last promotion, and the reverse."""
    asks: tuple[Waiting, ...] = ()
    """Whose word is missing."""
    targets: tuple[int, ...] = ()
    """Versions the stage may be given back to, the default first."""
    deploys_to: str = ""
    """A folder outside the workspace that gets a copy; empty for none."""
    said: tuple[str, ...] = ()
    """What else there is to know: settings that cannot be read, a holder whose files changed."""

    @property
    def in_the_way(self) -> tuple[Result, ...]:
        """Return the checks that must be overridden with a reason, one each."""
        return tuple(one for one in self.checks if not one.passed)

    @property
    def outcome(self) -> Outcome:
        """Return what all checks together amount to: the worst of them."""
        found = {one.outcome for one in self.checks}
        return "fails" if "fails" in found else "undecided" if "undecided" in found else "holds"


@dataclass(frozen=True, slots=True)
class Done:
    """What happened: the event is in the journal, whatever became of the deployment."""

    event: Event
    deployment: "Deployment"
    repeated: bool = False
    """It was recorded by an earlier try whose answer never came; nothing was added now."""
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Reason by name of the check that was overridden."""
