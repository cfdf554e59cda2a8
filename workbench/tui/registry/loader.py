"""What the screens of the registry fetch away from the UI thread.

Every function takes a session and returns a frozen value; none touches a widget.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.operations.registry.listing import ModelLine
    from workbench.registry.checks import Policy
    from workbench.registry.state import State

_USUAL = ("staging", "production")


class Models(NamedTuple):
    """All models, and what their list needs beside."""

    lines: "tuple[ModelLine, ...]"
    stages: tuple[str, ...]
    """In the order of the settings; others that anything ever happened to after them."""
    overdue: Mapping[tuple[str, str], str]
    """Why the pointer of a model's stage is not what the journal says; looked for afterwards,
    as it takes a look at every journal."""
    now: float
    """Seconds since 1970."""
    settings_fault: str = ""
    """Why `workbench.toml` cannot be read: nothing can be promoted then."""
    asked: tuple[str, ...] = ()
    """The metrics that checks name, the most important first."""
    drift: Mapping[tuple[str, str], int] = MappingProxyType({})
    """Alerts of drift that nobody acknowledged, by model and stage."""
    elsewhere: tuple[str, ...] = ()
    """Where there is none: what the stores of other tools hold, in sentences."""


class ModelPage(NamedTuple):
    """A model, and what its page needs beside."""

    state: "State"
    policy: "Policy | None"
    """None where the settings cannot be read."""
    settings_fault: str
    stages: tuple[str, ...]
    overdue: Mapping[str, str]
    """Why a stage's pointer is not what the journal says, by stage."""
    goals: Mapping[str, str]
    now: float
    actor: str
    asked: tuple[str, ...] = ()
    """The metrics that checks name, the most important first."""
    drift: Mapping[str, int] = MappingProxyType({})
    """Alerts of drift that nobody acknowledged, by stage."""


def load_models(session: Session) -> Models:
    """Return all models with their stages, as the catalogue and the settings say."""
    from workbench.operations.registry.elsewhere import (  # noqa: PLC0415 - when asked for
        models_elsewhere,
        sentence,
    )
    from workbench.operations.registry.listing import models  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.metric_order import asked_metrics  # noqa: PLC0415

    lines = models(session)
    policy, fault = settings(session)
    used = (stage.stage for line in lines for stage in line.stages)
    elsewhere = () if lines else tuple(sentence(one) for one in models_elsewhere(session))
    return Models(
        lines, stages_of(policy, used), MappingProxyType({}), session.clock.now(), fault,
        asked_metrics(policy), drift_alerts(session), elsewhere,
    )  # fmt: skip


def load_model(session: Session, model: str) -> ModelPage:
    """Return one model as its journal says now.

    Raises:
        NotFoundError: There is no such model.
    """
    from workbench.operations.edits import actor  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.metric_order import asked_metrics  # noqa: PLC0415
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415

    found = state(session, model)
    policy, fault = settings(session)
    late = {stage: why for (_, stage), why in overdue(session, (model,)).items()}
    drift = {stage: count for (of, stage), count in drift_alerts(session).items() if of == model}
    return ModelPage(
        found, policy, fault, stages_of(policy, found.stages), late,
        goals_of(found, session.goals), session.clock.now(), actor(session),
        asked_metrics(policy), drift,
    )  # fmt: skip


def drift_alerts(session: Session) -> Mapping[tuple[str, str], int]:
    """Return how many alerts of drift nobody acknowledged, by model and stage."""
    from workbench.operations.drift.alerts import alerts  # noqa: PLC0415 - when asked for

    return Counter((one.model, one.stage) for one in alerts(session) if one.model)


def settings(session: Session) -> "tuple[Policy | None, str]":
    """Return what the settings ask of stages, or why they cannot be read."""
    from workbench.operations.registry.stages import policy_or_fault  # noqa: PLC0415 - when asked for

    policy, fault = policy_or_fault(session)
    if fault is None:
        return policy, ""
    return None, str(fault).replace(f"{session.root}{os.sep}", "")


def overdue(
    session: Session, models: Collection[str] | None = None
) -> Mapping[tuple[str, str], str]:
    """Return why pointers are not what the journals say, by model and stage."""
    from workbench.operations.registry import deploying  # noqa: PLC0415 - when asked for

    if session.workspace is None:
        return MappingProxyType({})
    return {(late.model, late.stage): late.why for late in deploying.overdue(session, models)}


def repaired(
    session: Session, models: Collection[str] | None = None
) -> Mapping[tuple[str, str], str]:
    """Bring pointers up to date that somebody left undone, and return what is still overdue."""
    from workbench.operations.registry import deploying  # noqa: PLC0415 - when asked for

    if session.workspace is not None and session.writable:
        deploying.repair(session, models)
    return overdue(session, models)


def stages_of(policy: "Policy | None", used: Iterable[str]) -> tuple[str, ...]:
    """Return stages in the order of the settings, then those that were ever used."""
    known = tuple(policy.stages) if policy is not None else _USUAL
    return (*known, *sorted({stage for stage in used if stage not in known}))


def goals_of(state: "State", session_goals: Mapping[str, str]) -> dict[str, str]:
    """Return which way is better, by metric: as the versions say, then as this workspace does."""
    found: dict[str, str] = {}
    for version in state.versions.values():
        goals = version.event.details.get("goals")
        if isinstance(goals, Mapping):
            found |= {str(name): str(goal) for name, goal in goals.items()}
    return {**found, **session_goals}
