"""Rules as they stand in ``workbench.toml``, read into values; a misspelt key is never passed over.

A rule that cannot be read stays in the list with its fault: one bad rule does not stop the
others, and is never taken for one that holds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from types import MappingProxyType
from typing import Any, Final, cast

from workbench.datasets.rules.options import (
    COMMON,
    KINDS,
    OPTIONS,
    TOGETHER,
    WITHOUT_COLUMNS,
    WITHOUT_ROWS,
    is_whole,
    share_of,
)
from workbench.datasets.rules.rule import Allowed, Kind, Rule
from workbench.errors import FilterError, SettingsError
from workbench.filters import parse_expression
from workbench.filters.expression_tree import columns_of, totals_of
from workbench.words import visible

_SETTINGS: Final = "workbench.toml"
LineOf = Callable[[int, str], int]
"""Of which rule, from 0, and of which key: the line it stands in, 0 if unknown."""


def _no_line(_number: int, _key: str) -> int:
    return 0


def parse(tables: Sequence[Any], *, line_of: LineOf = _no_line) -> tuple[Rule, ...]:
    """Return the rules of a dataset.

    Raises:
        SettingsError: One of them cannot be read; it knows the line.
    """
    rules = read(tables, line_of=line_of)
    wrong = next((rule for rule in rules if rule.fault), None)
    if wrong is not None:
        raise SettingsError(wrong.fault, path=_SETTINGS, line=wrong.line)
    return rules


def read(tables: Sequence[Any], *, line_of: LineOf = _no_line) -> tuple[Rule, ...]:
    """Return the rules of a dataset; those that cannot be read carry their fault.

    Args:
        tables: The elements of ``[[datasets.NAME.rules]]``.
        line_of: Where a key of a rule stands.
    """
    return tuple(
        rule
        for number, table in enumerate(tables)
        for rule in _rules(table, partial(line_of, number))
    )


def _rules(table: Any, line_of: Callable[[str], int]) -> Iterator[Rule]:
    """Yield the rule of a table; several where it is of several columns, each on its own."""
    if not isinstance(table, Mapping):
        yield Rule("rows", fault="A rule is a table of keys and values.", line=line_of(""))
        return
    key, wrong = _complaint(table)
    kind = table.get("kind")
    if wrong:
        known = cast("Kind", kind) if kind in KINDS else "rows"
        name = _name(table) if kind in KINDS else _name(table) or _of(_columns(table))
        yield Rule(known, _columns(table), name=name, line=line_of(key), fault=_placed(wrong, key))
        return
    columns = _columns(table)
    alone = kind not in TOGETHER and len(columns) > 1
    for some in [(one,) for one in columns] if alone else [columns]:
        yield _rule(cast("Kind", kind), some, table, line_of(""))


def _rule(kind: Kind, columns: tuple[str, ...], table: Mapping[str, Any], line: int) -> Rule:
    said = {key: value for key, value in table.items() if key in OPTIONS[kind]}
    return Rule(
        kind, columns, MappingProxyType(said), _name(table), str(table.get("where", "")).strip(),
        _allowed(table.get("allowed", 0)), line,
    )  # fmt: skip


def _allowed(said: Any) -> Allowed:
    return Allowed(rows=said) if is_whole(said) else Allowed(share=share_of(said) or 0.0)


def _name(table: Mapping[str, Any]) -> str:
    name = table.get("name", "")
    return name.strip() if isinstance(name, str) else ""


def _of(columns: tuple[str, ...]) -> str:
    """Return what to call a rule of no known kind."""
    return f"rule of {', '.join(columns)}" if columns else "rule"


def _columns(table: Mapping[str, Any]) -> tuple[str, ...]:
    one, several = table.get("column"), table.get("columns")
    if isinstance(one, str):
        return (one,)
    return tuple(map(str, several)) if isinstance(several, list) else ()


def _placed(wrong: str, key: str) -> str:
    return wrong if wrong[0].isupper() else f"'{visible(key)}' {wrong}."


def _complaint(table: Mapping[str, Any]) -> tuple[str, str]:
    """Return the key of the first thing wrong with a rule, and what is; empty if nothing is."""
    kind = table.get("kind")
    if kind not in KINDS:
        near = get_close_matches(str(kind)[:40], KINDS, 1)
        ask = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(KINDS)}"
        what = "A rule needs a kind" if kind is None else f"There is no kind {visible(str(kind))!r}"
        return "kind", f"{what}; {ask}"
    kind = cast("Kind", kind)
    options = {**COMMON, **OPTIONS[kind]}
    for key, value in table.items():
        if key not in options:
            return key, _unknown(key, kind, options)
        if complaint := options[key].complaint(value):
            return key, complaint
    for key, option in options.items():
        if option.required and key not in table:
            return key, f"A {kind} rule needs '{key}'."
    return _together(kind, table)


def _unknown(key: str, kind: str, options: Mapping[str, Any]) -> str:
    near = get_close_matches(key[:40], options, 1)
    ask = f"did you mean '{near[0]}'?" if near else f"it takes {', '.join(options)}."
    return f"A {kind} rule has no key '{visible(key)}': {ask}"


def _together(kind: Kind, table: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong between keys that are right on their own."""
    if "column" in table and "columns" in table:
        return "columns", "A rule has 'column' or 'columns', not both."
    named = "column" in table or "columns" in table
    if named and kind in WITHOUT_COLUMNS:
        return "column", f"A {kind} rule is of the whole table and takes no column."
    if not named and kind not in WITHOUT_COLUMNS:
        return "kind", f"A {kind} rule needs 'column' or 'columns'."
    if "allowed" in table and kind in WITHOUT_ROWS | {"rows"}:
        return "allowed", f"A {kind} rule is not of single rows: nothing can be allowed."
    if kind == "type" and "where" in table:
        return "where", "A type rule is not of single rows and takes no 'where'."
    if kind in {"range", "rows"}:
        return _limits(kind, table)
    if kind == "foreign_key":
        return _foreign(table)
    return _expression(table) if kind == "expression" else ("", "")


def _limits(kind: Kind, table: Mapping[str, Any]) -> tuple[str, str]:
    low = [key for key in ("min", "above") if key in table]
    high = [key for key in ("max", "below") if key in table]
    if not low and not high:
        return "kind", f"A {kind} rule needs 'min' or 'max'."
    for pair in (low, high):
        if len(pair) > 1:
            return pair[1], f"A range has '{pair[0]}' or '{pair[1]}', not both."
    if not (low and high):
        return "", ""
    least, most = table[low[0]], table[high[0]]
    if _sort(least) != _sort(most):
        return high[0], "Both limits must be numbers, or both dates."
    if _sort(least) == "number" and least > most:
        return high[0], f"Nothing lies from {least} to {most}."
    return "", ""


def _sort(limit: Any) -> str:
    return "number" if isinstance(limit, int | float) else "date"


def _foreign(table: Mapping[str, Any]) -> tuple[str, str]:
    of = table.get("of")
    there = len(of) if isinstance(of, list) else 1
    if of is not None and there != len(_columns(table)):
        return "of", "'of' must name as many columns as the rule has."
    return "", ""


def _expression(table: Mapping[str, Any]) -> tuple[str, str]:
    text = table["expression"]
    try:
        tree = parse_expression(text)
    except FilterError as error:
        return "expression", f"The expression cannot be read at letter {error.column + 1}: {error}"
    if not columns_of(tree):
        return "expression", "The expression asks for no column."
    if totals_of(tree) and "allowed" in table:
        return "allowed", "A total is not of single rows: nothing can be allowed."
    return "", ""
