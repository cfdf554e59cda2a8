"""Everything that is found of every part, before any verdict.

Parts are gone through in blocks and, within a block, a column at a time for all of its parts: what
belongs to the reference is reckoned once, and arrays stay small enough for the processor's cache.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from workbench.datasets.drift import findings as finding
from workbench.datasets.drift import kinds
from workbench.datasets.drift.aspects import Asked, Compared, Pair
from workbench.datasets.drift.comparing import compared
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import (
    BREAKING,
    ERROR,
    FEATURE,
    NOTE,
    TOO_FEW,
    WARNING,
    Finding,
    LeftOut,
)
from workbench.datasets.profile import Column, Profile
from workbench.errors import StoppedError

_BLOCK: Final = 64
"""Parts that are compared together."""


class Wanted(NamedTuple):
    """Which columns are looked at, and as what."""

    only: frozenset[str]
    exclude: frozenset[str]
    columns: Mapping[str, str]
    roles: Mapping[str, str]
    importance: Mapping[str, float]

    def gone(self, column: Column) -> str:
        """Return how grave it is that a column is not there any more.

        Labels come late. Nor is a model broken by the lack of what it does not use: an identifier,
        and what has no importance where importances say what it uses.
        """
        name = column.name
        if name in self.columns or kinds.left_out(column, self.roles.get(name, "")):
            return NOTE
        known = any(value for value in self.importance.values())
        return WARNING if known and not self.importance.get(name) else BREAKING

    def takes(self, name: str) -> bool:
        """Say whether a column is looked at."""
        return (not self.only or name in self.only) and name not in self.exclude


class Chunk(NamedTuple):
    """A part with everything that was found of it, before its verdicts."""

    part: Part
    found: tuple[Compared, ...] = ()
    findings: tuple[Finding, ...] = ()
    verdict: str = ""
    """Where there was nothing to compare."""
    reason: str = ""


class _Begun(NamedTuple):
    """A part with what stands before any column is compared."""

    chunk: Chunk
    pairs: Mapping[str, Pair]
    """The columns that are compared, by name, in the order of the reference."""


def gathered(
    common: Profile | None,
    parts: Sequence[Part],
    asked: Asked,
    wanted: Wanted,
    *,
    on_part: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> list[Chunk]:
    """Return everything that is found of every part.

    Args:
        common: What parts are held against that bring no reference of their own.
        parts: In order of time; then those of segments.
        asked: Thresholds and measures.
        wanted: Which columns are looked at, and as what.
        on_part: Told how many parts are done, and of how many.
        stopped: Asked before every column whether to end.

    Raises:
        StoppedError: ``stopped`` said so.
    """
    found = list[Chunk]()
    for first in range(0, len(parts), _BLOCK):
        begun = [_begun(common, part, asked, wanted) for part in parts[first : first + _BLOCK]]
        found += _filled(begun, asked, wanted, stopped)
        on_part(len(found), len(parts))
    return found


def _begun(common: Profile | None, part: Part, asked: Asked, wanted: Wanted) -> _Begun:
    """Return what stands of a part before its columns are compared."""
    reference = part.reference or (None if part.reason else common)
    if part.profile is None:
        reason = part.reason or "there is no profile of it"
        return _Begun(Chunk(part, verdict=ERROR, reason=reason), {})
    if reference is None:
        reason = part.reason or "there is nothing to hold it against"
        return _Begun(Chunk(part, verdict=TOO_FEW, reason=reason), {})
    facts = finding.of_columns(reference, part.profile, wanted.takes, wanted.gone)
    facts += finding.of_table(reference, part.profile, asked.thresholds)
    pairs = dict[str, Pair]()
    for a, b in _pairs(reference, part.profile, wanted):
        if kinds.left_out(a, wanted.roles.get(a.name, "")):
            facts += finding.of_identifier(a, b)
        else:
            pairs[a.name] = Pair(a, b, part.within)
    return _Begun(Chunk(part, findings=tuple(facts)), pairs)


def _filled(
    begun: Sequence[_Begun], asked: Asked, wanted: Wanted, stopped: Callable[[], bool]
) -> Iterator[Chunk]:
    """Yield the parts with their columns compared."""
    found = dict[str, Iterator[Compared]]()
    for name in dict.fromkeys(name for one in begun for name in one.pairs):
        if stopped():
            raise StoppedError("The check was stopped before it was done; nothing was kept.")
        pairs = [one.pairs[name] for one in begun if name in one.pairs]
        output, said = wanted.columns.get(name, FEATURE), wanted.roles.get(name, "")
        found[name] = iter(compared(pairs, asked, part=output, said=said))
    for one in begun:
        yield one.chunk._replace(found=tuple(next(found[name]) for name in one.pairs))


def _pairs(a: Profile, b: Profile, wanted: Wanted) -> Iterator[tuple[Column, Column]]:
    """Yield the columns that both have, in the order of the reference."""
    current = {column.name: column for column in b.columns}
    for column in a.columns:
        if wanted.takes(column.name) and column.name in current:
            yield column, current[column.name]


# -- of all parts ------------------------------------------------------------------------


def aged(chunks: list[Chunk], now: float | None, oldest_s: float) -> list[Chunk]:
    """Return the chunks, the newest one with the finding that it is too old, where it is."""
    ages = [_newest(chunk.part) for chunk in chunks]
    known = [age for age in ages if age is not None]
    if now is None or oldest_s <= 0 or not known:
        return chunks
    found = tuple(finding.of_age(max(known), now, oldest_s))
    last = ages.index(max(known))
    whole = chunks[last]._replace(findings=chunks[last].findings + found)
    return [*chunks[:last], whole, *chunks[last + 1 :]]


def _newest(part: Part) -> float | None:
    """Return the latest moment of a part: of its rows, and no later than where it ends."""
    seen = finding.latest(part.profile.columns) if part.profile is not None else None
    if seen is None or part.end is None:
        return seen if part.end is None else part.end
    return min(seen, part.end)


def left_out(references: Sequence[Profile], wanted: Wanted) -> Iterator[LeftOut]:
    """Yield the columns that are not judged, each with the reason."""
    told = set[str]()
    different = {id(reference): reference for reference in references}.values()
    for column in (column for reference in different for column in reference.columns):
        name = column.name
        if name in told:
            continue
        reason = "left out as asked" if name in wanted.exclude else ""
        if wanted.takes(name):
            reason = kinds.left_out(column, wanted.roles.get(name, ""))
        if reason:
            told.add(name)
            yield LeftOut(name, reason)
