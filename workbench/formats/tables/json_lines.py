"""Rows of a table as JSON: one object a line, nested or not."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.formats.plain_config import load_json
from workbench.formats.tables.cells import is_absent, named, time_of
from workbench.formats.tables.state import Column, Roles, TableState
from workbench.formats.undecoded import reason_of

_SHOWN = 80
_WORDS = frozenset(["nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"])


def decode_lines(
    data: bytes, state: TableState, roles: Roles, wanted: frozenset[str] | None
) -> dict[str, Column]:
    """Return the points in whole lines of JSON."""
    columns: dict[str, Column] = {}
    for line, text in enumerate(data.split(b"\n")[:-1], state.lines + 1):
        if not text.strip():
            continue
        try:
            record = _record(text)
        except (ValueError, RecursionError) as problem:
            state.wrong(line, f"does not decode: {reason_of(problem, 'JSON', one_line=True)}")
            continue
        if not isinstance(record, dict):
            state.wrong(line, f"holds {type(record).__name__}, not names with values")
            continue
        numbers = {name: number_in(value) for name, value in leaves(record)}
        found = {name: value for name, value in numbers.items() if value is not None}
        state.rows += bool(found)
        when = _time_of(found, record, line, state, roles)
        _put(found, when, line, state, roles, wanted, columns)
    return columns


def _record(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return load_json(text)  # takes NaN and Infinity, which Python writes and JSON has not


def leaves(record: Mapping[str, Any], prefix: str = "", depth: int = 4) -> list[tuple[str, Any]]:
    """Return the values of nested objects, their names joined with ``/``."""
    found: list[tuple[str, Any]] = []
    for name, value in record.items():
        if isinstance(value, Mapping):
            if depth:
                found += leaves(value, f"{prefix}{name}/", depth - 1)
        else:
            found.append((f"{prefix}{name}", value))
    return found


def number_in(value: object) -> float | None:
    """Return the number a JSON value is, or None."""
    if isinstance(value, str):
        return float(value) if value.lower() in _WORDS else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _time_of(
    numbers: dict[str, float], record: Mapping[str, Any], line: int, state: TableState, roles: Roles
) -> float:
    """Return a row's time, or NaN; what tells it, or is to tell it, is taken out of ``numbers``."""
    name = named(roles.times, {**record, **numbers})
    if name is None:
        return math.nan
    told = numbers.get(name, record.get(name))
    when = time_of(told)
    if not math.isnan(when):
        state.time = name
    elif name != state.time:
        return when  # a duration is a metric
    elif not is_absent(told):
        state.wrong(line, f"{name}: {str(told)[:_SHOWN]!r} is not a time")
    numbers.pop(name, None)
    return when


def _put(
    numbers: dict[str, float],
    when: float,
    line: int,
    state: TableState,
    roles: Roles,
    wanted: frozenset[str] | None,
    columns: dict[str, Column],
) -> None:
    """Add a row: its step is taken out, the rest are points."""
    step = named(roles.steps, numbers)
    if step is not None:
        at = numbers.pop(step)
    else:
        at = float(state.rows - 1) if roles.numbered else math.nan
    for name, value in numbers.items():
        if name in roles.aside:
            state.set_aside(name, value)
            continue
        if not name:
            state.left_nameless(line)
        if not name or not state.admits(name):
            continue
        state.known.add(name)
        if wanted is not None and name not in wanted:
            continue
        column = columns.get(name)
        if column is None:
            column = columns[name] = Column([], [], [])
        column.steps.append(at)
        column.times.append(when)
        column.values.append(value)
