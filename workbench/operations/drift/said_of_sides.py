"""What is said of the two sides of a check: who is hidden from whom, and what columns are.

What is sensitive on one side is so on the other, and a file that is the bytes or the path of a
dataset is as sensitive as the dataset.
"""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from typing import Final

from workbench.catalogue.data_descent import datasets_holding
from workbench.datasets import declared
from workbench.datasets.drift.report import LABEL, PREDICTION, Side
from workbench.datasets.fields import Fields
from workbench.datasets.prediction_rules import LABEL as OUTCOME
from workbench.datasets.prediction_rules import PREDICTION as PREDICTED
from workbench.datasets.prediction_rules import PROBABILITY, SCORE, TIME
from workbench.datasets.versions import locating
from workbench.datasets.versions.finding import Found
from workbench.errors import NotFoundError, SettingsError
from workbench.ids import is_path_name
from workbench.opening import is_below
from workbench.operations.data_fields import fields_of
from workbench.operations.session import Session

PREDICTIONS: Final = "predictions"
"""The kind of a side that is what a model predicted."""


def datasets_of_files(
    session: Session | None, found: Found, hashes: Collection[str]
) -> tuple[str, ...]:
    """Return the datasets that are these files, or one of them: by bytes or by path.

    Whoever names the file of a dataset instead of the dataset sees no more of it.

    Args:
        session: Where; None where there is no workspace.
        found: The files.
        hashes: Of all of them together, and of each.
    """
    if session is None or session.workspace is None:
        return ()
    places = {os.path.realpath(one) for one in (found.path, *found.files)}
    names = datasets_holding(session.catalogue, hashes) | _declared_at(session, places)
    return tuple(sorted(names))


def hidden_of_sides(
    session: Session, sides: Collection[Side], columns: Collection[str]
) -> frozenset[str]:
    """Return which of these columns are sensitive now by the datasets that sides are of."""
    logged = [one for one in sides if one.kind == PREDICTIONS]
    others = [one for one in sides if one.kind != PREDICTIONS]
    predicted = said_of_predictions(session, _datasets_of(session, logged), columns)
    said = together([fields_of(session, one) for one in sorted(_datasets_of(session, others))])
    return frozenset(predicted.hidden_among(columns)) | frozenset(said.hidden_among(columns))


def _datasets_of(session: Session, sides: Collection[Side]) -> frozenset[str]:
    """Return the datasets that sides of reports are of, by what is known of them now.

    A report may name any place: it is compared and never looked at.
    """
    if not sides:
        return frozenset()
    names = {name for side in sides for name in (side.dataset, *side.datasets)}
    names |= datasets_holding(session.catalogue, [side.hash for side in sides])
    names |= _declared_at(session, _places(session, {side.path for side in sides if side.path}))
    return frozenset(filter(is_path_name, names))


def _places(session: Session, paths: Collection[str]) -> set[str]:
    try:
        roots = declared.read(session.root).roots
    except SettingsError:
        return set()
    found = set[str]()
    for path in paths:
        with suppress(NotFoundError):
            found.add(os.path.normpath(locating.meant(path, session.root, roots)))
    return found


def said_of_predictions(
    session: Session, datasets: Collection[str], columns: Collection[str]
) -> Fields:
    """Return what is said of predictions by the datasets they were made of.

    Where the outcome is sensitive, so is what was predicted of it.
    """
    said = together([fields_of(session, name) for name in sorted(datasets) if is_path_name(name)])
    hidden = {*said.hidden_among(columns)}
    if said.all_sensitive or (said.label and said.label in said.sensitive):
        hidden |= {name for name in columns if name in predicted_parts(columns)}
    return Fields(
        sensitive=tuple(sorted(hidden)), label=OUTCOME if OUTCOME in columns else "", time=TIME
    )


def predicted_parts(columns: Collection[str]) -> dict[str, str]:
    """Return which columns are predictions and which is the outcome."""
    parts = {
        name: PREDICTION
        for name in columns
        if name in (PREDICTED, SCORE) or name.startswith(PROBABILITY)
    }
    return parts | ({OUTCOME: LABEL} if OUTCOME in columns else {})


def _declared_at(session: Session, places: Collection[str]) -> set[str]:
    """Return the datasets whose path in the settings is one of these, or holds it."""
    try:
        known = declared.read(session.root)
    except SettingsError:
        return set()
    names = set[str]()
    for name, one in known.datasets.items():
        if not one.path:
            continue
        try:
            meant = str(locating.meant(one.path, session.root, known.roots))
        except NotFoundError:
            continue
        there = {os.path.realpath(meant), os.path.normpath(meant)}
        if any(is_below(a, b) or fnmatch(a, b) for a in places for b in there):
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
