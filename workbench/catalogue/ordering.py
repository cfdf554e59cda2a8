"""The order of runs and of groups, as SQL terms; what is missing is last either way.

A run stands by its own values. A group stands by the value its line shows: the mean of
the finite ones where it shows numbers, else that of its first run.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workbench.catalogue.expressions import ATTRIBUTES, NUMERIC, SPREADABLE, metric_part
from workbench.catalogue.query import Column, Sort


class Order(NamedTuple):
    """The parts of the statements that put runs and groups in order."""

    joins: str
    """What brings the values of the keys to the alias ``r`` of ``runs``."""
    bound: tuple[str, ...]
    """What the joins bind."""
    terms: str
    """ORDER BY of runs; newest first where nothing decides."""
    keys: str
    """The keys of a run as further columns, for its group."""
    told: str
    """The keys of a group as further columns, over those of its runs."""
    group_terms: str
    """ORDER BY of groups, where ``t`` is what is told of one and ``f`` its first run."""


def order_of(sort: Iterable[Sort], goals: Mapping[str, str]) -> Order:
    """Return what the keys of an order mean in SQL."""
    joins, bound, terms, keys, told, group_terms = [], [], [], [], [], []
    for number, (column, descending) in enumerate(sort):
        way, alias = "DESC" if descending else "ASC", f"s{number}"
        if column.kind != "attribute":
            joins.append(
                f"LEFT JOIN {column.kind}s {alias} ON {alias}.run = r.run AND {alias}.name = ?"
            )
            bound.append(column.name)
        value, text = _value(column, goals, alias), f"{alias}.text"
        terms += _terms(column, value, text, text, way)
        shown = f"f.k{number}"
        keys.append(f"{value} AS k{number}")
        if column.kind == "param":
            keys.append(f"{text} AS t{number}")
        if _is_averaged(column):
            told.append(f"{_mean(f'k{number}')} AS m{number}")
            shown = f"t.m{number}"
        first = f"f.t{number}"
        unread = f"CASE WHEN {shown} IS NULL THEN {first} END"
        group_terms += _terms(column, shown, first, unread, way)
    terms.append("r.started DESC NULLS LAST")
    terms.append("r.run_id DESC")  # before the number, which is another one in every catalogue
    terms.append("r.run DESC")
    return Order(
        " ".join(joins),
        tuple(bound),
        ", ".join(terms),
        "".join(f", {key}" for key in keys),
        "".join(f", {one}" for one in told),
        ", ".join([*group_terms, "t.first"]),
    )


def _value(column: Column, goals: Mapping[str, str], alias: str) -> str:
    """Return the SQL of a run's value in a column: of a param its number."""
    return {
        "metric": metric_part(column, goals, alias),
        "param": f"{alias}.number",
        "tag": f"{alias}.value",
    }.get(column.kind) or ATTRIBUTES[column.name]


def _is_averaged(column: Column) -> bool:
    return column.kind in ("metric", "param") or (
        column.kind == "attribute" and column.name in SPREADABLE
    )


def _mean(key: str) -> str:
    """Return the SQL of what a group shows: all alike as they are, else the mean of the finite.

    The mean of equal numbers can miss them by a digit, which would part groups that tie.
    """
    number = f"{key}::DOUBLE"
    finite = f"FILTER (isfinite({number}))"
    return (
        f"CASE WHEN min({number}) = max({number}) THEN min({number}) "
        f"ELSE coalesce(avg({number}) {finite}, min({number})) END"
    )


def _terms(column: Column, value: str, text: str, unread: str, way: str) -> list[str]:
    """Return the ORDER BY terms of one key.

    Args:
        column: The key.
        value: SQL of its value; of a param, of its number.
        text: SQL of a param's text, null where there is none.
        unread: SQL of the text that orders params of one number, or of none.
        way: ``ASC`` or ``DESC``.
    """
    terms = []
    if column.kind == "metric" or (column.kind == "attribute" and column.name in NUMERIC):
        terms.append(f"({value} IS NULL OR isnan({value}::DOUBLE))")
    elif column.kind == "param":  # numbers, then text, then NaN, then nothing
        terms.append(
            f"CASE WHEN {text} IS NULL THEN 3 WHEN {value} IS NULL THEN 1 "
            f"WHEN isnan({value}) THEN 2 ELSE 0 END"
        )
    terms.append(f"{value} {way} NULLS LAST")
    if column.kind == "param":
        terms.append(f"{unread} {way} NULLS LAST")
    return terms
