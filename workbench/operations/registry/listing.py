"""Registered models and their versions, from the catalogue: for looking, never for deciding."""

from workbench.catalogue import registered
from workbench.catalogue.registered import (
    FreezeLine,
    ModelLine,
    RequestLine,
    StageLine,
    VersionDataset,
    VersionLine,
)
from workbench.operations.registry.stages import policy_or_fault
from workbench.operations.registry.waiting import requests, waiting_for
from workbench.operations.session import Session
from workbench.registry.policy import STAGES

__all__ = [
    "FreezeLine", "ModelLine", "RequestLine", "StageLine", "VersionDataset", "VersionLine",
    "models", "requests", "versions", "waiting_for",
]  # fmt: skip


def models(session: Session, filter: str = "") -> tuple[ModelLine, ...]:  # noqa: A002 - the field's word
    """Return the registered models, by name.

    Args:
        session: Where.
        filter: Words that must all stand in a model's name, description, or what holds its
            stages (``production``, ``production@3``); capitals do not matter.
    """
    policy, _ = policy_or_fault(session)
    order = tuple(policy.stages) if policy else STAGES
    found = registered.models(session.catalogue, session.clock.now(), order)
    asked = filter.casefold().split()
    return tuple(one for one in found if all(word in _searched(one) for word in asked))


def versions(session: Session, model: str) -> tuple[VersionLine, ...]:
    """Return the versions of a model, deleted ones too, newest first; none if there is no such."""
    return registered.versions(session.catalogue, model)


def _searched(one: ModelLine) -> str:
    held = (f"{line.stage}@{line.version}" for line in one.stages if line.version is not None)
    return " ".join((one.name, one.description, *held)).casefold()
