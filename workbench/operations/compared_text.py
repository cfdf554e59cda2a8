"""A comparison as text: the rows and cells that every road out shows.

Two values that differ never get the same text here: a row is given as many digits as it
takes to tell its values apart. What is better is a word, not a colour.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final, NamedTuple

from workbench import words
from workbench.errors import UsageError
from workbench.filters.names import closest
from workbench.operations.compare import Compared, Comparison
from workbench.operations.repository import is_commit
from workbench.runfolder import Goal
from workbench.runs.comparing import MISSING, SECTIONS, Fact, Line, key, tree
from workbench.runs.deltas import BETTER, WORSE, Delta, delta

_Say = Callable[[Any], str]
_MOST_DIGITS = 16
"""Significant digits before a number is written out as JSON does, which tells any two apart."""
_LONGEST_WHOLE = 10**30
ARROWS: Final = {Goal.MIN: "↓", Goal.MAX: "↑"}
_TITLES: Final = {("environment", "memory_mb"): "memory"}
"""Facts whose names hold a unit that their values are not shown in."""
_COMMIT_CELLS = 12


class Row(NamedTuple):
    """A line of the table: a heading (no cells), or a fact with a cell for each run."""

    label: str
    depth: int
    """0 for a section, 1 for what stands in it, more below a branch."""
    fact: Fact | None = None
    cells: tuple[str, ...] = ()
    deltas: tuple[str, ...] = ()
    """``+0.012 better`` for each run, empty for the baseline and where there is no baseline."""
    best: frozenset[int] = frozenset()
    """Places of the runs with the best value, where a direction is known."""
    alike: str = ""
    """``3/5``: how many of the runs have the commonest value; only of three runs or more."""

    @property
    def whole(self) -> str:
        """Return the label where no branches stand above it: the whole name of the fact."""
        if self.fact is None:
            return self.label
        return f"{titled(self.fact, self.fact.name)} {self.arrow}".rstrip()

    @property
    def arrow(self) -> str:
        """Return which way is better, ``↓`` or ``↑``; nothing where that is not known."""
        return "" if self.fact is None else ARROWS.get(self.fact.goal, "")


class Table(NamedTuple):
    """A comparison in texts."""

    headings: tuple[str, ...]
    """One for each run: letter, label, and whether it is the baseline."""
    rows: tuple[Row, ...]
    equal: tuple[tuple[str, int], ...]
    """Sections with rows that are the same for all runs and therefore left out, and how many."""


def texts(comparison: Comparison, *, equal: bool, columns: tuple[str, ...] = ()) -> Table:
    """Return the comparison as rows of text.

    Args:
        comparison: What to show.
        equal: Also what is the same for all runs.
        columns: Names of facts or sections to show, and only those, the same or not.

    Raises:
        UsageError: No fact fits one of the columns.
    """
    shown = picked(comparison.facts, columns)
    lines = tree(shown, equal=equal or bool(columns))
    rows, folded = [], []
    section = ""
    for line, following in zip(lines, (*lines[1:], None), strict=True):
        if line.depth == 0:
            section = line.label
            if following is None or following.equal:
                continue  # nothing in it differs
        if line.equal:
            folded.append((section, line.equal))
        else:
            rows.append(_row(line, comparison))
    return Table(
        tuple(heading(one, n == comparison.baseline) for n, one in enumerate(comparison.runs)),
        tuple(rows),
        tuple(folded),
    )


def heading(run: Compared, baseline: bool) -> str:
    """Return what stands over a run's values: ``a lr=0.1``."""
    return f"{run.letter} {words.visible(run.label)}" + (" (baseline)" if baseline else "")


def folded(table: Table) -> str:
    """Return what is said of the rows left out, nothing where none are."""
    total = sum(number for _, number in table.equal)
    if not total:
        return ""
    parts = ", ".join(f"{section} {number:,}" for section, number in table.equal)
    return f"{words.plural(total, 'equal row')} ({parts})"


def picked(found: Sequence[Fact], columns: Sequence[str]) -> tuple[Fact, ...]:
    """Return the facts that are meant by names, sections or patterns: ``lr``, ``packages``.

    Raises:
        UsageError: Nothing fits one of them.
    """
    if not columns:
        return tuple(found)
    kept = set()
    for column in columns:
        fits = {n for n, fact in enumerate(found) if _fits(fact, column)}
        if not fits:
            raise _unknown(found, column)
        kept |= fits
    return tuple(fact for n, fact in enumerate(found) if n in kept)


def _fits(fact: Fact, column: str) -> bool:
    whole = f"{fact.section}.{fact.name}"
    if column in (fact.section, fact.name, whole):
        return True
    return any(sign in column for sign in "*?[") and (
        fnmatchcase(fact.name, column) or fnmatchcase(whole, column)
    )


def _unknown(found: Sequence[Fact], column: str) -> UsageError:
    if column in SECTIONS:
        hint = "With --at, take a step at which they were logged." if column == "metrics" else ""
        return UsageError(f"Nothing is known of the {column} of these runs here.", hint=hint)
    near = closest(column, [*SECTIONS, *(fact.name for fact in found)])
    hint = f"Did you mean {' or '.join(map(words.visible, near))}?" if near else ""
    return UsageError(f"None of these runs has a {words.visible(column)!r}.", hint=hint)


def _row(line: Line, comparison: Comparison) -> Row:
    fact = line.fact
    label = titled(fact, line.label)
    if fact is None:
        if line.depth == 0 and line.label == "metrics" and comparison.at is not None:
            label = f"metrics at step {at_step(comparison.at)}"
        return Row(label, line.depth)
    arrow = ARROWS.get(fact.goal)
    number = len(fact.values)
    return Row(
        f"{label} {arrow}" if arrow else label,
        line.depth,
        fact,
        cells(fact),
        tuple(delta_text(one) for one in deltas(fact, comparison.baseline)),
        best(fact),
        f"{fact.commonest}/{number}" if number > 2 else "",  # noqa: PLR2004 - of two it is plain
    )


def titled(fact: Fact | None, label: str) -> str:
    """Return how the line of a fact, or a heading, is called: without a unit it is not said in."""
    known = None if fact is None else _TITLES.get((fact.section, fact.name))
    return known or words.visible(label)


def at_step(step: float) -> str:
    """Return a step as people write it: ``1,000``."""
    return words.count(int(step)) if step.is_integer() else words.number(step)


def cells(fact: Fact, *, brief: bool = False) -> tuple[str, ...]:
    """Return the text of each run's value; values that differ have different texts.

    Args:
        fact: What to say.
        brief: Leave the day out where all runs began on one.
    """
    known = {key(value): value for value in fact.values if value is not MISSING}
    shown: dict[Any, str] = {}
    for say in _ways(fact, brief=brief):
        shown = {held: say(value) for held, value in known.items()}
        if len({*shown.values(), words.UNKNOWN}) > len(known):
            break
    return tuple(
        words.UNKNOWN if value is MISSING else shown[key(value)] + _of_step(fact, run)
        for run, value in enumerate(fact.values)
    )


def _of_step(fact: Fact, run: int) -> str:
    """Return ``@0`` behind a value that stands in for one of a later step."""
    step = fact.steps[run] if fact.steps else None
    return "" if step is None else f" @{at_step(step)}"


def whole(fact: Fact, run: int) -> str:
    """Return one run's value with nothing left out that a column has no room for."""
    value = fact.values[run]
    if (fact.section, fact.name) == ("code", "commit") and value is not MISSING:
        return _plain(value)
    return cells(fact)[run]


def _ways(fact: Fact, *, brief: bool) -> Iterator[_Say]:
    """Yield ways to say the values of a fact, each more exact than the one before."""
    begun = (fact.section, fact.name) == ("run", "started")
    if brief and begun and len(_days(fact)) == 1:
        yield _number(lambda at: words.moment(at)[len("2026-11-21 ") :])
    else:
        yield _usual(fact)
    if (fact.section, fact.name) == ("code", "commit"):
        yield _plain
    if any(isinstance(value, float) for value in fact.values):
        if begun:
            yield from _moments(fact)
        if fact.name == "duration" and fact.section == "run":
            yield _number(lambda seconds: f"{words.number(seconds)}s")
        for digits in range(5, _MOST_DIGITS + 1):
            yield partial(_plain, digits=digits)
    yield _exactly


def _usual(fact: Fact) -> _Say:
    """Return how a fact's values are said as long as that tells them apart."""
    match fact.section, fact.name:
        case "metrics", _:
            return _number(words.number)
        case "run", "started":
            return _number(words.moment)
        case "run", "duration":
            return _number(words.duration)
        case "code", "commit":
            return _commit
        case "code", "changes":
            return _number(lambda size: words.size(int(size)))
        case "environment", "memory_mb":
            return _number(lambda size: words.size(int(size) << 20))
        case "datasets", name if name.endswith("/rows"):
            return _number(lambda rows: words.count(int(rows)))
    return _plain


def _moments(fact: Fact) -> Iterator[_Say]:
    """Yield ways to say moments to the second and beyond; one day is not said again and again."""
    days = _days(fact)

    def day(at: float) -> str:
        return "" if len(days) == 1 else f"{words.moment(at)[:10]} "

    yield _number(lambda at: f"{day(at)}{words.clock_time(at)}")
    yield _number(lambda at: f"{day(at)}{words.clock_time(at)}.{math.floor(at % 1 * 1000):03d}")


def _days(fact: Fact) -> set[str]:
    """Return the days of moments, of which a table need not say a single one again and again."""
    return {words.moment(at)[:10] for at in fact.values if _is_finite(at)}


def _number(say: _Say) -> _Say:
    """Return how numbers are said; what a file has instead is said as it is."""

    def said(value: Any) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return say(value) if number and math.isfinite(value) else _plain(value)

    return said


def _plain(value: Any, digits: int = 6) -> str:
    if isinstance(value, float):
        return words.number(value, digits)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < _LONGEST_WHOLE else f"{Decimal(value):.{digits}e}"
    return words.value(value)


def _commit(value: Any) -> str:
    """Return the beginning of a commit's id, which is enough to find it by."""
    return value[:_COMMIT_CELLS] if isinstance(value, str) and is_commit(value) else _plain(value)


def _exactly(value: Any) -> str:
    """Return a value as JSON, where text and number must be told apart."""
    try:
        return words.visible(json.dumps(value, ensure_ascii=False, default=str))
    except ValueError:  # a whole number of more digits than Python writes out
        return _plain(value, 30)


def best(fact: Fact) -> frozenset[int]:
    """Return the places of the best value of a metric with a direction, if there is a worse one."""
    if fact.goal not in ARROWS:
        return frozenset()
    there = {
        n: one for n, one in enumerate(fact.values) if _is_finite(one) and not fact.stands_in(n)
    }
    if len(set(there.values())) < 2:  # noqa: PLR2004 - nothing to be better than
        return frozenset()
    top = (min if fact.goal == Goal.MIN else max)(there.values())
    return frozenset(n for n, one in there.items() if one == top)


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def deltas(fact: Fact, baseline: int | None) -> tuple[Delta | None, ...]:
    """Return how each run's value of a metric differs from the baseline's; None where not asked."""
    if baseline is None or fact.section != "metrics" or fact.stands_in(baseline):
        return (None,) * len(fact.values)
    base = _float(fact.values[baseline])
    return tuple(
        None
        if n == baseline or fact.stands_in(n)
        else delta(_float(value), base, fact.goal or None)
        for n, value in enumerate(fact.values)
    )


def _float(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


def delta_text(found: Delta | None) -> str:
    """Return ``+0.012 better``; nothing where there is no difference to tell of."""
    if found is None or found.difference is None:
        return ""
    text = words.delta(found.difference)
    return f"{text} {found.verdict}" if found.verdict in (BETTER, WORSE) else text
