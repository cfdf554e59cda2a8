"""What counts of what was said of a dataset: by hand, in the settings, and when it was registered.

What people said by hand counts before ``workbench.toml``, and that before what was said when the
newest version was registered. Beside the operations on datasets and on models, for both ask.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from workbench.datasets import declared
from workbench.datasets.declared import LISTS, TEXTS
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import ROLES
from workbench.datasets.versions import folder
from workbench.datasets.versions.columns import unheard_of
from workbench.errors import SettingsError
from workbench.operations.session import Session
from workbench.runs.edits import DATA, DATASET, SENSITIVE, Held, contested

ROLE: Final = "roles."
"""Before a column's name where its role is said."""
NAMES: Final = (*TEXTS, "personal", "retention_until", *LISTS)
"""Every field but the roles, which are ``roles.<column>``."""
_EMPTY: Final = Fields()


def fields_of(session: Session, name: str) -> Fields:
    """Return everything that is said of a dataset now.

    Where the settings leave in doubt which columns are sensitive, all of them are, also those only
    an older version has: what somebody misspells, or is just writing, must not show what was hidden
    a moment ago.

    Raises:
        OSError: The drive does not answer.
    """
    newest = folder.newest(session.root, name) if session.workspace else None
    by_hand = held(session, name)
    found = over(newest, said_in_settings(session, name), by_hand)
    if _says_sensitive(by_hand) or not is_doubtful(session, name):
        return found
    columns = () if newest is None else tuple(column.name for column in newest.columns)
    return msgspec.structs.replace(found, sensitive=columns, all_sensitive=True)


def _says_sensitive(by_hand: Mapping[str, Held]) -> bool:
    said = by_hand.get(f"{DATA}sensitive")
    return said is not None and not said.own and said.value is not None


def is_doubtful(session: Session, name: str) -> bool:
    """Say whether the settings leave in doubt which columns of a dataset are sensitive."""
    try:
        found = declared.read(session.root).datasets.get(name)
    except SettingsError:
        return True
    if found is None:
        return False
    return found.doubtful or bool(unheard_of(session.root, name, found.fields.sensitive))


def over(newest: Manifest | None, settings: Fields, by_hand: Mapping[str, Held]) -> Fields:
    """Return what counts of what was registered, what the settings say and what people said."""
    found = laid_over(_EMPTY if newest is None else newest.fields, settings)
    return _by_hand(found, by_hand)


def held(session: Session, name: str) -> Mapping[str, Held]:
    """Return what people said of a dataset by hand, by field of an edit."""
    if session.workspace is None:
        return {}
    return session.amendments().held.get(f"{DATASET}{name}", {})


def contested_of(session: Session, name: str) -> tuple[str, ...]:
    """Return the fields of a dataset that people changed at once, without knowing of each other."""
    return tuple(field.removeprefix(DATA) for field in contested(held(session, name)))


def is_archived(session: Session, name: str) -> bool:
    """Say whether a dataset is put away."""
    said = held(session, name).get("archived")
    return bool(said and said.value)


def said_in_settings(session: Session, name: str) -> Fields:
    """Return what ``workbench.toml`` says of a dataset; nothing where it cannot be read."""
    try:
        found = declared.read(session.root).datasets.get(name)
    except SettingsError:  # shown wherever settings are; what else is said counts
        return _EMPTY
    return found.fields if found else _EMPTY


def fields_of_all(session: Session, registered: Mapping[str, Fields]) -> dict[str, Fields]:
    """Return everything that is said of many datasets now; settings and edits are read once.

    Args:
        session: Where.
        registered: What was said when the newest version of each was registered, by name.
    """
    try:
        settings = declared.read(session.root).datasets if session.workspace else {}
    except SettingsError:
        settings = {}
    edits = session.amendments().held if session.workspace else {}
    found = {}
    for name, below in registered.items():
        said = settings.get(name)
        above = laid_over(below, said.fields if said else _EMPTY)
        found[name] = _by_hand(above, edits.get(f"{DATASET}{name}", {}))
    return found


def laid_over(below: Fields, above: Fields) -> Fields:
    """Return fields with what is said above in place of what is said below."""
    said = {name: getattr(above, name) for name in NAMES if getattr(above, name)}
    return msgspec.structs.replace(below, **said, roles={**below.roles, **above.roles})


def _by_hand(fields: Fields, by_hand: Mapping[str, Held]) -> Fields:
    said: dict[str, Any] = {}
    roles = dict(fields.roles)
    for name, one in by_hand.items():
        field = name.removeprefix(DATA)
        if one.own and one.value and name == SENSITIVE:
            said[field] = tuple(dict.fromkeys([*fields.sensitive, *one.value]))
            continue
        if one.own or one.value is None or not name.startswith(DATA):
            continue
        if field in LISTS:
            listed = one.value if isinstance(one.value, list) else [one.value]
            said[field] = tuple(listed)
        elif field in NAMES and isinstance(one.value, str):
            said[field] = one.value
        elif field.startswith(ROLE) and isinstance(one.value, str):
            roles[field.removeprefix(ROLE)] = one.value
    return msgspec.structs.replace(
        fields, **said, roles={column: role for column, role in roles.items() if role in ROLES}
    )
