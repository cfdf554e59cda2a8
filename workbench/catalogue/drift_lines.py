"""What was found of drift, for lists and series: of one chunk the newest report counts.

The columns of a chunk stand beside it as JSON, in three lists of one order: names, cells, facts.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from workbench.catalogue.connection import Catalogue
from workbench.datasets.drift.report import ALARMS, Side
from workbench.datasets.drift.thresholds import Thresholds

_NEWEST: Final = (
    "QUALIFY row_number() OVER (PARTITION BY c.monitor, c.label, c.segment "
    "ORDER BY c.time DESC, c.report_id DESC, c.position DESC) = 1"
)
_IN_ORDER: Final = "ORDER BY c.monitor, c.segment <> '', c.segment, c.place, c.time, c.position"


class Cell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was found of a column in a chunk."""

    verdict: str
    effect: float
    """The greatest effect over its limit: from 1 on it counts."""
    q: float | None
    shift: float | None
    """Where the middle moved, over the robust scale, signed."""
    measure: str
    """The name of the measure with the greatest effect."""
    words: str


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a column is, in a chunk."""

    part: str
    role: str
    importance: float


class Head(NamedTuple):
    """A chunk, without its columns."""

    monitor: str
    label: str
    segment: str
    key: str
    """Of its newest report."""
    time: float
    """Of that report."""
    verdict: str
    score: float
    rows: int
    start: float | None
    end: float | None
    alarms: str
    """JSON: the names of the columns that are gone, and of those that drifted, the worst first."""
    report_id: str
    place: float
    """By which chunks are in order of time: when it begins, else when its data came."""
    reference: str
    """What it was held against."""
    reason: str
    """Why it was not judged."""


class Alarming(NamedTuple):
    """A chunk in drift, and which one of its segment it is."""

    monitor: str
    label: str
    segment: str
    key: str
    time: float
    verdict: str
    alarms: str
    """As of a `Head`."""
    number: int
    """Among the chunks of its segment in order of time, from 1."""


class Overview(NamedTuple):
    """The chunks of a monitor in short, without those of segments."""

    chunks: int
    scores: tuple[float, ...]
    """Of the last ones, the newest last."""
    newest: tuple[Head, ...]
    """The newest, then those of its segments."""


class ReportLine(NamedTuple):
    """A report that can be read, without its chunks."""

    monitor: str
    key: str
    report_id: str
    time: float
    verdict: str
    score: float
    model: str
    version: int | None
    stage: str
    reference: str
    current: str
    current_dataset: str
    current_version: int | None
    rows: int
    data_time: float | None
    chunks: int
    importance: str
    settings: str
    actor: str


class Columns(NamedTuple):
    """The columns of a chunk, in its order."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]


class Whole(NamedTuple):
    """Everything that made the verdict on a chunk."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    facts: tuple[Facts, ...]
    lost: tuple[str, ...]
    """Features that are not there any more."""
    thresholds: Thresholds


_REPORT: Final = (
    "monitor, report, report_id, time, verdict, score, model, version, stage, reference, "
    '"current", current_dataset, current_version, rows, data_time, chunks, importance, settings, '
    "actor"
)
_HEAD: Final = (
    "c.monitor, c.label, c.segment, c.report, c.time, c.verdict, c.score, c.rows, "
    'c."start", c."end", c.alarms, c.report_id, c.place, c.reference, c.reason'
)
_FRESH: Final = (
    *["VARCHAR"] * 4, "DOUBLE", "VARCHAR", "DOUBLE", "BIGINT", "DOUBLE", "DOUBLE", "VARCHAR",
    "VARCHAR", "DOUBLE", "VARCHAR", "VARCHAR", "BIGINT",
)  # fmt: skip
"""Types of the fields of a `Head`, and of its place in its report."""
_STORED: Final = f"SELECT {_HEAD}, c.position FROM drift_chunks c"
_AND_FRESH: Final = (
    f"{_STORED} UNION ALL SELECT {', '.join(f'unnest(?::{one}[])' for one in _FRESH)}"
)


def _numbered(chunks: str = _STORED) -> str:
    """Return all chunks that count, numbered in order of time; ``whole`` is that of all rows.

    Which report of a chunk counts, and which chunk it is, is decided here and nowhere else.
    """
    return (
        f"WITH there AS ({chunks}), "
        f"newest AS (SELECT c.* FROM there c WHERE ? = '' OR c.monitor = ? {_NEWEST}), "
        "numbered AS (SELECT *, row_number() OVER (PARTITION BY monitor, segment "
        "ORDER BY place, time, position) AS number, "
        "min(segment) OVER (PARTITION BY monitor) AS whole FROM newest) "
    )


_NAMES: Final = msgspec.json.Decoder(tuple[str, ...]).decode
_CELLS: Final = msgspec.json.Decoder(tuple[Cell, ...]).decode
_FACTS: Final = msgspec.json.Decoder(tuple[Facts, ...]).decode
_SIDES: Final = msgspec.json.Decoder(tuple[Side, ...]).decode
_THRESHOLDS: Final = msgspec.json.Decoder(Thresholds).decode


def newest_reports(catalogue: Catalogue) -> dict[str, ReportLine]:
    """Return the newest report that can be read of every monitor, by its name."""
    rows = _asked(
        catalogue,
        f"SELECT {_REPORT} FROM drift_reports WHERE fault = '' QUALIFY row_number() OVER "
        "(PARTITION BY monitor ORDER BY time DESC, report_id DESC) = 1",
    )
    return {row[0]: ReportLine(*row) for row in rows}


def reports(
    catalogue: Catalogue,
    *,
    monitor: str = "",
    model: str = "",
    version: int | None = None,
    dataset: str = "",
    keys: Sequence[str] | None = None,
) -> tuple[ReportLine, ...]:
    """Return reports that can be read, newest first.

    Args:
        catalogue: Where.
        monitor: Only of this one.
        model: Only about this model.
        version: Only about this version of it.
        dataset: Only of data of this dataset.
        keys: Only with these keys.
    """
    rows = _asked(
        catalogue,
        f"SELECT {_REPORT} FROM drift_reports WHERE fault = '' AND (? = '' OR monitor = ?) "
        "AND (? = '' OR model = ?) AND (? IS NULL OR version = ?) "
        "AND (? = '' OR current_dataset = ?) "
        "AND (? IS NULL OR report IN (SELECT unnest(?::VARCHAR[]))) "
        "ORDER BY time DESC, report_id DESC",
        [monitor, monitor, model, model, version, version, dataset, dataset, keys, keys],
    )
    return tuple(ReportLine(*row) for row in rows)


def sides(catalogue: Catalogue, monitor: str) -> frozenset[Side]:
    """Return what the reports of a monitor are about, without names, rows and times."""
    rows = _asked(
        catalogue,
        "SELECT DISTINCT sides FROM drift_reports WHERE monitor = ? AND fault = ''",
        [monitor],
    )
    plain = {"name": "", "rows": 0, "time": None}
    return frozenset(replace(one, **plain) for (said,) in rows for one in _SIDES(said))


def unreadable(catalogue: Catalogue) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the reports that cannot be read, by monitor: key and why."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for monitor, key, fault in _asked(
        catalogue,
        "SELECT monitor, report, fault FROM drift_reports WHERE fault <> '' ORDER BY ALL",
    ):
        found[monitor] = (*found.get(monitor, ()), (key, fault))
    return found


def heads(catalogue: Catalogue, monitor: str = "") -> list[Head]:
    """Return the chunks of one monitor or of all, in order of monitor, segment and time."""
    rows = _asked(
        catalogue,
        f"SELECT {_HEAD} FROM drift_chunks c WHERE ? = '' OR c.monitor = ? {_NEWEST} {_IN_ORDER}",
        [monitor, monitor],
    )
    return [Head(*row) for row in rows]


def alarming(catalogue: Catalogue, monitor: str = "", fresh: Sequence[Head] = ()) -> list[Alarming]:
    """Return the chunks in drift of one monitor or of all, in order of monitor, segment, time.

    Args:
        catalogue: Where.
        monitor: Of this one; empty: of all.
        fresh: Chunks of reports that are not stored yet, those of a report in its order.
    """
    placed = [(*one, at) for at, one in enumerate(fresh)]
    lists = [[one[place] for one in placed] for place in range(len(_FRESH))] if placed else []
    rows = _asked(
        catalogue,
        f"{_numbered(_AND_FRESH if placed else _STORED)} "
        "SELECT monitor, label, segment, report, time, verdict, alarms, number "
        "FROM numbered WHERE verdict IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY monitor, segment <> '', segment, number",
        [*lists, monitor, monitor, sorted(ALARMS)],
    )
    return [Alarming(*row) for row in rows]


def overviews(catalogue: Catalogue, scores: int) -> dict[str, Overview]:
    """Return the chunks of every monitor in short, by its name, with so many scores."""
    newest: dict[str, list[Head]] = {}
    for row in _asked(
        catalogue,
        f"{_numbered()} SELECT {_HEAD} FROM numbered c WHERE (c.monitor, c.label) IN "
        "(SELECT monitor, max_by(label, number) FROM numbered WHERE segment = whole GROUP BY ALL) "
        f"{_IN_ORDER}",
        ["", ""],
    ):
        newest.setdefault(row[0], []).append(Head(*row))
    rows = _asked(
        catalogue,
        f"{_numbered()} SELECT monitor, count(*), list(score ORDER BY number)[-?:] FROM numbered "
        "WHERE segment = whole GROUP BY monitor",
        ["", "", scores],
    )
    return {name: Overview(n, tuple(last), tuple(newest[name])) for name, n, last in rows}


def columns(
    catalogue: Catalogue, monitor: str, places: Iterable[tuple[str, str, str]] | None = None
) -> dict[tuple[str, str, str], Columns]:
    """Return the columns of chunks by report, label and segment.

    Args:
        catalogue: Where.
        monitor: Whose chunks.
        places: Which of them; None for all that count.
    """
    asked = None if places is None else list(places)
    where, bound = "", list[Any]()
    if asked is not None:
        where = (
            "AND (c.report, c.label, c.segment) IN (SELECT unnest(?::VARCHAR[]), "
            "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]))"
        )
        bound = [[one[place] for one in asked] for place in range(3)]
    rows = _asked(
        catalogue,
        "SELECT c.report, c.label, c.segment, c.names, c.cells FROM drift_chunks c "
        f"WHERE c.monitor = ? {where} {_NEWEST}",
        [monitor, *bound],
    )
    known: dict[str, tuple[str, ...]] = {}
    found = {}
    for key, label, segment, names, cells in rows:
        if names not in known:
            known[names] = _NAMES(names)
        found[key, label, segment] = Columns(known[names], _CELLS(cells))
    return found


def facts(catalogue: Catalogue, monitor: str) -> dict[str, Facts]:
    """Return what the columns of a monitor are, each as its newest report says."""
    rows = _asked(
        catalogue,
        "SELECT names, max_by(facts, (time, position)) FROM drift_chunks WHERE monitor = ? "
        "GROUP BY names ORDER BY max((time, position))",
        [monitor],
    )
    found: dict[str, Facts] = {}
    for names, said in rows:
        found |= dict(zip(_NAMES(names), _FACTS(said), strict=True))
    return found


def whole(catalogue: Catalogue, monitor: str, key: str, label: str, segment: str) -> Whole | None:
    """Return everything that made the verdict on one chunk; None where it is not there."""
    rows = _asked(
        catalogue,
        "SELECT c.names, c.cells, c.facts, c.lost, r.thresholds FROM drift_chunks c "
        "JOIN drift_reports r USING (monitor, report) WHERE c.monitor = ? AND c.report = ? "
        "AND c.label = ? AND c.segment = ?",
        [monitor, key, label, segment],
    )
    if not rows:
        return None
    names, cells, said, lost, thresholds = rows[0]
    return Whole(
        _NAMES(names), _CELLS(cells), _FACTS(said), _NAMES(lost), _THRESHOLDS(thresholds)
    )  # fmt: skip


def _asked(catalogue: Catalogue, query: str, bound: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    return catalogue.cursor().execute(query, list(bound)).fetchall()
