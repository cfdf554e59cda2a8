"""Changing what a team says of a dataset.

A change is an edit like any other: it names what it replaces, and `u` takes it back. What counts
of all that was said is told by `workbench.operations.data_fields`.
"""

from collections.abc import Mapping
from typing import Any

from workbench.datasets import declared
from workbench.datasets.declared import LISTS, WRITTEN_AS_DAY, is_day
from workbench.datasets.fields import PERSONAL, Fields
from workbench.datasets.profile import ROLES
from workbench.datasets.versions import folder
from workbench.datasets.versions.columns import columns_of
from workbench.errors import SettingsError, UsageError
from workbench.operations.data_fields import (
    NAMES,
    ROLE,
    contested_of,
    fields_of,
    held,
    is_archived,
    laid_over,
    over,
    said_in_settings,
)
from workbench.operations.datasets.named_columns import require_there
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.edits import edit_dataset
from workbench.operations.session import Session
from workbench.runs.edits import DATA
from workbench.words import visible

__all__ = [
    "NAMES", "ROLE", "archive", "check", "contested_of", "fields_of", "held", "is_archived",
    "laid_over", "over", "replaced", "said_in_settings", "set_fields",
]  # fmt: skip


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
        UsageError: There is no such field or column, or it cannot have this value.
    """
    if not folder.names(session.root).count(name) and name not in _declared(session):
        resolve(session, Ref(name))
    checked = {f"{DATA}{field}": _checked(field, value) for field, value in changes.items()}
    require_there(changes, columns_of(session.root, name))
    return edit_dataset(session, name, checked)


def archive(session: Session, name: str, *, archived: bool = True) -> str:
    """Put a dataset away, or bring it back; return the edit's id.

    Raises:
        NotAllowedError: Nothing can be written here.
    """
    return edit_dataset(session, name, {"archived": archived})


def replaced(before: Fields, after: Fields) -> tuple[str, ...]:
    """Return sentences about what a list held and does not hold any more."""
    said = []
    if before.all_sensitive and not after.all_sensitive:
        left = ", ".join(map(visible, after.sensitive)) or "none"
        said.append(
            f"Every column was masked while it was in doubt which are sensitive; now {left}."
        )
    for field in LISTS:
        if field == "sensitive" and after.all_sensitive:
            continue
        kept = getattr(after, field)
        gone = [visible(one) for one in getattr(before, field) if one not in kept]
        if gone:
            left = "no longer masked" if field == "sensitive" else f"no longer in {field}"
            are = "are" if len(gone) > 1 else "is"
            said.append(f"{field} replaces what was said before: {', '.join(gone)} {are} {left}.")
    return tuple(said)


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
            f"A dataset has no {visible(field)[:80]!r}.",
            hint=f"Fields: {', '.join(NAMES)}, {ROLE}COLUMN.",
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
        no_day = f"{visible(value)[:40]!r} is no day"
        if WRITTEN_AS_DAY.match(value):
            raise UsageError(f"{no_day}: the calendar does not have it.")
        raise UsageError(f"{no_day}.", hint="Write it as 2027-03-31.")
    if field.startswith(ROLE) and value and value not in ROLES:
        raise UsageError(
            f"{visible(value)[:40]!r} is no role of a column.", hint=f"Use {', '.join(ROLES)}."
        )
