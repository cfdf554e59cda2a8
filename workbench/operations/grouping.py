"""Runs that are equal in some columns, gathered to be shown as one line each.

The screen and whatever is printed group by this, so that a letter and a name stand for the
same runs in both.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np

from workbench import words
from workbench.catalogue.cards import RunRecord
from workbench.catalogue.query import SEEDS, Column
from workbench.catalogue.values import values
from workbench.charts.palette import letters
from workbench.operations.session import Session
from workbench.runs.comparing import MISSING, key

Held = Callable[[Column, int], object]
"""What the run at a place has in a column; MISSING where it has nothing."""


class Gathered(NamedTuple):
    """Runs that belong together."""

    label: str
    """What they have in common: ``lr=0.1 opt=adam``; of seeds alone nothing."""
    letter: str
    """``A`` for the first: small letters are runs."""
    places: tuple[int, ...]
    """Where they are among all that were grouped."""


def gathered(columns: Sequence[Column], held: Held, recipes: Sequence[str]) -> tuple[Gathered, ...]:
    """Return the groups of runs, in the order of the first run of each.

    Args:
        columns: What the runs of a group are equal in.
        held: What a run has in a column.
        recipes: Of every run in order; `SEEDS` groups by it, and it has no words of its own.
    """
    members: dict[tuple[Hashable, ...], list[int]] = {}
    for place, recipe in enumerate(recipes):
        found = tuple(recipe if one == SEEDS else key(held(one, place)) for one in columns)
        members.setdefault(found, []).append(place)
    said = [one for one in columns if one != SEEDS]
    return tuple(
        Gathered(
            " ".join(_said(one, held(one, places[0])) for one in said),
            letter.upper(),
            tuple(places),
        )
        for letter, places in zip(letters(len(members)), members.values(), strict=True)
    )


def _said(column: Column, value: object) -> str:
    return f"{words.visible(column.name)}={words.value(None if value is MISSING else value)}"


def held_by(session: Session, records: Sequence[RunRecord], columns: Sequence[Column]) -> Held:
    """Return what these runs have in the columns, as the catalogue holds it."""
    runs = np.asarray([one.run for one in records], dtype=np.int64)
    found = values(session.catalogue, runs, columns, session.goals)

    def held(column: Column, place: int) -> object:
        one = found[column]
        if not one.there[place]:
            return MISSING
        text = one.texts[place]
        return float(one.numbers[place]) if text is None else text

    return held
