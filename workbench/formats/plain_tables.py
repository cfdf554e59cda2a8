"""Metrics in files nobody agreed on: JSON lines, or a CSV with a step column.

What is looked for stands in the constants: names of files, of the step, of the
time. A table is read on from where the last look stopped; the first bytes are
remembered, because some tools write a new header over the old one in place.
"""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.opening import is_plain_file
from workbench.tail import Place, read_tail

STEPS = (
    "step", "_step", "global_step", "trainer/global_step", "iteration", "iter", "epoch",
    "training_iteration", "total_timesteps", "time/total_timesteps", "timesteps_total", "steps",
    "iterations", "epochs", "round",
)  # fmt: skip
TIMES = ("_timestamp", "timestamp", "time", "ts", "wall_time")
_LOGS = ("metric", "result", "log", "history", "progress", "train", "eval", "val")
"""How the names of ``.json`` and ``.log`` files begin that are worth opening."""
_STEPLESS = frozenset(["metrics", "metric", "results", "result", "history", "log", "progress"])
"""JSON lines of these names are metrics even without a step; a `train` may be data."""
_TABLES, _LINES = (".csv", ".tsv", ".log"), (".jsonl", ".ndjson", ".json")
_ABSENT = frozenset(["", "na", "n/a", "null", "none", "-"])
_WORDS = frozenset(["nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"])
_SEPARATORS = ",;\t|"
_HEAD = 256
_FIRST = 1 << 16
_LONG_AGO_S, _MILLISECONDS = 1e8, 1e11
"""Below the first a time is a duration, above the second it is in milliseconds."""
_LARGEST_STEP = 2.0**63
MOST_FAULTS = 20


class Column(NamedTuple):
    """Points of a metric; a step is NaN where there is none, and so is a time."""

    steps: list[float]
    times: list[float]
    values: list[float]


class TableState(Struct):
    """How far a table has been read, and what its header said."""

    offset: int = 0
    inode: int = 0
    lines: int = 0
    head: str = ""
    head_bytes: int = 0
    header: list[str] | None = None
    separator: str = ","
    words: list[str] = field(default_factory=list)
    """Columns that hold text."""
    known: list[str] = field(default_factory=list)
    """Columns that hold numbers."""
    bad: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, line: int, reason: str) -> None:
        """Note that a line is wrong."""
        self.bad += 1
        if self.bad <= MOST_FAULTS:
            self.faults.append((line, reason))


class News(NamedTuple):
    """What is new in a table."""

    columns: dict[str, Column]
    restarted: bool


def may_be_table(name: str) -> bool:
    """Say whether a file of this name is worth opening."""
    lower = name.lower()
    if lower.endswith((".json", ".log")):
        return lower.startswith(_LOGS)
    return lower.endswith(_TABLES + _LINES) and not lower.startswith("cv_results")


def is_table(path: str) -> bool:
    """Say whether the file at ``path`` begins like metrics over steps."""
    if not is_plain_file(path):
        return False
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - strings all along
            data = file.read(_FIRST)
    except OSError:
        return False
    first, newline, rest = data.partition(b"\n")
    if not newline:
        return False
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    if name.endswith(_LINES):
        return _begins_like_lines(first, named=name.partition(".")[0] in _STEPLESS)
    return _begins_like_table(first, rest.partition(b"\n")[0])


def _begins_like_lines(first: bytes, *, named: bool) -> bool:
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    if not isinstance(record, dict):
        return False
    numbers = [name for name, value in _leaves(record) if _number(value) is not None]
    has_step = any(name in numbers for name in STEPS)
    return (has_step and len(numbers) > 1) or (named and bool(numbers))


def _begins_like_table(first: bytes, second: bytes) -> bool:
    try:
        header, separator = _header(first)
        cells = next(csv.reader([second.decode("utf-8", "replace")], delimiter=separator), [])
    except csv.Error:
        return False
    if _named(STEPS, header) is None or len(header) < 2:  # noqa: PLR2004 - a step alone says nothing
        return False
    fitting = [c for c in cells if c.strip().lower() in _ABSENT or _cell(c, separator) is not None]
    return not second.strip() or len(fitting) >= 2  # noqa: PLR2004


def read_news(path: str, state: TableState) -> News:
    """Return what is new at ``path``; ``state`` moves on, from the start if the file is another.

    Raises:
        FormatError: It is not a plain file.
        OSError: It cannot be read.
    """
    if not is_plain_file(path):
        raise FormatError("This is not a plain file.")
    columns: dict[str, Column] = {}
    restarted = state.head_bytes > 0 and _head(path, state.head_bytes) != state.head
    if restarted:
        _forget(state)
    more = True
    while more:
        tail = read_tail(path, Place(state.offset, state.inode))
        if tail.restarted:
            _forget(state)
            columns, restarted = {}, True
        if tail.skipped:
            state.wrong(state.lines + 1, f"a line of {tail.skipped:,} bytes was left out")
            state.lines += 1
        if tail.data:
            _decode(path, tail.data, state, columns)
            state.lines += tail.data.count(b"\n")
        state.offset, state.inode = tail.place
        more = tail.more
    if state.head_bytes < _HEAD:
        state.head_bytes = min(_HEAD, state.offset)
        state.head = _head(path, state.head_bytes)
    return News(columns, restarted)


def _forget(state: TableState) -> None:
    for name, value in msgspec.structs.asdict(TableState()).items():
        setattr(state, name, value)


def _head(path: str, count: int) -> str:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return blake2b(file.read(count), digest_size=8).hexdigest() if count else ""


def _decode(path: str, data: bytes, state: TableState, columns: dict[str, Column]) -> None:
    if path.lower().endswith(_LINES):
        _decode_lines(data, state, columns)
    else:
        _decode_table(data, state, columns)


def _decode_lines(data: bytes, state: TableState, columns: dict[str, Column]) -> None:
    for number, text in enumerate(data.split(b"\n")[:-1], state.lines + 1):
        if not text.strip():
            continue
        try:
            record = _record(text)
        except (ValueError, RecursionError) as problem:
            state.wrong(number, f"does not decode: {str(problem)[:200]}")
            continue
        if not isinstance(record, dict):
            state.wrong(number, f"holds {type(record).__name__}, not names with values")
            continue
        numbers = {name: _number(value) for name, value in _leaves(record)}
        _put({name: value for name, value in numbers.items() if value is not None}, record, columns)


def _record(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)  # takes NaN and Infinity, which Python writes and JSON has not


def _leaves(record: Mapping[str, Any], prefix: str = "", depth: int = 4) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in record.items():
        if isinstance(value, Mapping):
            if depth:
                found += _leaves(value, f"{prefix}{name}/", depth - 1)
        else:
            found.append((f"{prefix}{name}", value))
    return found


def _number(value: object) -> float | None:
    """Return the number a JSON value is, or None."""
    if isinstance(value, str):
        return float(value) if value.lower() in _WORDS else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _put(numbers: dict[str, float], texts: Mapping[str, Any], columns: dict[str, Column]) -> None:
    """Add a row: its step and time are taken out, the rest are points."""
    step = _named(STEPS, numbers)
    at = numbers.pop(step) if step is not None else math.nan
    time = _named(TIMES, {**texts, **numbers})
    when = math.nan
    if time is not None:
        when = _when(numbers.get(time, texts.get(time)))
        if when == when:  # noqa: PLR0124 - a duration stays a metric
            numbers.pop(time, None)
    for name, value in numbers.items():
        column = columns.get(name)
        if column is None:
            column = columns[name] = Column([], [], [])
        column.steps.append(at)
        column.times.append(when)
        column.values.append(value)


def _named(wanted: Sequence[str], names: Any) -> str | None:
    """Return the first of ``wanted`` that is among the names."""
    return next((name for name in wanted if name in names), None)


def _when(value: object) -> float:
    """Return seconds since 1970, or NaN if it is not a time of day."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()).timestamp()
        except (ValueError, OverflowError, OSError):
            return math.nan
    if not isinstance(value, int | float) or not _LONG_AGO_S < value < _LARGEST_STEP:
        return math.nan
    return value / 1000 if value > _MILLISECONDS else float(value)


def _header(line: bytes) -> tuple[list[str], str]:
    """Return the names of the columns and what separates them."""
    text = line.decode("utf-8-sig", "replace").rstrip("\r")
    separator = max(_SEPARATORS, key=text.count)
    names = next(csv.reader([text], delimiter=separator), [])
    return [name.strip() for name in names], separator


def _decode_table(data: bytes, state: TableState, columns: dict[str, Column]) -> None:
    lines = data.decode("utf-8", "replace").split("\n")[:-1]
    first = state.lines + 1
    if state.header is None:
        state.header, state.separator = _header(data.partition(b"\n")[0])
        lines, first = lines[1:], first + 1
    for number, line in enumerate(lines, first):
        text = line.rstrip("\r")
        if not text.strip():
            continue
        try:
            cells = next(csv.reader([text], delimiter=state.separator), [])
        except csv.Error as problem:
            state.wrong(number, f"does not decode: {problem}")
            continue
        cells = [cell.strip() for cell in cells]
        if cells == state.header:  # a resumed script often writes it again
            continue
        if len(cells) != len(state.header):
            state.wrong(number, f"has {len(cells)} cells; the header has {len(state.header)}")
            continue
        _row(number, cells, state, columns)


def _row(number: int, cells: list[str], state: TableState, columns: dict[str, Column]) -> None:
    numbers: dict[str, float] = {}
    texts: dict[str, str] = {}
    for name, cell in zip(state.header or (), cells, strict=True):
        if cell.lower() in _ABSENT or name in numbers:
            continue
        value = _cell(cell, state.separator)
        if value is not None and name not in state.words:
            numbers[name] = value
            if name not in state.known:
                state.known.append(name)
            continue
        texts[name] = cell
        if name in state.known:
            state.wrong(number, f"{name}: {cell[:80]!r} is not a number")
        elif name not in state.words:
            state.words.append(name)
    _put(numbers, texts, columns)


def _cell(text: str, separator: str) -> float | None:
    """Return the number in a cell, or None."""
    if "_" in text:
        return None
    if separator == ";" and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None
