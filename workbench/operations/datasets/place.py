"""Where a dataset is registered, by whom, and what is said of it there; no catalogue is opened."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.datasets import declared
from workbench.datasets.declared import Declaration
from workbench.errors import SettingsError
from workbench.operations.datasets.fields import held
from workbench.operations.edits import named
from workbench.operations.places import cache_folder
from workbench.operations.session import Session
from workbench.runs.edits import DATASET, Held
from workbench.settings import DEFAULTS, SETTINGS, open_workspace, read_settings
from workbench.sync.amendments import Amendments


class Place(NamedTuple):
    """What registering needs to know of a workspace."""

    root: Path
    actor: str
    clock: Clock
    cache: Path
    """Of this machine, for what can be made again."""
    held: Callable[[str], Mapping[str, Held]]
    """What people said of a dataset by hand."""


def place_of(session: Session) -> Place:
    """Return where a session registers.

    Raises:
        NotAllowedError: Nothing can be written there.
    """
    root = session.require_writable()
    actor = named(session.settings.user)
    return Place(root, actor, session.clock, session.cache, lambda name: held(session, name))


def place_at(root: Path, clock: Clock) -> Place:
    """Return where a script registers, which opens no session.

    Raises:
        NotFoundError: It is no workspace.
        SettingsError: Its card cannot be read.
    """
    workspace = open_workspace(root)
    try:
        settings = read_settings(root)
    except SettingsError:
        settings = DEFAULTS

    def by_hand(name: str) -> Mapping[str, Held]:
        amendments = Amendments(workspace.root)
        amendments.look()
        return amendments.held.get(f"{DATASET}{name}", {})

    cache = cache_folder(workspace.id, workspace.root)
    return Place(workspace.root, named(settings.user), clock, cache, by_hand)


def declaration(root: Path, name: str) -> Declaration:
    """Return what the settings declare, if what they say of a dataset is beyond doubt.

    A misspelt ``sensitive`` would put values into a profile that nobody takes out again.

    Raises:
        SettingsError: They cannot be read, or something of this dataset is misspelt.
    """
    found = declared.read(root)
    fault = next((one for one in found.faults if one.dataset == name), None)
    if fault is not None:
        where = f"{SETTINGS}, line {fault.line}" if fault.line else SETTINGS
        raise SettingsError(
            f"{where}: {fault.message}",
            path=str(root / SETTINGS),
            line=fault.line,
            hint="Correct it; until then nothing of this dataset is registered.",
        )
    return found
