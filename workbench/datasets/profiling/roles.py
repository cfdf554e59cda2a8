"""What a column is to be treated as, with the reason: a guess that a person can override.

The numbers in here are judgements. They are the ones most tables were found to need, and each
reason names the figures it rests on, so that a wrong guess can be seen to be wrong.
"""

from typing import Final

from workbench import words
from workbench.datasets import table
from workbench.datasets.fields import Fields
from workbench.datasets.profile import (
    CATEGORY,
    CONSTANT,
    EMPTY,
    IDENTIFIER,
    MOMENT,
    NESTED,
    NUMBER,
    ROLES,
    WORDS,
    Column,
)
from workbench.datasets.profiling import grid

SAID: Final = "said by a person"
KEY: Final = "it is the key"

_MOMENTS: Final = (table.DATE, table.DATETIME, table.TIME)
_UNSPLIT: Final = (table.LIST, table.STRUCT, table.BINARY, table.OTHER)
_MEASURED: Final = (table.FLOAT, table.DECIMAL, table.DURATION)
_FEW: Final = 20
"""Different whole numbers that may be codes; with fewer rows than this nothing is told."""
_FEW_OF_ALL: Final = 0.01
_ENOUGH: Final = 1_000
"""Rows from which on evenly spread whole numbers are more than chance."""
_EVENLY: Final = 1.63
"""Kolmogorov's 99 % point: the distance from uniform, times the root of n."""
_LONG: Final = 50
_LONG_ID: Final = 40
"""Characters on average."""


def role(column: Column, fields: Fields) -> tuple[str, str]:
    """Return how a column is to be treated and why, in words."""
    said = fields.roles.get(column.name)
    if said in ROLES:
        return said, SAID
    if column.type in _UNSPLIT:
        return NESTED, f"{column.type} values are only measured, not looked into"
    if not _there(column):
        return EMPTY, "no rows" if not column.rows else "every value is missing"
    if fields.key == (column.name,):
        return IDENTIFIER, KEY
    if column.distinct == 1 and column.rows > 1 and not column.nulls + column.nans:
        return CONSTANT, "the same value in every row"
    if column.type in _MOMENTS:
        return MOMENT, f"by its type, {column.type}"
    if column.type in _MEASURED:
        return NUMBER, f"by its type, {column.type}"
    if column.type == table.INTEGER:
        return _of_integers(column, column.name == fields.label)
    return _of_texts(column)


def _there(column: Column) -> int:
    return column.n + column.plus_infinities + column.minus_infinities


def _of_integers(column: Column, label: bool) -> tuple[str, str]:
    distinct = column.distinct or 0
    said = f"{words.count(distinct)} different whole numbers in {words.plural(column.n, 'row')}"
    if distinct <= _FEW and label:
        return CATEGORY, f"the label, {said}"
    if distinct <= _FEW and distinct < _FEW_OF_ALL * column.n:
        return CATEGORY, said
    if _each_once(column):
        if column.rising:
            return IDENTIFIER, f"{said}, rising from row to row"
        if column.n >= _ENOUGH and _even(column):
            return IDENTIFIER, f"{said}, evenly spread"
    return NUMBER, said


def _each_once(column: Column) -> bool:
    """Return whether no value is missing and none is there twice, as far as that is known."""
    return column.distinct == column.rows >= _FEW


def _even(column: Column) -> bool:
    """Return whether whole numbers lie evenly between the least and the greatest."""
    points = grid.restored(column.numbers.quantiles if column.numbers else None, column.n)
    if points is None:
        return False
    low, high = points.at[0], points.at[-1]
    expected = (points.at - low + 1) / (high - low + 1)
    away = abs(points.upto / points.n - expected).max()
    return bool(away <= _EVENLY / column.n**0.5)


def _of_texts(column: Column) -> tuple[str, str]:
    distinct, n = column.distinct or 0, column.n
    if column.type == table.BOOLEAN:
        return CATEGORY, "true or false"
    said = f"{words.count(distinct)} different texts in {words.plural(n, 'row')}"
    mean = column.lengths.mean if column.lengths else 0.0
    if mean > _LONG:
        return WORDS, f"{words.count(round(mean))} characters on average"
    if column.type == table.CATEGORICAL:
        return CATEGORY, f"categorical values, {said}"
    if _each_once(column) and mean <= _LONG_ID:
        return IDENTIFIER, said
    if n >= _FEW and distinct > n / 2:
        return WORDS, said
    return CATEGORY, said
