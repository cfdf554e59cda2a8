"""The current data in parts: chunks by time, size, count or file, and the segments of each.

Every part gets a profile, all of one table in one reading of it; the column of time and those of
segments are read once before, to know where each row belongs. Where segments are asked for, the
rows of the reference are needed too, and each of its groups is profiled likewise.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.datasets import table as tables
from workbench.datasets.drift import segmenting
from workbench.datasets.drift.chunks import FILE, ROWS, Chunks, parse_chunks
from workbench.datasets.drift.cutting import MOST, ByPeriod, ByRows, Cut, edges_in, edges_of
from workbench.datasets.drift.files import files_of
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.segmenting import Segments
from workbench.datasets.drift.times import Reader
from workbench.datasets.fields import Fields
from workbench.datasets.profiling.building import go_on_unless, ignore, never
from workbench.datasets.profiling.splitting import Partition, profiles
from workbench.datasets.table import Table
from workbench.errors import FormatError, UsageError

__all__ = ["Chunks", "parse_chunks", "parts_of"]

_FIELDS: Final = Fields()
_MOST_SUMMARIES: Final = 300_000
"""Columns times chunks: each takes about 8 kB."""
_NO_ROWS: Final = "the rows of the reference are not at hand"
_MOMENTS: Final = (tables.DATE, tables.DATETIME)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is the same for all tables of one check."""

    time: str
    fields: Fields
    duplicates: bool
    say: Callable[[str], None]
    stopped: Callable[[], bool]


def _silent(_sentence: str) -> None:
    """Say nothing to nobody."""


def _as_it_is(source: Table) -> Table:
    return source


def parts_of(
    source: Table,
    chunks: Chunks | None = None,
    *,
    time: str = "",
    segments: Sequence[str] = (),
    fields: Fields = _FIELDS,
    roles: Mapping[str, str] | None = None,
    duplicates: bool = True,
    reference: Table | None = None,
    earlier: bool = False,
    label: str = "",
    opened: Callable[[Table], Table] = _as_it_is,
    say: Callable[[str], None] = _silent,
    on_part: Callable[[int, int], None] = ignore,
    stopped: Callable[[], bool] = never,
) -> tuple[Part, ...]:
    """Return the parts of a table with their profiles: all chunks, then those of each segment.

    Args:
        source: The current data. Of one that is not columnar every reading reads all of it.
        chunks: How it is cut; None: all rows are one chunk.
        time: The column of time; by default what the fields say, or the only one there is.
        segments: Up to two columns; the rows of each value are parts by themselves as well.
        fields: What people say of the data.
        roles: How columns are treated, over what the fields say.
        duplicates: Whether to count rows that repeat an earlier one of the same part.
        reference: The rows that segments are held against; without it a segment has a reason
            in place of a profile.
        earlier: Segments are held against earlier ones by whoever asks: they have a profile, and
            nothing yet that it is held against.
        label: Of the one chunk where nothing is cut.
        opened: Makes a file that is a chunk a table that can be read a column at a time.
        say: Told what a person should know of how it was done, a sentence at a time.
        on_part: Told how many parts are done, and of how many.
        stopped: Asked between batches whether to go on.

    Raises:
        UsageError: A column is not there or does not fit, or there would be too many chunks.
        FormatError: The table cannot be read.
        StoppedError: ``stopped`` said so.
    """
    if roles:
        fields = msgspec.structs.replace(fields, roles={**fields.roles, **roles})
    segments = tuple(dict.fromkeys(segments))
    segmenting.require(segments, source, fields)
    dated = _time_of(source, chunks, time, fields, say)
    asked = _Asked(dated, fields, duplicates, say, stopped)
    groups = segmenting.counted(source, segments, say, stopped)
    against = _Reference(reference, groups, asked, earlier=earlier)
    if chunks is not None and chunks.kind == FILE:
        made = _of_files(files_of(source), groups, against, asked, opened, on_part)
        _require_few(len(made))
    else:
        made = _of_table(source, chunks, groups, against, label, asked, on_part)
    return tuple(made)


def _time_of(
    source: Table, chunks: Chunks | None, time: str, fields: Fields, say: Callable[[str], None]
) -> str:
    """Return the column of time; empty where there is none and none is needed."""
    names = {column.name for column in source.columns}
    if time:
        segmenting.require_column(time, source)
        return time
    if fields.time in names:
        return fields.time
    if chunks is None or not chunks.timed:
        return ""
    moments = [column.name for column in source.columns if column.type in _MOMENTS]
    if len(moments) == 1:
        say(f"Time is taken from {words.visible(moments[0])}, the only column of moments.")
        return moments[0]
    what = f"{len(moments)} columns hold moments" if moments else "no column holds moments"
    raise UsageError(
        f"Chunks by {chunks} need a column of time, and {what}.", hint="Name the column of time."
    )


# -- what segments are held against ------------------------------------------------------


class _Reference:
    """The groups of the reference, profiled when they are first asked for."""

    def __init__(
        self, source: Table | None, groups: Sequence[Segments], asked: _Asked, *, earlier: bool
    ) -> None:
        self._source = source
        self._earlier = earlier
        self._groups = groups
        self._asked = asked
        self._made: Mapping[str, Any] | None = None

    def there(self) -> bool:
        """Return whether there are rows to hold segments against."""
        return self._earlier or self._source is not None

    def placed(self, part: Part) -> Part:
        """Return a part of a segment with its own reference, or with the reason without one."""
        if self._earlier:
            return part
        if self._source is None:
            return replace(part, reason=_NO_ROWS)
        if self._made is None:
            self._made = segmenting.of_reference(
                self._source, self._groups, fields=self._asked.fields,
                duplicates=self._asked.duplicates, stopped=self._asked.stopped,
            )  # fmt: skip
        found = self._made.get(part.segment)
        if found is None:
            return replace(part, reason=self._none_of(part.segment))
        return replace(part, reference=found, reference_name=part.segment)

    def _none_of(self, segment: str) -> str:
        names = {column.name for column in self._source.columns} if self._source else set()
        for group in self._groups:
            if group.column not in names and segment in map(group.label, group.values):
                return f"the reference has no column {words.visible(group.column)}"
        return f"this value is new: the reference has no rows of {segment}"


# -- one table ---------------------------------------------------------------------------


def _of_table(
    source: Table,
    chunks: Chunks | None,
    groups: Sequence[Segments],
    against: _Reference,
    label: str,
    asked: _Asked,
    on_part: Callable[[int, int], None],
) -> list[Part]:
    cut, places = _placed(source, chunks, groups, label, asked)
    for sentence in cut.said:
        asked.say(sentence)
    joint = [_joined(cut, place, len(g.values)) for place, g in zip(places, groups, strict=True)]
    del places
    count = len(cut.labels) + sum(len(one.pairs) for one in joint)
    _require_room(count, len(source.columns))
    wanted = joint if against.there() else []
    made = profiles(
        source,
        [Partition(cut.places, len(cut.labels)), *(one.partition for one in wanted)],
        fields=asked.fields, duplicates=asked.duplicates, stopped=asked.stopped,
        on_column=lambda done, of: on_part(count * done // max(of, 1), count),
    )  # fmt: skip
    parts = [
        Part(cut.labels[k], found, cut.starts[k], cut.ends[k]) for k, found in enumerate(made[0])
    ]
    for number, one in enumerate(joint):
        found = made[number + 1] if wanted else [None] * len(one.pairs)
        for (value, chunk), profile in zip(one.pairs, found, strict=True):
            segment = groups[number].label(groups[number].values[value])
            dates = cut.starts[chunk], cut.ends[chunk]
            part = Part(cut.labels[chunk], profile, *dates, segment=segment)
            parts.append(against.placed(part))
    return parts


def _require_few(count: int) -> None:
    """Refuse more parts than a report has."""
    if count > MOST:
        raise UsageError(
            f"These are {words.count(count)} chunks with those of the segments; at most "
            f"{words.count(MOST)} are made.",
            hint="Make longer chunks, or name fewer segments.",
        )


def _require_room(count: int, columns: int) -> None:
    """Refuse what no memory holds."""
    _require_few(count)
    if count * columns > _MOST_SUMMARIES:
        raise UsageError(
            f"{words.plural(count, 'chunk')} of {words.plural(columns, 'column')} are more than "
            f"{words.count(_MOST_SUMMARIES)} columns to compare.",
            hint="Make longer chunks, or name the columns that count.",
        )


class _Joint:
    """The chunks of each group of a column; those without rows are left out."""

    __slots__ = ("pairs", "partition")

    def __init__(self, partition: Partition, pairs: list[tuple[int, int]]) -> None:
        self.partition = partition
        self.pairs = pairs
        """Group and chunk of each part."""


def _joined(cut: Cut, groups: NDArray[np.uint8], values: int) -> _Joint:
    chunks = len(cut.labels)
    place = groups.astype(np.uint32) * np.uint32(chunks) + cut.places
    there = (groups < values) & (cut.places < chunks)
    counts = np.bincount(place[there], minlength=values * chunks)
    kept = np.flatnonzero(counts)
    numbers = np.full(len(counts) + 1, len(kept), np.uint16 if len(kept) < MOST else np.uint32)
    numbers[kept] = np.arange(len(kept))
    place[~there] = len(counts)
    pairs = [divmod(number, chunks) for number in kept.tolist()]
    return _Joint(Partition(numbers[place], len(kept)), pairs)


def _placed(
    source: Table, chunks: Chunks | None, groups: Sequence[Segments], label: str, asked: _Asked
) -> tuple[Cut, list[NDArray[np.uint8]]]:
    """Return the chunk of each row, and its group in each column of segments."""
    cutter = _cutter(source, chunks, label, asked)
    names = list(
        dict.fromkeys([*([asked.time] if asked.time else []), *(g.column for g in groups)])
    )
    pieces: list[list[NDArray[np.uint8]]] = [[] for _ in groups]
    for frame in source.batches(names) if names else ():
        go_on_unless(asked.stopped)
        if asked.time:
            cutter.take(frame.get_column(asked.time))
        for piece, group in zip(pieces, groups, strict=True):
            piece.append(group.places(frame.get_column(group.column)))
    return cutter.cut(), [np.concatenate(piece) for piece in pieces]


def _cutter(source: Table, chunks: Chunks | None, label: str, asked: _Asked) -> "ByPeriod | ByRows":
    """Return what cuts the rows; where only their number decides they are counted first."""
    column = next((one for one in source.columns if one.name == asked.time), None)
    hidden = bool(asked.fields.hidden_among([asked.time]))
    if chunks is not None and chunks.timed and column is not None:
        return ByPeriod(chunks.kind, column, hidden=hidden)
    rows = _rows(source, asked)
    time = None if column is None or hidden else Reader(column)
    if chunks is None:
        return ByRows([0, rows], [label], time)
    if chunks.kind == ROWS:
        return ByRows(*_by_size(rows, chunks.number), time)
    edges = edges_in(rows, chunks.number)
    many = len(edges) - 1
    return ByRows(edges, [f"part {k + 1} of {many}" for k in range(many)], time)


def _by_size(rows: int, size: int) -> tuple[list[int], list[str]]:
    many = -(-rows // size)
    if many > MOST:
        raise UsageError(
            f"{words.plural(rows, 'row')} in chunks of {words.count(size)} are "
            f"{words.count(many)} chunks; at most {words.count(MOST)} are made.",
            hint="Make larger chunks.",
        )
    edges = edges_of(rows, size) if rows else [0, 0]
    labels = [f"rows {a + 1}-{b}" for a, b in pairwise(edges)]
    return edges, labels if rows else ["no rows"]


def _rows(source: Table, asked: _Asked) -> int:
    if source.rows is not None:
        return source.rows
    count = 0
    for frame in source.batches([column.name for column in source.columns[:1]]):
        go_on_unless(asked.stopped)
        count += frame.height
    return count


# -- files -------------------------------------------------------------------------------


def _of_files(
    files: Sequence[tuple[str, Table]],
    groups: Sequence[Segments],
    against: _Reference,
    asked: _Asked,
    opened: Callable[[Table], Table],
    on_part: Callable[[int, int], None],
) -> list[Part]:
    """Return each file as a chunk; one that cannot be read stops none of the others."""
    if len(files) > MOST:
        raise UsageError(
            f"These are {words.count(len(files))} files; at most {words.count(MOST)} chunks "
            "are made.", hint="Cut by month or by rows.",
        )  # fmt: skip
    made: list[Part] = []
    errors: list[FormatError] = []
    for number, (name, source) in enumerate(files):
        go_on_unless(asked.stopped)
        try:
            made += _of_file(opened(source), name, groups, against, asked)
        except FormatError as error:
            errors.append(error)
            made.append(Part(name, None, reason=error.message.rstrip(".")))
        on_part(number + 1, len(files))
    if len(errors) == len(files):
        raise errors[0]
    return list(_chunks_first(made, groups))


def _of_file(
    source: Table, name: str, groups: Sequence[Segments], against: _Reference, asked: _Asked
) -> list[Part]:
    names = {column.name for column in source.columns}
    own = replace(asked, time=asked.time if asked.time in names else "")
    there = [group for group in groups if group.column in names]
    return _of_table(source, None, there, against, name, own, ignore)


def _chunks_first(parts: Sequence[Part], groups: Sequence[Segments]) -> Iterator[Part]:
    """Yield the parts of all rows, then those of each segment together."""
    for segment in ("", *(group.label(value) for group in groups for value in group.values)):
        yield from (part for part in parts if part.segment == segment)
