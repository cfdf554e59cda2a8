"""What people say of the data a version was made from, in the form rules ask for it.

The version's journal says which bytes it was made from; whose bytes these are and what is said of
them stands in the workspace: manifests, settings and edits. All of it is read from the folder
now, because a gate decides; the index only says where to look beside the dataset that is named.
What is not registered, or not said, is not known, and a rule about it is undecided.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from workbench.catalogue.data_descent import holding
from workbench.datasets.duties import is_allowed, is_due
from workbench.datasets.fields import PERSONAL, Fields
from workbench.datasets.versions import folder
from workbench.errors import FormatError, NotFoundError, SettingsError
from workbench.ids import is_path_name
from workbench.operations.data_fields import fields_of
from workbench.operations.session import Session
from workbench.registry.facts import Facts, facts_of
from workbench.registry.purposes import PURPOSE, purposes_of, read_purposes
from workbench.registry.state import Version
from workbench.words import visible

_Answer = tuple[Any, str]
"""A fact, or None and why it is not known."""


class _Data(NamedTuple):
    """A dataset a version was made from, with what is said of it now."""

    name: str
    said: Mapping[str, Fields]
    """By name of every dataset that has these bytes; none where none is registered."""


def facts_with_data(session: Session, version: Version) -> Facts:
    """Return what rules may know of a version, with what is said of its data."""
    facts = facts_of(version)
    data = [_Data(name, _said(session, name, hash_)) for name, hash_ in _recorded(version)]
    answers = {
        "retention_due": _told(facts, data, lambda: _retention_due(data, session.clock.now())),
        "purpose_allowed": _told(facts, data, lambda: _allowed(session, version, data)),
        "personal": _told(facts, data, lambda: _personal(data)),
    }
    known = {name: value for name, (value, _) in answers.items() if value is not None}
    return replace(facts, data=known, data_why={name: why for name, (_, why) in answers.items()})


def _told(facts: Facts, data: list[_Data], ask: Callable[[], _Answer]) -> _Answer:
    if not data:
        return None, f"{facts.name} names no dataset it was made from"
    return ask()


def _recorded(version: Version) -> Iterator[tuple[str, str]]:
    """Yield name and hash of the datasets that a version says it was made from."""
    said = version.event.details.get("datasets")
    for one in said if isinstance(said, list | tuple) else ():
        if isinstance(one, Mapping):
            yield str(one.get("name") or ""), str(one.get("hash") or "")
        else:
            yield "", ""


def _said(session: Session, name: str, hash_: str) -> Mapping[str, Fields]:
    """Return what is said of every dataset that has these bytes, as a whole or as a file."""
    if not hash_:
        return {}
    own = [(name, number) for number in _numbers(session, name)]
    places = dict.fromkeys((*holding(session.catalogue, hash_), *own))
    found: dict[str, Fields] = {}
    for dataset, number in places:
        if dataset not in found and _holds(session, dataset, number, hash_):
            found[dataset] = fields_of(session, dataset)
    return found


def _numbers(session: Session, name: str) -> tuple[int, ...]:
    if not is_path_name(name):
        return ()
    return tuple(reversed(folder.standing(session.root, name)))


def _holds(session: Session, dataset: str, number: int, hash_: str) -> bool:
    try:
        manifest = folder.read_manifest(session.root, dataset, number)
    except (NotFoundError, FormatError):
        return False
    files = (f"sha256:{file.sha256}" for file in manifest.files)
    return hash_ == manifest.hash or hash_ in files


def _retention_due(data: list[_Data], now: float) -> _Answer:
    due = [is_due(one, now) for each in data for one in each.said.values()]
    if True in due:
        return True, ""
    if None in due:
        return None, "until when its data may be kept is no day"
    why = _unregistered(data)
    return (None, why) if why else (False, "")


def _allowed(session: Session, version: Version, data: list[_Data]) -> _Answer:
    try:
        said = read_purposes(session.root)
    except SettingsError as error:
        return None, error.message.rstrip(".")
    model = version.event.model
    purposes = purposes_of(said, model, str(version.tags.get(PURPOSE, "")))
    answers = [is_allowed(one, purposes) for each in data for one in each.said.values()]
    if False in answers:
        return False, ""
    why = _unregistered(data)
    if why:
        return None, why
    if None in answers:
        return None, f"nobody has said what {model}@{version.number} is for"
    return True, ""


def _personal(data: list[_Data]) -> _Answer:
    levels = [one.personal for each in data for one in each.said.values()]
    if PERSONAL[-1] in levels:
        return PERSONAL[-1], ""
    why = _unregistered(data)
    if why:
        return None, why
    said = (one for each in data for one in each.said.items())
    silent = next((name for name, one in said if not one.personal), "")
    if silent:
        return None, f"nobody has said whether '{visible(silent)}' holds personal data"
    return max(levels, key=PERSONAL.index), ""


def _unregistered(data: list[_Data]) -> str:
    """Return that the bytes of a dataset are of no registered version; empty if all are."""
    names = [visible(each.name) for each in data if not each.said]
    if not names:
        return ""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"its data '{names[0]}'{more} is no registered version of a dataset here"
