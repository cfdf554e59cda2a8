"""What is said of the two sides of a check: who is hidden from whom, and what columns are.

What is sensitive on one side is so on the other, and a file that is the bytes or the path of a
dataset is as sensitive as the dataset.
"""

import os
from collections.abc import Sequence
from fnmatch import fnmatch

from workbench.catalogue.data_descent import holding
from workbench.datasets import declared
from workbench.datasets.fields import Fields
from workbench.datasets.versions import locating
from workbench.datasets.versions.finding import Found
from workbench.errors import NotFoundError, SettingsError
from workbench.opening import is_below
from workbench.operations.data_fields import fields_of
from workbench.operations.session import Session


def said_of_file(session: Session | None, found: Found, hash_: str) -> Fields:
    """Return what is said of a file: all that datasets which are these bytes or this path say.

    Whoever names the file of a dataset instead of the dataset sees no more of it.
    """
    if session is None or session.workspace is None:
        return Fields()
    names = {name for name, _ in holding(session.catalogue, hash_)} | _declared_at(session, found)
    return together([fields_of(session, name) for name in sorted(names)])


def _declared_at(session: Session, found: Found) -> set[str]:
    """Return the datasets whose path in the settings is this one, or holds it."""
    try:
        known = declared.read(session.root)
    except SettingsError:
        return set()
    here, names = os.path.realpath(found.path), set[str]()
    for name, one in known.datasets.items():
        if not one.path:
            continue
        try:
            place = os.path.realpath(locating.meant(one.path, session.root, known.roots))
        except NotFoundError:
            continue
        if is_below(here, place) or fnmatch(here, place):
            names.add(name)
    return names


def together(said: Sequence[Fields]) -> Fields:
    """Return what several say, the first before the next; what one hides all of them hide."""
    if not said:
        return Fields()
    return Fields(
        sensitive=tuple(dict.fromkeys(column for one in said for column in one.sensitive)),
        all_sensitive=any(one.all_sensitive for one in said),
        key=next((one.key for one in said if one.key), ()),
        label=next((one.label for one in said if one.label), ""),
        time=next((one.time for one in said if one.time), ""),
        roles={name: role for one in reversed(said) for name, role in one.roles.items()},
    )


def hiding(fields: Fields, columns: Sequence[str]) -> Fields:
    """Return fields that name every column they hide, as a profile takes them."""
    from msgspec.structs import replace  # noqa: PLC0415

    return replace(fields, sensitive=tuple(sorted(fields.hidden_among(columns))))
