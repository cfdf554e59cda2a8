"""May a version take a stage, and what would that change? Looking only; nothing is written."""

from collections.abc import Sequence

from workbench.operations.edits import actor
from workbench.operations.registry.card import Card, Waiting
from workbench.operations.registry.differences import (
    data_differences,
    metric_deltas,
    rules_since,
    signature_differences,
)
from workbench.operations.registry.evaluating import Subject, evaluate_all, subject_of
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.registry.signatures import person_by_key, signed, signers_to_know
from workbench.operations.registry.stages import known_stage
from workbench.operations.registry.words_given import Asked, approvals
from workbench.operations.session import Session
from workbench.registry.changes import rolled_back
from workbench.registry.checks import Check, Policy, Result
from workbench.registry.objections import promoting
from workbench.registry.policy import read_policy
from workbench.registry.state import State, Version
from workbench.words import visible


def gate(session: Session, model: str, version: int, stage: str) -> Card:
    """Return what would change if a version took a stage, every check evaluated now.

    Args:
        session: Where, and who asks.
        model: Name of the model.
        version: Number of the version.
        stage: Name of the stage.

    Raises:
        NotFoundError: There is no such model or version.
        UsageError: There is no such stage.
        SettingsError: ``workbench.toml`` cannot be read; without its rules nothing is promoted.
    """
    policy = read_policy(session.root)
    known_stage(policy, stage)
    state = read_state(session, model)
    return card_of(session, policy, state, version_of(state, version), stage)


def card_of(session: Session, policy: Policy, state: State, version: Version, stage: str) -> Card:
    """Return the card of a promotion for a journal that was read already."""
    rules = policy.stages[stage]
    asked = Asked(
        state,
        version,
        rules,
        actor(session),
        signed(session, state.model, rules),
        person_by_key(session, rules),
    )
    subject = subject_of(session, asked)
    champion = subject.champion
    results = evaluate_all(subject)
    damage = _damage(subject)
    now = session.clock.now()
    against = promoting(state, version.number, stage, rules, now)
    goals = {**session.goals, **session.settings.goals}
    signers = signers_to_know(session, rules)
    before = rolled_back(state, version.number, stage, now=now)
    return Card(
        kind="promote",
        model=state.model,
        stage=stage,
        version=version.number,
        was=state.stage(stage).holder,
        holding=state.stage(stage).holding,
        seen=state,
        policy=rules,
        settings_hash=policy.settings_hash,
        deltas=metric_deltas(version, champion, goals),
        signature=signature_differences(version, champion),
        data=data_differences(version, champion),
        checks=results,
        objections=(*against, damage) if damage else against,
        damage=damage,
        changed_rules=rules_since(state, rules),
        asks=_asks(asked, results),
        deploys_to=rules.deploy_to,
        said=(*before, signers) if signers else before,
    )


def _damage(subject: Subject) -> str:
    """Return what is amiss with the files; those of a deleted version are not looked for."""
    if subject.version.deleted is not None or not (problems := subject.damage()):
        return ""
    name = f"{subject.asked.state.model}@{subject.version.number}"
    return f"{name} is not as it was registered: {problems[0]} Register it again."


def _asks(asked: Asked, results: Sequence[Result]) -> tuple[Waiting, ...]:
    """Return whose word is missing, for every check that waits for people."""
    found = []
    for result in results:
        if result.passed:
            continue
        check = result.check
        if check.kind == "approval":
            missing = int(check.options.get("count", 1)) - len(approvals(asked, check).people)
            people = _people(check, "from")
            found.append(Waiting(check.name, "approval", people, missing, result.sentence))
        elif check.kind == "manual":
            found.append(Waiting(check.name, "manual", _people(check, "by"), 1, result.sentence))
    return tuple(found)


def _people(check: Check, option: str) -> tuple[str, ...]:
    return tuple(visible(str(one)) for one in check.options.get(option) or ())
