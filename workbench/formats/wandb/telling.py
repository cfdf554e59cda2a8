"""A run's log told from where it was left: the story goes on, its points go into columns.

Cards and curves are told by the same code, therefore they agree. Both take the points
out of the columns after every batch, so that there are never more than those of one.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from workbench.errors import FormatError
from workbench.formats.wandb import records, saying
from workbench.formats.wandb.log import Batch, Damage
from workbench.formats.wandb.story import (
    LONGEST_TEXT,
    MOST_NAMES,
    TYPE,
    Story,
    complain,
    values_of,
)

_MOST_RAW_NAMES = 20_000
_LONGEST_IN_SUMMARY = 1_000
"""Characters of a value in the summary that is kept; longer ones are tables and histograms."""
_BY_NAME = {'"NaN"': math.nan, '"Infinity"': math.inf, '"-Infinity"': -math.inf}
"""Numbers that stood as texts in the JSON of older versions."""
_KINDS = {"t": "boolean", "f": "boolean", '"': "text", "[": "list"}
"""What JSON is, by how it begins."""


_Body = memoryview | bytes


_Rows = list[tuple[int | None, float, float]]
"""Step, time and value of the points of a metric, in the order of writing."""
_TIME, _STEP = b"\n_timestamp", b"\x05_step"
_SIGNS = (b"\x12", b"\n")
"""The names of time and step as they stand in a log, and what was and is before them."""


class Column(NamedTuple):
    """New points of one metric, in the order of writing; there is at least one."""

    steps: tuple[int | None, ...]
    times: tuple[float, ...]
    values: tuple[float, ...]


class Telling:
    """Lets one story go on, and holds the new points of ``wanted`` metrics, or of all."""

    def __init__(self, story: Story, wanted: frozenset[str] | None = None) -> None:
        self.story = story
        self._wanted = wanted
        self._rows: dict[str, _Rows | None] = {}
        """None for what nobody wants."""
        self._rows_by_raw: dict[bytes, _Rows | None] = {}
        self._names: dict[bytes, str] = {}
        self._said: dict[bytes, bytes] = {}
        self._own: Mapping[str, Callable[[_Body], None]] = {
            "history": self._history, "summary": self._summary, "stats": self._stats,
            "exit": self._exit,
        }  # fmt: skip

    def taken(self) -> Iterator[tuple[str, Column]]:
        """Yield the new points by metric, and forget them."""
        for name, rows in self._rows.items():
            if rows:
                yield name, Column(*zip(*rows, strict=True))
                rows.clear()

    def go_on(self, batch: Batch) -> None:
        """Take the records of a batch, and what is wrong in it."""
        story = self.story
        for number, record in enumerate(batch.records):
            try:
                kind, body = records.kind_of(record)
                story.kinds[kind] = story.kinds.get(kind, 0) + 1
                if kind in self._own:
                    self._own[kind](body)
                elif kind in _SAYING:
                    _SAYING[kind](story, body)
            except (FormatError, ValueError, RecursionError) as problem:
                reason = f"holds a record that does not decode, number {number} from there"
                complain(story, Damage(story.place.offset, f"{reason}: {str(problem)[:200]}"))
        self._settle()
        for damage in batch.damage:
            complain(story, damage)
        story.place = batch.place

    def _history(self, body: _Body) -> None:
        items, step, media = records.history(body)
        values = dict(self._without_media(items) if media else items)
        time, at = (_number(_popped(values, name)) for name in (_TIME, _STEP))
        if step is None:
            step = _whole(at)
        by_raw = self._rows_by_raw
        for raw, value in values.items():
            rows = by_raw[raw] if raw in by_raw else self._rows_of(raw)
            try:
                number = float(value)
            except ValueError:
                self._no_number(raw, value.decode("utf-8", "replace"), step, time)
                continue
            if rows is not None:
                rows.append((step, time, number))
        self._lived(time)

    def _rows_of(self, raw: bytes) -> _Rows | None:
        """Return where the points of a metric go; None where they are not to be kept."""
        name = self._named(raw)
        rows = None if name[0] == "_" else self._rows_named(name)
        if len(self._rows_by_raw) < _MOST_RAW_NAMES:
            self._rows_by_raw[raw] = rows
        return rows

    def _rows_named(self, name: str) -> _Rows | None:
        if name in self._rows:
            return self._rows[name]
        story = self.story
        if name not in story.logged and len(story.logged) >= MOST_NAMES:
            story.left_out = True
            return None
        story.logged[name] = None
        wanted = self._wanted is None or name in self._wanted
        self._rows[name] = [] if wanted else None
        return self._rows[name]

    def _point(self, name: str, step: int | None, time: float, number: float) -> None:
        rows = self._rows_named(name)
        if rows is not None:
            rows.append((step, time, number))

    def _no_number(self, raw: bytes, value: str, step: int | None, time: float) -> None:
        """Take the numbers in what is none itself, or note what it is."""
        name = self._named(raw)
        if name[0] == "_":
            return
        if value[:1] == "{":
            inside = json.loads(value)
            if TYPE in inside:
                self._other(name, str(inside[TYPE]))
                return
            for below, number in numbers_in(inside, f"{name}."):
                self._point(below, step, time, number)
        elif value in _BY_NAME:
            self._point(name, step, time, _BY_NAME[value])
        elif value[:1] in _KINDS:
            self._other(name, _KINDS[value[:1]])

    def _other(self, name: str, kind: str) -> None:
        if len(self.story.others) < MOST_NAMES:
            self.story.others.setdefault(name, kind[:LONGEST_TEXT])

    def _without_media(self, items: list[records.Item]) -> list[records.Item]:
        """Leave out images, tables and histograms, which come as several items of one name."""
        named = [(self._named(item[0]), item) for item in items]
        media = {
            name.removesuffix(TYPE): value.decode("utf-8", "replace").strip('"')
            for name, (_, value) in named
            if name.endswith(f".{TYPE}")
        }
        for prefix, kind in media.items():
            self._other(prefix[:-1], kind)
        return [item for name, item in named if not name.startswith(tuple(media))]

    def _named(self, raw: bytes) -> str:
        name = self._names.get(raw)
        if name is None:
            name = records.name_of(raw)[:LONGEST_TEXT] or "_"
            if len(self._names) < _MOST_RAW_NAMES:
                self._names[raw] = name
        return name

    def _lived(self, time: float) -> None:
        last = self.story.last_time
        if math.isfinite(time) and (last is None or time > last):
            self.story.last_time = time

    def _summary(self, body: _Body) -> None:
        items, gone = records.changes(body)
        self._said.update(items)
        if gone:
            self._settle()
        for raw, _ in gone:
            self.story.summary.pop(self._named(raw), None)
        if self.story.exit is not None:
            self._singles()

    def _settle(self) -> None:
        """Put what summaries said last under its names; most of it is said again every step."""
        summary = self.story.summary
        for raw, value in self._said.items():
            name = self._named(raw)
            if name[0] == "_" or len(value) > _LONGEST_IN_SUMMARY:
                continue
            if name in summary or len(summary) < MOST_NAMES:
                summary[name] = value.decode("utf-8", "replace")
        self._said.clear()

    def _exit(self, body: _Body) -> None:
        """Note the end; only now it is known what was in nothing but the summary."""
        saying.end(self.story, body)
        self._singles()

    def _singles(self) -> None:
        """Make metrics of one point, without a step, of numbers that have no curve."""
        self._settle()
        story = self.story
        for name, value in values_of(story).items():
            number = number_in(value)
            if number is None or name in story.logged or name in story.single:
                continue
            story.single[name] = None
            if self._wanted is None or name in self._wanted:
                self._rows[name] = [(None, math.nan, number)]

    def _stats(self, body: _Body) -> None:
        items, time = records.stats(body)
        for raw, value in items:
            number = _number(value)
            if number == number:  # noqa: PLR0124 - the fastest NaN test there is
                self._point(f"system/{self._named(raw)}", None, time, number)
        self._lived(time)


_SAYING: Mapping[str, Callable[[Story, _Body], None]] = {
    "run": saying.run, "config": saying.config, "metric": saying.metric,
    "environment": saying.environment, "header": saying.header, "use_artifact": saying.used,
    "artifact": saying.made,
}  # fmt: skip


def _popped(values: dict[bytes, bytes], name: bytes) -> bytes:
    for sign in _SIGNS:
        value = values.pop(sign + name, None)
        if value is not None:
            return value
    return b"NaN"


def number_in(value: str) -> float | None:
    """Return the number that a JSON value is; None if it is something else."""
    try:
        return float(value)
    except ValueError:
        return _BY_NAME.get(value)


def _number(value: bytes) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan


def _whole(number: float) -> int | None:
    return int(number) if math.isfinite(number) and abs(number) < 2**63 else None


def numbers_in(
    inside: Mapping[str, Any], prefix: str = "", depth: int = 16
) -> list[tuple[str, float]]:
    """Return the numbers in a dictionary, names joined with dots, without what is wandb's own."""
    found: list[tuple[str, float]] = []
    for key, value in inside.items():
        name = f"{prefix}{key}"[:LONGEST_TEXT]
        if isinstance(value, Mapping):
            if depth and TYPE not in value and name != "_wandb":
                found += numbers_in(value, f"{name}.", depth - 1)
        elif isinstance(value, str):
            number = _BY_NAME.get(f'"{value}"')
            found += [] if number is None else [(name, number)]
        elif isinstance(value, int | float) and not isinstance(value, bool) and name[:1] != "_":
            found.append((name, _float(value)))
    return found


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
