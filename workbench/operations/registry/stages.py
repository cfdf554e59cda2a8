"""Which stages there are, with settings and without: what must work on a bad day asks here."""

from workbench.errors import SettingsError, UsageError
from workbench.operations.registry.rooted import Rooted
from workbench.registry.checks import Policy
from workbench.registry.policy import read_policy
from workbench.registry.state import State
from workbench.words import visible


def policy_or_fault(session: Rooted) -> tuple[Policy | None, SettingsError | None]:
    """Return the rules, or why they cannot be read: looking and rolling back go on without."""
    try:
        return read_policy(session.root), None
    except SettingsError as error:
        return None, error


def known_stage(policy: Policy, stage: str) -> None:
    """Do nothing if the settings have a stage.

    Raises:
        UsageError: They do not.
    """
    if stage not in policy.stages:
        raise _no_such_stage(stage, tuple(policy.stages))


def stage_to_change(session: Rooted, state: State, stage: str) -> None:
    """Do nothing if a stage is in the settings or in the journal.

    Without settings that can be read any stage may be frozen: that is what a person wants then.

    Raises:
        UsageError: It is in neither.
    """
    policy, _ = policy_or_fault(session)
    if policy is None or stage in policy.stages or stage in state.stages:
        return
    raise _no_such_stage(stage, tuple(policy.stages))


def _no_such_stage(stage: str, stages: tuple[str, ...]) -> UsageError:
    return UsageError(
        f"There is no stage {visible(stage)!r}.", hint=f"Name one of: {', '.join(stages)}."
    )
