"""What a team says of a dataset: by hand, in the settings, and when it was registered.

What people said by hand counts before ``workbench.toml``, and that before what was said when the
newest version was registered. A change is an edit like any other: it names what it replaces, and
`u` takes it back.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from workbench.datasets import declared
from workbench.datasets.declared import LISTS, TEXTS, is_day
from workbench.datasets.fields import PERSONAL, Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import ROLES
from workbench.datasets.versions import folder
from workbench.errors import SettingsError, UsageError
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.edits import edit_dataset
from workbench.operations.session import Session
from workbench.runs.edits import DATA, DATASET, Held
from workbench.words import visible

ROLE: Final = "roles."
"""Before a column's name where its role is said."""
NAMES: Final = (*TEXTS, "personal", "retention_until", *LISTS)
"""Every field but the roles, which are ``roles.<column>``."""
_EMPTY: Final = Fields()


def fields_of(session: Session, name: str) -> Fields:
    """Return everything that is said of a dataset now.

    Raises:
        OSError: The drive does not answer.
    """
    newest = folder.newest(session.root, name) if session.workspace else None
    return over(newest, said_in_settings(session, name), held(session, name))


def over(newest: Manifest | None, settings: Fields, by_hand: Mapping[str, Held]) -> Fields:
    """Return what counts of what was registered, what the settings say and what people said."""
    found = _laid_over(_EMPTY if newest is None else newest.fields, settings)
    return _by_hand(found, by_hand)


def held(session: Session, name: str) -> Mapping[str, Held]:
    """Return what people said of a dataset by hand, by field of an edit."""
    if session.workspace is None:
        return {}
    return session.amendments().held.get(f"{DATASET}{name}", {})


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


def set_fields(session: Session, name: str, changes: Mapping[str, Any]) -> str:
    """Change what is said of a dataset and return the edit's id.

    Args:
        session: Where.
        name: The dataset; it or its entry in the settings is there.
        changes: Of `NAMES`, and ``roles.<column>``; None gives a field back to the settings, an
            empty text or list says that there is nothing.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: There is no such dataset.
        UsageError: There is no such field, or it cannot have this value.
    """
    if not folder.names(session.root).count(name) and name not in _declared(session):
        resolve(session, Ref(name))
    checked = {f"{DATA}{field}": _checked(field, value) for field, value in changes.items()}
    return edit_dataset(session, name, checked)


def archive(session: Session, name: str, *, archived: bool = True) -> str:
    """Put a dataset away, or bring it back; return the edit's id.

    Raises:
        NotAllowedError: Nothing can be written here.
    """
    return edit_dataset(session, name, {"archived": archived})


def check(fields: Fields) -> None:
    """Do nothing if a dataset can have these fields.

    Raises:
        UsageError: One cannot have its value.
    """
    for field in NAMES:
        value = getattr(fields, field)
        _checked(field, list(value) if field in LISTS else value)
    for column, role in fields.roles.items():
        _checked(f"{ROLE}{column}", role)


def _declared(session: Session) -> Mapping[str, Any]:
    try:
        return declared.read(session.root).datasets
    except SettingsError:
        return {}


def _checked(field: str, value: Any) -> Any:
    """Return a field's value as an edit holds it."""
    if not (field in NAMES or (field.startswith(ROLE) and field != ROLE)):
        raise UsageError(
            f"A dataset has no {visible(field)[:80]!r}.", hint=f"Fields: {', '.join(NAMES)}."
        )
    if value is None:
        return None
    if field in LISTS:
        listed = [value] if isinstance(value, str) and value else list(value)
        if all(isinstance(one, str) and one for one in listed):
            return list(dict.fromkeys(listed))
        raise UsageError(f"{field} is a list of texts.")
    if not isinstance(value, str):
        raise UsageError(f"{field} is a text.")
    _require_choice(field, value)
    return value


def _require_choice(field: str, value: str) -> None:
    if field == "personal" and value and value not in PERSONAL:
        raise UsageError(f"personal is one of {', '.join(PERSONAL)}, not {visible(value)[:40]!r}.")
    if field == "retention_until" and value and not is_day(value):
        raise UsageError(f"{visible(value)[:40]!r} is no day.", hint="Write it as 2027-03-31.")
    if field.startswith(ROLE) and value and value not in ROLES:
        raise UsageError(
            f"{visible(value)[:40]!r} is no role of a column.", hint=f"Use {', '.join(ROLES)}."
        )


def _laid_over(below: Fields, above: Fields) -> Fields:
    """Return fields with what is said above in place of what is said below."""
    said = {name: getattr(above, name) for name in NAMES if getattr(above, name)}
    return msgspec.structs.replace(below, **said, roles={**below.roles, **above.roles})


def _by_hand(fields: Fields, by_hand: Mapping[str, Held]) -> Fields:
    said: dict[str, Any] = {}
    roles = dict(fields.roles)
    for name, one in by_hand.items():
        field = name.removeprefix(DATA)
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
