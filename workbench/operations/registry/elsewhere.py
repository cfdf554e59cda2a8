"""Models registered in the stores of other tools that are followed: to look at, never to change.

They are no models of this registry until they are imported: nothing here approves, promotes or
deploys one. Read when asked for, because no catalogue remembers them.
"""

from pathlib import Path
from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.registered import HoldsModels, RegisteredModel
from workbench.operations.session import Session
from workbench.words import plural, visible

_NAMED = 5
"""Models whose names fit a sentence."""


class Elsewhere(NamedTuple):
    """What the registry of another tool's store holds."""

    title: str
    """The store's, for people."""
    path: Path
    models: tuple[RegisteredModel, ...]


def models_elsewhere(session: Session) -> tuple[Elsewhere, ...]:
    """Return the registered models of the stores that are followed; what cannot be read is none."""
    found = []
    for source in session.sources():
        if isinstance(source.reader, HoldsModels):
            try:
                models = tuple(source.reader.registry(source.root).models)
            except (WorkbenchError, OSError):
                continue  # what is wrong with a store is told of its runs
            if models:
                found.append(Elsewhere(source.reader.title, source.root, models))
    return tuple(found)


def sentence(one: Elsewhere) -> str:
    """Return what to say of a registry elsewhere: what it holds, and how to have it here."""
    names = [visible(model.name) for model in one.models[:_NAMED]]
    more = ", ..." if len(one.models) > _NAMED else ""
    held = f"{plural(len(one.models), 'registered model')} ({', '.join(names)}{more})"
    return (
        f"The {one.title} here holds {held}; "
        f"`workbench import {visible(str(one.path))}` brings it into a workspace."
    )
