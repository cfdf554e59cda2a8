"""Where a dataset is registered, by whom, and what is said of it there; no catalogue is opened."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.datasets import declared
from workbench.datasets.declared import Declaration
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest, SchemaColumn
from workbench.datasets.versions.columns import columns_of
from workbench.errors import SettingsError, UsageError
from workbench.operations.datasets.fields import held, over
from workbench.operations.datasets.named_columns import as_changes, near, require_there
from workbench.operations.edits import named
from workbench.operations.places import cache_folder
from workbench.operations.session import Session
from workbench.runs.edits import DATASET, Held
from workbench.settings import DEFAULTS, SETTINGS, open_workspace, read_settings
from workbench.sync.amendments import Amendments
from workbench.words import visible


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
        raise _misspelt(root, fault.message, fault.line)
    return found


def require_columns(
    place: Place, name: str, by_hand: Fields, newest: Manifest | None, read: Sequence[SchemaColumn]
) -> None:
    """Do nothing if every column that is said to be something is there, or was in a version.

    Of what the settings say only ``sensitive`` is asked for: a label that is not there hurts
    nobody, and a note tells it.

    Args:
        place: Where.
        name: The dataset.
        by_hand: What is said of it now.
        newest: The version before, if there is one: what it was registered with counts as known.
        read: The columns that are to be registered.

    Raises:
        UsageError: A column named by hand is not there.
        SettingsError: A sensitive column that the settings name is not there.
    """
    before = columns_of(place.root, name)
    there = tuple(dict.fromkeys((*(column.name for column in read), *before)))
    require_there(as_changes(by_hand), there)
    found = declared.read(place.root)
    own = found.datasets.get(name)
    known = over(newest, own.fields if own else Fields(), place.held(name)).sensitive
    at_first = newest.fields.sensitive if newest else ()
    strange = next((one for one in known if one not in (*there, *at_first)), None)
    if strange is None or not there:
        return
    message = f"{name} has no column {visible(strange)[:80]!r}, which is said to be sensitive."
    if own is None or strange not in own.fields.sensitive:
        command = f"workbench datasets edit {name} --sensitive COLUMN"
        raise UsageError(message, hint=f"{near(strange, there)} Correct it: {command}")
    line = found.line("datasets", name, "sensitive")
    raise _misspelt(place.root, f"{message} {near(strange, there)}", line)


def _misspelt(root: Path, message: str, line: int) -> SettingsError:
    where = f"{SETTINGS}, line {line}" if line else SETTINGS
    return SettingsError(
        f"{where}: {message}",
        path=str(root / SETTINGS),
        line=line,
        hint="Correct it; until then nothing of this dataset is registered.",
    )
