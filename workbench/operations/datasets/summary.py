"""A profile in words: the facts of a table, of its columns and of one of them, under headings."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from workbench import words
from workbench.datasets.fields import MASK
from workbench.datasets.profile import NUMBER, Column, Pair, Profile
from workbench.operations.sections import Section, section

HEADS = ("column", "role", "type", "missing", "distinct", "min", "median", "max", "notes")
_MOST_TOP = 20
_QUANTILES = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)
_INNER = _QUANTILES[2:-2]
"""Of a sensitive column; further out there are hardly points."""
_MOST_PAIRS = 10
FEWEST_FOR_PAIRS = 30
"""Rows below which two columns go together by chance."""
_MOST_TYPE = 24
_END_DIGITS = 12
_SHORT_FLOAT_DIGITS = 7
_THOUSANDS_FROM = 10_000
_NO_SKEW = 1e-9
"""Below is what rounding leaves of none."""
_ARGUMENT = re.compile(r"(time_unit|time_zone|precision|scale)='?([^',)]+)")
_NAMED_ARGUMENTS = ("precision", "scale")


class ColumnFacts(NamedTuple):
    """A column in a line."""

    name: str
    role: str
    type: str
    missing: str
    """Share of rows without a value, NaN counted in."""
    distinct: str
    min: str
    median: str
    max: str
    notes: str
    """What deserves attention, or why it could not be summarised."""


def column_facts(column: Column, rows: int, *, unmask: bool = False) -> ColumnFacts:
    """Return a column's line.

    Args:
        column: Its summary.
        rows: Rows of the table.
        unmask: Show what a sensitive column holds.
    """
    from workbench.datasets.profiling import warnings  # noqa: PLC0415 - numpy
    from workbench.datasets.profiling.hiding import shown_column  # noqa: PLC0415

    missing = (column.nulls + column.nans) / rows if rows and not column.fault else None
    low, middle, high = _range(shown_column(column, unmask=unmask), "" if unmask else MASK)
    notes = (column.fault,) if column.fault else warnings(column, rows)
    return ColumnFacts(
        column.name, column.role, column.type, words.percent(missing), distinct(column),
        low, middle, high, "; ".join(notes),
    )  # fmt: skip


def distinct(column: Column) -> str:
    """Return how many different values there are, with what is known of the bounds."""
    if column.distinct is None:
        return words.UNKNOWN
    if not column.distinct_at_least:
        return words.count(column.distinct)
    most = column.distinct_at_most
    up_to = f" to {words.count(most)}" if most is not None and most > column.distinct else "+"
    return f"{words.count(column.distinct)}{up_to}"


def _range(column: Column, hidden: str) -> tuple[str, str, str]:
    """Return the smallest value, the one in the middle and the largest, as far as there are.

    Args:
        column: Its summary, as it is shown.
        hidden: In place of an end that is not stored.
    """
    if column.moments is not None:
        return _short(column.moments.first), "", _short(column.moments.last)
    found = column.numbers
    if found is None or found.median is None:
        return "", "", ""
    ends = (found.min, found.max)
    low, high = (hidden if end is None else value(end, _end_digits(column)) for end in ends)
    return low, value(found.median), high


def _end_digits(column: Column) -> int:
    """Return with how many digits the ends are shown: those of a row's value, not of rounding."""
    return _SHORT_FLOAT_DIGITS if column.dtype == "Float32" else _END_DIGITS


def value(number: float, digits: int = 4) -> str:
    """Return a value of a column with its thousands apart, as counts have them; a year has none."""
    text = words.number(number, digits)
    whole, dot, rest = text.partition(".")
    if "e" in text or not _THOUSANDS_FROM <= abs(number) < math.inf:
        return text
    return f"{int(whole):,}{dot}{rest}"


def _short(moment: str) -> str:
    """Return a moment without the zeros nobody reads."""
    return moment.replace("T", " ").removesuffix("+00:00").removesuffix(" 00:00:00")


def sections(profile: Profile, *, unmask: bool = False) -> tuple[Section, ...]:
    """Return everything of a profile but its single columns; sensitive ones masked or not."""
    facts = [
        ("rows", words.count(profile.rows)),
        ("columns", words.count(len(profile.columns))),
        *([("label", profile.label)] if profile.label else []),
        *([("repeated rows", _duplicates(profile))] if profile.duplicates is not None else []),
        *([("merged from", words.plural(profile.parts, "part"))] if profile.parts > 1 else []),
    ]
    lines = [tuple(column_facts(one, profile.rows, unmask=unmask)) for one in profile.columns]
    return (
        *section("table", facts),
        *section("faults", [(one,) for one in profile.faults]),
        *section("columns", lines, HEADS),
        *section("label balance", balance(profile, unmask=unmask), ("value", "rows", "share")),
        *section(
            f"strongest pairs, on {words.plural(profile.sampled, 'row')}",
            [
                (f"{one.a} ~ {one.b}", measure(one.kind), words.number(one.value, 3))
                for one in strongest(profile)
            ],
            ("columns", "measure", "value"),
        ),
        *section("pairs", [(profile.pairs_left_out,)] if profile.pairs_left_out else []),
    )


def _duplicates(profile: Profile) -> str:
    share = words.percent((profile.duplicates or 0) / profile.rows if profile.rows else None)
    return f"{words.count(profile.duplicates or 0)} ({share})"


def balance(profile: Profile, *, unmask: bool = False) -> list[tuple[str, str, str]]:
    """Return the values of the label with how often they stand there; none without a label."""
    column = next((one for one in profile.columns if one.name == profile.label), None)
    if column is None or column.role == NUMBER:
        return []
    return shares(column, unmask=unmask)


def shares(column: Column, *, unmask: bool = False) -> list[tuple[str, str, str]]:
    """Return a column's most frequent values: value, rows, share of rows with a value."""
    from workbench.datasets.profiling.hiding import shown_column  # noqa: PLC0415 - numpy

    given = sum(count for _, count in column.top) + column.other
    shown = shown_column(column, unmask=unmask).top[:_MOST_TOP]
    rest = given - sum(count for _, count in shown)
    lines = [(value, words.count(count), words.percent(count / given)) for value, count in shown]
    if rest:
        lines.append((_rest(column), words.count(rest), words.percent(rest / given)))
    return lines


def _rest(column: Column) -> str:
    return "(other, rare ones hidden)" if column.sensitive else "(other)"


def strongest(profile: Profile) -> Sequence[Pair]:
    """Return the pairs that go together most, the strongest first, one line a pair of columns."""
    best: dict[tuple[str, str], Pair] = {}
    told = [one for one in profile.pairs if one.n >= FEWEST_FOR_PAIRS]
    for one in sorted(told, key=lambda pair: -abs(pair.value)):
        best.setdefault((one.a, one.b), one)
    return list(best.values())[:_MOST_PAIRS]


def measure(kind: str) -> str:
    """Return a measure's name in words."""
    return {
        "pearson": "Pearson r", "spearman": "Spearman ρ", "cramers_v": "Cramér V",
        "correlation_ratio": "correlation ratio η",
    }.get(kind, kind)  # fmt: skip


def column_sections(
    column: Column, profile: Profile, *, unmask: bool = False
) -> tuple[Section, ...]:
    """Return everything of one column; what single rows of a sensitive one hold only if asked."""
    return (
        *section("column", _facts(column, profile.rows, unmask=unmask)),
        *section("numbers", _numbers(column)),
        *section(
            "quantiles", _quantiles(column, unmask=unmask), ("share of values below", "value")
        ),
        *section("texts", _texts(column)),
        *section("times", _times(column, unmask=unmask)),
        *section("most frequent values", shares(column, unmask=unmask), ("value", "rows", "share")),
        *section("goes together with", _pairs(column, profile), ("column", "measure", "value")),
    )


def _facts(column: Column, rows: int, *, unmask: bool) -> list[tuple[str, str]]:
    facts = column_facts(column, rows, unmask=unmask)
    counted = (
        ("null", column.nulls), ("NaN", column.nans), ("infinite", column.plus_infinities),
        ("minus infinite", column.minus_infinities),
    )  # fmt: skip
    return [
        ("name", column.name),
        ("role", f"{column.role}: {column.role_reason}" if column.role_reason else column.role),
        ("type", type_words(column)),
        ("rows", words.count(rows)),
        *((name, f"{words.count(n)} ({words.percent(n / rows)})") for name, n in counted if n),
        ("distinct", facts.distinct),
        *([("attention", facts.notes)] if facts.notes else []),
    ]


def type_words(column: Column) -> str:
    """Return a column's type with what there is to it: ``datetime, ms, UTC``."""
    found = [(name, said) for name, said in _ARGUMENT.findall(column.dtype) if said != "None"]
    if column.type in ("datetime", "duration", "decimal") and found:
        parts = [f"{name} {said}" if name in _NAMED_ARGUMENTS else said for name, said in found]
        return ", ".join([column.type, *parts])
    name, inner, _ = column.dtype.partition("(")
    short = f"{name}(…)" if inner and len(column.dtype) > _MOST_TYPE else column.dtype
    return column.type if short.casefold() == column.type else f"{column.type} ({short})"


def _numbers(column: Column) -> list[tuple[str, str]]:
    found = column.numbers
    if found is None:
        return []
    skew = 0.0 if found.skew is not None and abs(found.skew) < _NO_SKEW else found.skew
    digits, ends = _end_digits(column), (("min", found.min), ("max", found.max))
    facts = (
        ("mean", found.mean),
        ("standard deviation", found.std), ("skew", skew), ("robust scale", found.scale),
    )  # fmt: skip
    counted = (("zeros", found.zeros), ("negative", found.negatives))
    return [
        *((name, value(one, digits)) for name, one in ends if one is not None),
        *((name, value(one, 6)) for name, one in facts if one is not None),
        *((name, words.count(n)) for name, n in counted if n),
    ]


def _quantiles(column: Column, *, unmask: bool) -> list[tuple[str, str]]:
    if column.numbers is None or column.numbers.quantiles is None:
        return []
    from workbench.datasets.profiling import quantile  # noqa: PLC0415 - numpy

    asked = _QUANTILES if unmask or not column.sensitive else _INNER
    return [(words.percent(q), value(quantile(column, q), 6)) for q in asked]


def _texts(column: Column) -> list[tuple[str, str]]:
    if column.lengths is None:
        return []
    found = column.lengths
    length = f"{words.count(found.min)} to {words.count(found.max)}"
    empty = [("empty", words.count(found.empty))] if found.empty else []
    return [("length", f"{length}, mean {words.number(found.mean)}"), *empty]


def _times(column: Column, *, unmask: bool) -> list[tuple[str, str]]:
    found = column.moments
    if found is None or (column.sensitive and not unmask):
        return []
    gap = f"{words.duration(found.gap_s)} from {_short(found.gap_from or '')}"
    return [
        ("first", _short(found.first)),
        ("last", _short(found.last)),
        *([("longest gap", gap)] if found.gap_s is not None else []),
    ]


def _pairs(column: Column, profile: Profile) -> list[tuple[str, str, str]]:
    from workbench.datasets.profiling import correlation_with  # noqa: PLC0415 - numpy

    told = [one for one in correlation_with(profile, column.name) if one.n >= FEWEST_FOR_PAIRS]
    found = sorted(told, key=lambda one: -abs(one.value))
    return [
        (one.b if one.a == column.name else one.a, measure(one.kind), words.number(one.value, 3))
        for one in found[:_MOST_PAIRS]
    ]
