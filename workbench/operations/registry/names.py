"""Names of versions as people write them: ``churn@3``, ``churn@production``, ``models:/churn/3``.

Resolved from the journal itself, never from the catalogue: what a consumer loads must not be
behind.
"""

from difflib import get_close_matches
from typing import Final, NamedTuple

from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.ids import is_path_name, is_stage_name
from workbench.operations.registry.opening_journal import state, version_of
from workbench.operations.registry.rooted import Rooted
from workbench.operations.registry.stages import policy_or_fault
from workbench.registry.folding import at as as_it_was
from workbench.registry.policy import STAGES
from workbench.registry.state import State, Version
from workbench.words import moment, visible

_SCHEME: Final = "models:/"
_HOW: Final = "Write churn@3 for a version or churn@production for what holds a stage."
_LONGEST_NUMBER: Final = 9


class Ref(NamedTuple):
    """A model, perhaps with one of its versions or one of its stages."""

    model: str
    version: int | None = None
    stage: str | None = None

    def __str__(self) -> str:
        """Return the short form."""
        of = self.stage if self.version is None else self.version
        return self.model if of is None else f"{self.model}@{of}"


def parse(text: str) -> Ref:
    """Return what a name means; nothing is looked up.

    Raises:
        UsageError: It is no name of a model, a version or a stage.
    """
    whole = text.strip()
    name = whole.removeprefix(_SCHEME)
    if name == whole:
        model, sign, rest = name.partition("@")
    else:
        model, sign, rest = _split(name)
    if not is_path_name(model) or (sign and not rest):
        raise UsageError(f"{visible(text)!r} names no version of a model.", hint=_HOW)
    if not sign:
        return Ref(model)
    if rest.isascii() and rest.isdigit():
        return Ref(model, version=_number(text, rest))
    if not is_stage_name(rest):
        raise UsageError(f"{visible(rest)!r} is neither a version nor a stage.", hint=_HOW)
    return Ref(model, stage=rest)


def resolve(session: Rooted, ref: Ref, at: float | None = None) -> tuple[State, Version]:
    """Return the version a name means, and everything its model's journal said then.

    Args:
        session: Where.
        ref: A version, or a stage, which means what holds it.
        at: As it was then, in seconds since 1970; None for now.

    Raises:
        NotFoundError: There is no such model, version or stage, or the stage is empty.
        FormatError: What held the stage stands in a journal that cannot be read so far.
        UsageError: Only a model is named.
    """
    now = state(session, ref.model)
    then = now if at is None else as_it_was(now, at)
    if ref.version is not None:
        if at is not None and ref.version in now.versions and ref.version not in then.versions:
            raise NotFoundError(
                f"{ref} was not registered yet on {moment(at)}.",
                hint=f"It was on {moment(now.versions[ref.version].event.effective)}.",
            )
        return then, version_of(then, ref.version)
    if ref.stage is None:
        raise UsageError(f"{ref.model} names a model and none of its versions.", hint=_HOW)
    return then, _holder(session, now, then, ref, at)


def _holder(session: Rooted, now: State, then: State, ref: Ref, at: float | None) -> Version:
    """Return the version that holds a stage."""
    stage = ref.stage or ""
    _check_stage(session, now, stage)
    _require_known(now, ref, at)
    number = then.stage(stage).holder
    if number is None:
        when = "" if at is None else f" on {moment(at)}"
        verb = "holds" if at is None else "held"
        raise NotFoundError(
            f"No version of {ref.model} {verb} {stage}{when}.",
            hint=f"See what is there with: workbench history {ref.model}",
        )
    return version_of(then, number)


def _require_known(now: State, ref: Ref, at: float | None) -> None:
    """Refuse to guess: an event that cannot be read may have put another version there.

    It came no earlier than the last one that can be read; what was before that is known.

    Raises:
        FormatError: It cannot be told what holds the stage, or held it then.
    """
    broken = now.unreadable
    if broken is None or (at is not None and now.events and at < now.events[-1].effective):
        return
    raise FormatError(
        f"It cannot be told what holds {ref}: {visible(broken.path)} cannot be read."
        f" {visible(broken.reason)}",
        hint="Run `workbench doctor --registry`, or name a version by its number.",
    )


def _check_stage(session: Rooted, known: State, stage: str) -> None:
    """Do nothing if there is such a stage, in the settings or in the journal.

    Raises:
        NotFoundError: There is none; names those there are.
    """
    policy, _ = policy_or_fault(session)
    there = dict.fromkeys((*(policy.stages if policy else STAGES), *known.stages))
    if stage in there:
        return
    if stage[:1] == "v" and stage[1:].isdigit():
        hint = f"Write {known.model}@{stage[1:]} for a version."
    else:
        near = get_close_matches(stage, there, n=1)
        listed = ", ".join(map(visible, there))
        hint = f"Did you mean {near[0]}? There are: {listed}." if near else f"Use one of: {listed}."
    raise NotFoundError(f"There is no stage {visible(stage)}.", hint=hint)


def _split(name: str) -> tuple[str, str, str]:
    """Return model, separator and the rest of what follows ``models:/``."""
    at, slash = name.partition("@"), name.partition("/")
    return at if len(at[0]) <= len(slash[0]) else slash


def _number(text: str, digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER or int(digits) == 0:
        raise UsageError(f"{visible(text)!r} names no version: they are counted from 1.")
    return int(digits)
