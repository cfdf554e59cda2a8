"""Rows of a table as cells: column by column, because there may be millions of them.

A column is a metric if its cells are numbers. One cell that is none is a damaged
one and a fault; a column that begins with two of them holds text.
"""

import csv
import math
from collections import Counter
from collections.abc import Sequence

from workbench.errors import FormatError
from workbench.formats.tables.cells import (
    Parsed,
    Rows,
    columns_of,
    header_of,
    is_absent,
    is_time,
    names_columns,
    parse,
    rows_of,
    times_of,
)
from workbench.formats.tables.state import MOST_COLUMNS, Column, Roles, TableState, Words

_TEXT_FROM = 2
"""So many texts before the first number make a column one of text."""
_SHOWN = 80


def decode_rows(
    data: bytes, state: TableState, roles: Roles, wanted: frozenset[str] | None
) -> tuple[dict[str, Column], int, int]:
    """Return the points in whole lines of cells, the bytes taken and the lines in them.

    Raises:
        FormatError: The first line is no header.
    """
    skipped = begun = 0
    if state.header is None:
        skipped, begun = _begin(data, state)
        if state.header is None:
            return {}, skipped, begun
        data = data[skipped:]
    first = state.lines + begun + 1
    columns: dict[str, Column] = {}
    cells = columns_of(data, state.separator, state.width)
    if cells is not None:
        state.waiting = 0
        numbers = range(first, first + len(cells[0]))
        _columns(cells, numbers, state, roles, wanted, columns)
        return columns, skipped + len(data), begun + len(numbers)
    found = rows_of(data, state.separator)
    for line, reason in found.wrong:
        state.wrong(first + line, reason)
    state.waiting = 0 if found.taken == len(data) else first + found.counted
    _take(found, first, state, roles, wanted, columns)
    return columns, skipped + found.taken, begun + found.counted


def _begin(data: bytes, state: TableState) -> tuple[int, int]:
    """Let the header be read; return the bytes and lines up to its end, remarks before it too."""
    at = lines = 0
    while at < len(data):
        end = data.find(b"\n", at) + 1
        line = data[at:end]
        if line.strip() and not line.lstrip().startswith(b"#"):
            try:
                names, state.separator = header_of(line)
            except csv.Error as problem:
                raise FormatError(f"its first line is no header: {problem}") from None
            _name(names, state, lines + 1)
            state.header_bytes = end
            return end, lines + 1
        at, lines = end, lines + 1
    return at, lines


def _name(names: list[str], state: TableState, line: int) -> None:
    state.width = len(names)
    state.header = names[:MOST_COLUMNS]
    state.step = state.time = None
    if state.width > MOST_COLUMNS:
        reason = f"has {state.width:,} columns; the first {MOST_COLUMNS:,} are read"
        state.wrong(line, reason)
    for name, count in Counter(state.header).items():
        if name and count > 1:
            state.wrong(line, f"has the column {name[:_SHOWN]!r} more than once; the first is read")
    if any("\ufffd" in name for name in state.header):
        state.wrong(line, "has names that are not UTF-8")


def _take(
    found: Rows,
    first: int,
    state: TableState,
    roles: Roles,
    wanted: frozenset[str] | None,
    columns: dict[str, Column],
) -> None:
    """Take the rows, as many together as one header holds for."""
    rows: list[list[str]] = []
    lines: list[int] = []
    for place, row in zip(found.lines, found.rows, strict=True):
        if names_columns(row, roles.steps, state.separator):
            names = [cell.strip() for cell in row]
            if names[:MOST_COLUMNS] != state.header:  # a resumed script often writes it again
                _columns(list(zip(*rows, strict=True)), lines, state, roles, wanted, columns)
                rows, lines = [], []
                _name(names, state, first + place)
        elif len(row) == state.width:
            rows.append(row)
            lines.append(first + place)
        else:
            reason = f"has {len(row)} cells; the header has {state.width}"
            state.wrong(first + place, reason)
    _columns(list(zip(*rows, strict=True)), lines, state, roles, wanted, columns)


def _columns(
    found: Sequence[Sequence[str]],
    lines: Sequence[int],
    state: TableState,
    roles: Roles,
    wanted: frozenset[str] | None,
    columns: dict[str, Column],
) -> None:
    if not lines:
        return
    state.rows += len(lines)
    names = state.header or []
    cells: dict[str, Sequence[str]] = {}
    for name, column in zip(names, found[: len(names)], strict=True):
        cells.setdefault(name, column)
    _tell_nameless(found[: len(names)], lines, state)
    steps = _steps(cells, lines, state, roles)
    times = _times(cells, lines, state, roles)
    for name in names:
        if name in (state.step, state.time, "") or name not in cells:
            continue
        asked = wanted is None or name in wanted
        if not asked and name in state.known and name not in roles.aside:
            continue
        parsed = _numbers(name, cells.pop(name), lines, state)
        if parsed is None or not parsed.values:
            continue
        if name in roles.aside:
            state.set_aside(name, parsed.values[-1])
        elif state.admits(name):
            state.known.add(name)
            if asked:
                _add(name, parsed, steps, times, columns)


def _tell_nameless(found: Sequence[Sequence[str]], lines: Sequence[int], state: TableState) -> None:
    """Tell of numbers below an empty name; a first column of them is an index of pandas."""
    for name, column in list(zip(state.header or [], found, strict=True))[1:]:
        if not name and not state.nameless:
            places = [place for place, cell in enumerate(column) if not is_absent(cell)]
            if places:
                state.left_nameless(lines[places[0]])


def _steps(
    cells: dict[str, Sequence[str]], lines: Sequence[int], state: TableState, roles: Roles
) -> list[float]:
    """Return the step of every row, NaN where there is none."""
    if roles.numbered:
        return [float(state.rows - len(lines) + place) for place in range(len(lines))]
    wanted = [state.step] if state.step else [name for name in roles.steps if name in cells]
    for name in wanted:
        parsed = parse(cells[name], state.separator)
        if not parsed.values and state.step is None:
            continue
        state.step = name
        for place, text in parsed.texts:
            state.wrong(lines[place], f"{name}: {text[:_SHOWN]!r} is not a number")
        return _spread(parsed, len(lines))
    return [math.nan] * len(lines)


def _spread(parsed: Parsed, count: int) -> list[float]:
    if parsed.places is None:
        return parsed.values
    found = [math.nan] * count
    for place, value in zip(parsed.places, parsed.values, strict=True):
        found[place] = value
    return found


def _times(
    cells: dict[str, Sequence[str]], lines: Sequence[int], state: TableState, roles: Roles
) -> list[float]:
    """Return the time of every row, NaN where there is none; a duration is a metric."""
    if state.time is None:
        found = (name for name in roles.times if name in cells)
        state.time = next((n for n in found if is_time(cells[n], state.separator)), None)
    if state.time is None:
        return [math.nan] * len(lines)
    told = cells[state.time]
    times = times_of(told, state.separator)
    for place, time in enumerate(times):
        if math.isnan(time) and not is_absent(told[place]):
            text = told[place].strip()[:_SHOWN]
            state.wrong(lines[place], f"{state.time}: {text!r} is not a time")
    return times


def _numbers(
    name: str, cells: Sequence[str], lines: Sequence[int], state: TableState
) -> Parsed | None:
    """Return the numbers of a column, or None if it holds text."""
    words = state.words.get(name)
    if words is not None and words.count >= _TEXT_FROM:
        return None
    parsed = parse(cells, state.separator)
    if not parsed.texts and words is None:
        return parsed
    if name not in state.known:
        first = parsed.places[0] if parsed.places else len(lines)
        before = sum(place < first for place, _ in parsed.texts) if parsed.values else 0
        before = (words.count if words else 0) + (before if parsed.values else len(parsed.texts))
        if before >= _TEXT_FROM or not parsed.values:
            _hold(name, parsed, lines, state)
            return None
    if words is not None:
        state.wrong(words.line, f"{name}: {words.first!r} is not a number")
        del state.words[name]
    for place, text in parsed.texts:
        state.wrong(lines[place], f"{name}: {text[:_SHOWN]!r} is not a number")
    return parsed


def _hold(name: str, parsed: Parsed, lines: Sequence[int], state: TableState) -> None:
    """Remember that a column holds text, and how it begins."""
    if not parsed.texts:
        return
    for place, text in parsed.texts:
        if "\ufffd" in text:
            state.wrong(lines[place], f"{name}: {text[:_SHOWN]!r} is not UTF-8")
    place, text = parsed.texts[0]
    words = state.words.get(name)
    if words is None:
        state.words[name] = Words(lines[place], text[:_SHOWN], len(parsed.texts))
    else:
        words.count += len(parsed.texts)


def _add(
    name: str,
    parsed: Parsed,
    steps: list[float],
    times: list[float],
    columns: dict[str, Column],
) -> None:
    if parsed.places is not None:
        steps = [steps[place] for place in parsed.places]
        times = [times[place] for place in parsed.places]
    column = columns.get(name)
    if column is None:
        columns[name] = Column(steps, times, parsed.values)
    else:  # columns without gaps share their steps: what is joined is made new
        columns[name] = Column(
            column.steps + steps, column.times + times, column.values + parsed.values
        )
