"""How the columns of two tables differ: added, removed, retyped, and likely renamed.

That a column was renamed stands nowhere. It is guessed from how alike name and values are, always
with the evidence, and never where two guesses are about as good.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from workbench.datasets.diffing.distances import distances
from workbench.datasets.profile import Column as Summary
from workbench.datasets.profile import Profile
from workbench.datasets.table import Column
from workbench.words import count, number, visible

_ALIKE_VALUES: Final = 0.9
_ALIKE_NAMES: Final = 0.6
_NEARLY_SAME_VALUES: Final = 0.98
"""Values as alike as this are evidence under any name, if they say enough."""
_NEARLY_SAME_NAMES: Final = 0.8
"""Without profiles the name alone must carry the guess."""
_CLEARER_BY: Final = 0.05
"""The next best guess must be this much worse."""
_SAME_VALUES_COUNT: Final = 1.0
_ENOUGH_DISTINCT: Final = 20
"""Different values below which two columns are easily alike by chance, such as true and false."""
_ENOUGH_ROWS: Final = 30
_MOST_PAIRS: Final = 40_000
"""Of removed and added columns that are looked at; more is another table, not a renamed one."""
_EVERY_PAIR: Final = 2_500
"""Of columns up to this many have their values compared under whatever names."""


class Retyped(NamedTuple):
    """A column whose type changed."""

    name: str
    old: str
    new: str


class Renamed(NamedTuple):
    """A column that is likely another one under a new name."""

    old: str
    new: str
    names: float
    """How alike the names are, 0 to 1."""
    values: float | None
    """How alike the values are, 0 to 1; None where there are no profiles."""
    evidence: str
    """Both, in words."""


@dataclass(frozen=True, slots=True)
class SchemaDiff:
    """How the columns differ; a likely renamed one also stands in `added` and `removed`."""

    added: tuple[Column, ...] = ()
    removed: tuple[Column, ...] = ()
    retyped: tuple[Retyped, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    reordered: bool = False
    """The columns of both stand in another order."""
    kept: int = 0
    """Columns in both with the same type."""

    @property
    def same(self) -> bool:
        """Say whether nothing differs but perhaps the order."""
        return not (self.added or self.removed or self.retyped)


def schema_diff(
    a: Sequence[Column],
    b: Sequence[Column],
    profile_a: Profile | None = None,
    profile_b: Profile | None = None,
) -> SchemaDiff:
    """Return how the columns of a new table differ from those of an old one."""
    old, new = {one.name: one for one in a}, {one.name: one for one in b}
    removed = tuple(one for one in a if one.name not in new)
    added = tuple(one for one in b if one.name not in old)
    both = [one.name for one in a if one.name in new]
    retyped = tuple(
        Retyped(name, *_types(old[name], new[name]))
        for name in both
        if old[name].dtype != new[name].dtype
    )
    return SchemaDiff(
        added, removed, retyped, _renamed(removed, added, profile_a, profile_b),
        both != [one.name for one in b if one.name in old], len(both) - len(retyped),
    )  # fmt: skip


def _types(old: Column, new: Column) -> tuple[str, str]:
    """Return the words for two types; what polars calls them where the words are the same."""
    return (old.dtype, new.dtype) if old.type == new.type else (old.type, new.type)


def _renamed(
    removed: Sequence[Column], added: Sequence[Column], a: Profile | None, b: Profile | None
) -> tuple[Renamed, ...]:
    if not removed or len(removed) * len(added) > _MOST_PAIRS:
        return ()
    old = {one.name: one for one in a.columns} if a else {}
    new = {one.name: one for one in b.columns} if b else {}
    thorough = len(removed) * len(added) <= _EVERY_PAIR
    guesses = []
    for gone in removed:
        for came in added:
            if gone.type != came.type:
                continue
            names = name_likeness(gone.name, came.name)
            one, other = old.get(gone.name), new.get(came.name)
            if thorough or names >= _ALIKE_NAMES or _same_figures(one, other):
                guesses.append(_guess(gone.name, came.name, names, one, other))
    return _clearest([guess for guess in guesses if guess is not None])


def _same_figures(a: Summary | None, b: Summary | None) -> bool:
    """Say whether two columns have the same extremes and mean: a cheap sign of the same values."""
    if a is None or b is None or a.numbers is None or b.numbers is None or a.n != b.n:
        return False
    return (a.numbers.min, a.numbers.max, a.numbers.mean) == (
        b.numbers.min, b.numbers.max, b.numbers.mean,
    )  # fmt: skip


def _guess(
    gone: str, came: str, names: float, a: Summary | None, b: Summary | None
) -> Renamed | None:
    if a is None or b is None or a.fault or b.fault:
        if names < _NEARLY_SAME_NAMES:
            return None
        evidence = f"names alike {number(names, 2)}; the values could not be compared"
        return Renamed(gone, came, names, None, evidence)
    values, on = value_likeness(a, b)
    telling = _telling(a) and _telling(b)
    named = names >= _ALIKE_NAMES and values >= _ALIKE_VALUES
    if not named and not (telling and values >= _NEARLY_SAME_VALUES):
        return None
    rows = f"{count(a.rows)} and {count(b.rows)} rows"
    evidence = f"values alike {number(values, 3)} ({on}; {rows}), names alike {number(names, 2)}"
    return Renamed(gone, came, names, values, evidence)


def _telling(column: Summary) -> bool:
    """Say whether a column has enough values for its distribution to be a fingerprint."""
    return column.n >= _ENOUGH_ROWS and (column.distinct or 0) >= _ENOUGH_DISTINCT


def value_likeness(a: Summary, b: Summary) -> tuple[float, str]:
    """Return how alike two columns' values are, 0 to 1, and the measure that says so."""
    found = [one for one in distances(a, b) if one.measure != "length" or one.size]
    told = [one for one in found if one.measure not in {"missing", "infinite", "length"}]
    if not told:
        return _of_texts(a, b)
    worst = max(found, key=lambda one: one.size)
    return 1 - worst.size, f"{worst.measure} {number(worst.size, 2)}"


def _of_texts(a: Summary, b: Summary) -> tuple[float, str]:
    """Return the likeness of columns of which only lengths and counts are known."""
    if a.lengths is None or b.lengths is None or not a.n or not b.n:
        return 0.0, "nothing to compare"
    parts = [
        (a.lengths.min, b.lengths.min), (a.lengths.max, b.lengths.max),
        (a.lengths.mean, b.lengths.mean), ((a.distinct or 0) / a.n, (b.distinct or 0) / b.n),
        (a.n / a.rows, b.n / b.rows),
    ]  # fmt: skip
    likeness = min(_ratio(old, new) for old, new in parts)
    # Lengths alone are weak: two columns of ten-letter codes have the same.
    return min(likeness, _ALIKE_VALUES), "lengths and distinct values"


def _ratio(old: float, new: float) -> float:
    larger = max(abs(old), abs(new))
    return 1 - abs(old - new) / larger if larger else 1.0


def name_likeness(a: str, b: str) -> float:
    """Return how alike two names are, 0 to 1, whatever their case and their separators."""
    one, other = _words(a), _words(b)
    joined = SequenceMatcher(None, "".join(one), "".join(other)).ratio()
    common = 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)) or 1)
    return max(joined, common)


def _words(name: str) -> list[str]:
    """Return the words of a name: ``customerAge_years`` has three."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[\W_]+", apart.casefold()) if word] or [name]


def _clearest(guesses: Sequence[Renamed]) -> tuple[Renamed, ...]:
    """Return the guesses that are best for both their columns, and clearly so."""
    kept = []
    for guess in guesses:
        rivals = [
            other
            for other in guesses
            if other is not guess and (other.old == guess.old or other.new == guess.new)
        ]
        if all(_weight(other) <= _weight(guess) - _CLEARER_BY for other in rivals):
            kept.append(guess)
    return tuple(sorted(kept, key=lambda one: (-_weight(one), one.old)))


def _weight(guess: Renamed) -> float:
    """Return how good a guess is; the very same values speak louder than a similar name."""
    values = guess.values or 0.0
    return guess.names + values + (_SAME_VALUES_COUNT if values == 1 else 0.0)


def told(guess: Renamed) -> str:
    """Return a guess as it is shown, and as a guess."""
    old, new = visible(guess.old), visible(guess.new)
    return f"{old} → {new}: renamed? (likely) {guess.evidence}"
