"""Giving a stage back to a version that held it: no gate, no approval, no thaw is asked for.

It has to work on the worst day: with settings that cannot be read, a frozen stage, a champion
whose files are damaged. The one thing it insists on is that what comes back is whole.
"""

from functools import partial

from workbench.errors import ConflictError, SettingsError, UsageError, WorkbenchError
from workbench.operations.registry.card import Card, Done
from workbench.operations.registry.deploying import Deployment, deploy
from workbench.operations.registry.destinations import agree_to
from workbench.operations.registry.differences import (
    data_differences,
    metric_deltas,
    signature_differences,
)
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.recording import Act, reason_of, record
from workbench.operations.registry.settling import Following
from workbench.operations.registry.stages import policy_or_fault
from workbench.operations.session import Session
from workbench.registry import manifest
from workbench.registry.changes import what_changed
from workbench.registry.checks import Policy, StagePolicy
from workbench.registry.event import ROLLED_BACK
from workbench.registry.objections import rollback_targets, rolling_back
from workbench.registry.state import State


def card(
    session: Session, model: str, stage: str, to: int | None = None, *, empty: bool = False
) -> Card:
    """Return what would change if a stage were given back.

    Args:
        session: Where, and who asks.
        model: Name of the model.
        stage: Name of the stage.
        to: A former holder; default the latest that was never rolled away from and whose
            files are whole. Where there is none, the card empties the stage.
        empty: Empty the stage, whoever held it before.

    Raises:
        NotFoundError: There is no such model.
    """
    state = read_state(session, model)
    policy, fault = policy_or_fault(session)
    able = rollback_targets(state, stage)
    damaged: dict[int, str] = {}
    chosen = to
    if to is None and not empty:
        chosen = _first_whole(session, state, able, damaged)
    rules = policy.stages.get(stage) if policy else None
    was = state.stage(stage).holder
    version = state.versions.get(chosen) if chosen is not None else None
    champion = state.versions.get(was) if was is not None else None
    return Card(
        kind="roll back",
        model=model,
        stage=stage,
        version=chosen,
        was=was,
        holding=state.stage(stage).holding,
        seen=state,
        policy=rules or StagePolicy(stage),
        settings_hash=policy.settings_hash if policy else "",
        deltas=metric_deltas(version, champion, {**session.goals, **session.settings.goals}),
        signature=signature_differences(version, champion) if version else (),
        data=data_differences(version, champion) if version else (),
        objections=_objections(session, state, stage, chosen),
        targets=tuple(one for one in able if one not in damaged),
        deploys_to=_deploys_to(session, model, stage, policy),
        said=(*_said(fault, able, chosen, empty=empty), *damaged.values()),
    )


def roll_back(session: Session, card: Card, reason: str) -> Done:
    """Give the stage of a card back and bring it to consumers.

    Raises:
        UsageError: No reason.
        NotAllowedError: There is nothing to give back, its files are damaged, or nothing can
            be written here.
        ConflictError: Somebody changed the stage since.
        UnknownOutcomeError: Nobody can tell whether it was recorded; say it again.
    """
    session.require_writable()
    if card.kind != "roll back":
        raise UsageError("This card is not of a rollback.")
    act = Act(ROLLED_BACK, card.model, card.version, card.stage, reason_of(reason))
    done = record(
        session,
        act,
        objections=partial(_still, session, card),
        details=lambda now: {"from": now.stage(card.stage).holder},
        saw={"seq": card.seen.seq, "holder": card.was},
    )
    agree_to(session, card.deploys_to)
    return Done(done.event, _deployed(session, card), done.repeated)


def _still(session: Session, card: Card, now: State) -> tuple[str, ...]:
    """Return why the stage cannot be given back now.

    Raises:
        ConflictError: The stage is not as the person saw it.
    """
    before, after = card.seen.stage(card.stage).holding, now.stage(card.stage).holding
    if (before and before.event.id) != (after and after.event.id):
        changed = what_changed(card.seen, now, card.stage, now=session.clock.now())
        raise ConflictError(" ".join(changed), hint="Look again, and decide again.")
    return _objections(session, now, card.stage, card.version)


def _objections(session: Session, state: State, stage: str, to: int | None) -> tuple[str, ...]:
    said = rolling_back(state, stage, to)
    if said or to is None:
        return said
    problem = _damage(session, state, to)
    return (problem,) if problem else ()


def _first_whole(
    session: Session, state: State, able: tuple[int, ...], damaged: dict[int, str]
) -> int | None:
    """Return the first target whose files are whole; say of those before it why not."""
    for number in able:
        problem = _damage(session, state, number)
        if not problem:
            return number
        damaged[number] = problem
    return None


def _damage(session: Session, state: State, number: int) -> str:
    problems = manifest.check(session.root, state.model, state.versions[number].manifest)
    return f"v{number} cannot come back: {problems[0]}" if problems else ""


def _said(
    fault: SettingsError | None, able: tuple[int, ...], chosen: int | None, *, empty: bool
) -> tuple[str, ...]:
    said = []
    if fault is not None:
        said.append(
            f"{fault.message} Rolling back works, and is deployed as the last promotion was."
        )
    if chosen is None and not empty:
        which = "whose files are whole " if able else ""
        said.append(f"No former holder {which}can take it back: the stage would be empty.")
    return tuple(said)


def _deploys_to(session: Session, model: str, stage: str, policy: Policy | None) -> str:
    """Return the folder that is written outside; without settings, that of the last promotion."""
    if policy is not None:
        return policy.stages[stage].deploy_to if stage in policy.stages else ""
    try:
        return Following(session, model, stage).as_last_promoted().deploy_to
    except WorkbenchError:
        return ""  # deploying says why, after what is recorded


def _deployed(session: Session, card: Card) -> Deployment:
    """Bring what the journal says to consumers; without settings, to those it had until now."""
    policy, _ = policy_or_fault(session)
    rules = policy.stages.get(card.stage, StagePolicy(card.stage)) if policy else None
    return deploy(session, card.model, card.stage, rules)
