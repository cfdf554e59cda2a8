"""What changed in each column between two profiles, the largest change first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from workbench.datasets.diffing.distances import Distance, distances
from workbench.datasets.fields import MASK
from workbench.datasets.profile import CATEGORY, Column, Profile
from workbench.datasets.profiling.hiding import hidden
from workbench.words import count, number, percent

_MOST_CATEGORIES: Final = 50
TYPE: Final = "type"
_SHARES: Final = frozenset({"missing", "infinite", "length"})


class Category(NamedTuple):
    """A value that is in one profile only."""

    value: str
    rows: int
    sure: bool
    """False where the other side keeps only its most frequent values: it may be a rare one."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed in one column."""

    column: str
    """What the new table calls it."""
    measure: str
    """What `size` is, such as ``KS D``; ``type`` where the types have nothing in common."""
    size: float
    """0 to 1, on the scale of the measure: the largest of `distances`."""
    chance: bool
    """A change of this size would often be seen between two samples of the same thing."""
    words: str
    """What changed most, old → new; `sentence` says by how much and how surely."""
    distances: tuple[Distance, ...] = ()
    came: tuple[Category, ...] = ()
    """Values that are new, most rows first."""
    went: tuple[Category, ...] = ()
    was: str = ""
    """What the old table calls it, where that differs."""

    @property
    def sentence(self) -> str:
        """Return it in one line: ``KS D 0.12 (±0.005): median 35 → 37, may be chance``."""
        first = self.distances[0] if self.distances else None
        if first is None or not first.size or first.measure != self.measure:
            return self.words
        within = f" (±{number(first.within, 2)})" if first.within else ""
        least = "at least " if first.least else ""
        size = percent(first.size) if first.measure in _SHARES else number(first.size, 3)
        chance = ", may be chance" if self.chance else ""
        return f"{first.measure} {least}{size}{within}: {self.words}{chance}"


def profile_deltas(
    a: Profile,
    b: Profile,
    *,
    renamed: Mapping[str, str] | None = None,
    sensitive: Collection[str] = (),
) -> tuple[Delta, ...]:
    """Return what changed in every column of both profiles, the largest change first.

    Args:
        a: The old profile.
        b: The new profile.
        renamed: Names of the old profile by which columns of the new one are meant.
        sensitive: Columns, by either name, whose values are hidden in what is returned.
    """
    new = {column.name: column for column in b.columns}
    names = renamed or {}
    pairs = [(column, new.get(names.get(column.name, column.name))) for column in a.columns]
    found = [
        _delta(one, other, masked=one.name in sensitive or other.name in sensitive)
        for one, other in pairs
        if other is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.size, one.chance, one.column)))


def _delta(a: Column, b: Column, *, masked: bool) -> Delta:
    if masked:
        a, b = hidden(a), hidden(b)
    was = a.name if a.name != b.name else ""
    if a.fault or b.fault:
        return Delta(b.name, "", 0.0, True, f"cannot tell: {a.fault or b.fault}", was=was)
    found = distances(a, b, masked=masked)
    came, went = (_shown(one, masked=masked) for one in _categories(a, b))
    if _strangers(a, b):
        return Delta(b.name, TYPE, 1.0, False, f"{a.type} → {b.type}", found, was=was)
    if not found:
        return Delta(b.name, "", 0.0, True, "nothing to compare", was=was)
    first = found[0]
    words = first.words if first.size else "no change seen"
    extra = _said_of_categories(came, went)
    return Delta(
        b.name, first.measure, first.size, first.chance, f"{words}{extra}", found, came, went, was
    )


def _strangers(a: Column, b: Column) -> bool:
    """Say whether two columns hold values of kinds that cannot be laid beside each other."""
    numbers = [one.numbers is not None and one.type != "boolean" for one in (a, b)]
    kinds = [(numbers[at], one.moments is not None) for at, one in enumerate((a, b))]
    return bool(a.n and b.n) and a.type != b.type and kinds[0] != kinds[1]


def _categories(a: Column, b: Column) -> tuple[tuple[Category, ...], tuple[Category, ...]]:
    """Return values that are new and values that are gone, as far as both keep them."""
    if not _is_categories(a) or not _is_categories(b) or a.type != b.type:
        return (), ()
    return _only_in(b, a), _only_in(a, b)


def _is_categories(column: Column) -> bool:
    return column.role == CATEGORY and bool(column.top)


def _shown(found: tuple[Category, ...], *, masked: bool) -> tuple[Category, ...]:
    return tuple(one._replace(value=MASK) for one in found) if masked else found


def _only_in(here: Column, there: Column) -> tuple[Category, ...]:
    known = {value for value, _ in there.top}
    found = [
        Category(value, rows, sure=not there.other)
        for value, rows in here.top
        if value not in known
    ]
    return tuple(found[:_MOST_CATEGORIES])


def _said_of_categories(came: tuple[Category, ...], went: tuple[Category, ...]) -> str:
    parts = []
    for found, word in ((came, "new"), (went, "gone")):
        sure = sum(1 for one in found if one.sure)
        if sure:
            parts.append(f"{count(sure)} {word}")
    return f"; {', '.join(parts)}" if parts else ""
