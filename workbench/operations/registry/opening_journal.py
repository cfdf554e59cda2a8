"""The journal of a model, opened where a session is, and what it says right now.

Every act reads the folder anew: the catalogue is for looking, never for deciding.
"""

from difflib import get_close_matches

from workbench.errors import FormatError, NotFoundError
from workbench.ids import is_path_name
from workbench.operations.registry.rooted import Rooted
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal
from workbench.registry.journal import FolderJournal, models
from workbench.registry.state import State, Version
from workbench.words import visible


def journal(session: Rooted, model: str) -> FolderJournal:
    """Return the journal of a model, whether or not anything stands in it yet.

    Raises:
        NotFoundError: No model can have this name.
    """
    if not is_path_name(model):
        raise NotFoundError(
            f"No model can be called {visible(model)!r}.",
            hint="Write small letters, digits, dots, dashes and underscores.",
        )
    return followed_journal(session.root, model)


def state(session: Rooted, model: str) -> State:
    """Return what the journal of a model says now, read from the folder.

    Raises:
        NotFoundError: There is no such model.
    """
    reading = journal(session, model).read()
    if not reading.events and reading.unreadable is None:
        raise _no_such_model(session, model)
    return fold(model, reading)


def version_of(known: State, number: int) -> Version:
    """Return a version of a model.

    Raises:
        NotFoundError: It was never registered.
        FormatError: It is not known whether it was: an event cannot be read.
    """
    found = known.versions.get(number)
    if found is None and known.unreadable is not None:
        raise FormatError(
            f"It cannot be told whether there is a {known.model}@{number}: "
            f"{visible(known.unreadable.path)} cannot be read. {visible(known.unreadable.reason)}",
            hint="Run `workbench doctor --registry`.",
        )
    if found is None:
        there = ", ".join(map(str, sorted(known.versions)[-8:]))
        raise NotFoundError(
            f"{known.model} has no version {number}.",
            hint=f"Name one of: {there}."
            if there
            else f"Register one: workbench register RUN {known.model}",
        )
    return found


def _no_such_model(session: Rooted, model: str) -> NotFoundError:
    known = models(session.root)
    near = get_close_matches(model, known, n=3) or list(known[:8])
    return NotFoundError(
        f"There is no model {model}.",
        hint=f"Did you mean {' or '.join(near)}?" if near else "Register one: workbench register.",
    )
