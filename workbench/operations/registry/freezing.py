"""Keeping a stage as it is for a while. Rolling back still works: a freeze is not a trap."""

from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.recording import Act, reason_of, record
from workbench.operations.registry.stages import stage_to_change
from workbench.operations.session import Session
from workbench.registry import objections
from workbench.registry.event import FROZEN, UNFROZEN, Event


def freeze(
    session: Session, model: str, stage: str, reason: str, until: float | None = None
) -> Event:
    """Let nobody promote into a stage.

    Args:
        session: Where, and who.
        model: Name of the model.
        stage: Name of the stage.
        reason: Why.
        until: Seconds since 1970; None until somebody thaws it.

    Raises:
        UsageError: No reason, or no such stage.
        NotAllowedError: The end is past, or it is frozen until then already.
    """
    stage_to_change(session, read_state(session, model), stage)
    act = Act(FROZEN, model, None, stage, reason_of(reason), {"until": until})
    return record(
        session,
        act,
        objections=lambda now: objections.freezing(now, stage, until, session.clock.now()),
    ).event


def unfreeze(session: Session, model: str, stage: str, reason: str) -> Event:
    """Let a frozen stage change again.

    Raises:
        UsageError: No reason.
        NotAllowedError: It is not frozen.
    """
    act = Act(UNFROZEN, model, None, stage, reason_of(reason))
    return record(
        session, act, objections=lambda now: objections.unfreezing(now, stage, session.clock.now())
    ).event
