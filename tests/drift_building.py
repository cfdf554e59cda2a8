"""Drift reports as checks make them, built by hand and put where they belong.

`report` makes one, `write` puts it into a workspace, `series` makes twelve months of twenty columns
in which drift appears, and `drift_workspace` makes a workspace with all of that and the monitor in
its settings. Whoever tests how a report comes about does not use these.
"""

import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from tests.building import BEGIN, write_workspace
from tests.dataset_building import claim
from tests.registry_building import draft, register, write_journal
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import (
    DRIFT,
    ERROR,
    FEATURE,
    LABEL,
    PREDICTION,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    VERDICTS,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
    Finding,
    Measure,
    Shape,
    Side,
)
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.drift.verdicts import chunk_verdict, ordered
from workbench.registry.event import PROMOTED

DAY_S = 86_400.0
MONITOR = """\
[monitor.flights]
model = "flights@production"
data = "flights-month"
reference = "flights-train@1"
chunks = "month"
time = "time_hour"
alert = "2 of 3"
every = "1d"
"""
CATEGORIES = {
    "carrier": ("UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E"),
    "origin": ("EWR", "JFK", "LGA"),
    "dest": ("ORD", "ATL", "LAX", "BOS", "MCO", "CLT", "SFO", "FLL"),
}
NUMBERS = (
    "dep_delay", "distance", "air_time", "hour", "minute", "temp", "dewp", "humid", "wind_dir",
    "wind_speed", "wind_gust", "precip", "pressure", "visib", "seats",
)  # fmt: skip
COLUMNS = (PREDICTION, LABEL, *NUMBERS, *CATEGORIES)
"""Twenty: the prediction and the label of the model, fifteen numbers and three categories."""
IMPORTANCE = {"dest": 0.31, "dep_delay": 0.2, "temp": 0.08, "dewp": 0.06, "humid": 0.05}
"""Of the columns the model leans on; the other thirteen features share what is left."""
_EFFECTS = {STABLE: 0.3, SHIFTED: 0.7, DRIFT: 1.8, SEVERE: 6.0, TOO_FEW: 0.0, ERROR: 0.0}
_Q = {STABLE: 0.4, SHIFTED: 0.004, DRIFT: 1e-6, SEVERE: 1e-40}


def column(name: str, verdict: str = STABLE, **fields: Any) -> ColumnDrift:
    """Return a column with numbers that fit its verdict; ``fields`` replace what it says."""
    effect, category = _EFFECTS[verdict], name in CATEGORIES
    tested = verdict in _Q
    measure = ("tvd" if category else "wasserstein") if tested else ""
    said: dict[str, Any] = {
        "name": name, "verdict": verdict, "effect": effect, "measure": measure,
        "part": name if name in (PREDICTION, LABEL) else FEATURE,
        "role": "category" if category else "number",
        "importance": IMPORTANCE.get(name, 0.0 if name in (PREDICTION, LABEL) else 0.3 / 13),
        "reference_rows": 80_789, "current_rows": 27_662,
        "p": _Q.get(verdict), "q": _Q.get(verdict),
        "test": ("chi-square" if category else "ks") if tested else "",
        "shift": None if category or not tested else effect / 10,
        "words": _words(name, verdict, effect), "measures": tuple(_measures(verdict, category)),
        "shape": _shape(name, effect) if tested else None,
        "reason": {TOO_FEW: "12 rows, 30 are needed", ERROR: "it holds mixed types"}.get(
            verdict, ""
        ),
    }  # fmt: skip
    return ColumnDrift(**(said | fields))


def chunk(
    label: str = "2013-04", verdicts: Mapping[str, str] | None = None, **fields: Any
) -> ChunkDrift:
    """Return a chunk with one column for each of the verdicts; its own is the gravest of them.

    Args:
        label: A month such as ``2013-04`` has its beginning and end; any other label has neither.
        verdicts: Column to verdict; by default all of `COLUMNS` are stable.
        fields: What replaces what is said otherwise.
    """
    named = dict.fromkeys(COLUMNS, STABLE) if verdicts is None else verdicts
    columns = tuple(column(name, verdict) for name, verdict in named.items())
    start, end = month(label)
    said: dict[str, Any] = {
        "label": label, "rows": 27_662, "columns": columns, "start": start, "end": end,
        "verdict": max((one.verdict for one in columns), key=VERDICTS.index, default=STABLE),
        "score": sum(min(1.0, one.effect) for one in columns if one.effect >= 1)
        / max(1, len(columns)),
    }  # fmt: skip
    return ChunkDrift(**(said | fields))


def judged(made: ChunkDrift) -> ChunkDrift:
    """Return a chunk with its verdict, score and order of columns as checks find them."""
    share = {one.name: one.importance for one in made.columns if one.part == FEATURE}
    verdict, score = chunk_verdict(made.columns, (), share, Thresholds())
    columns = tuple(ordered(made.columns))
    return msgspec.structs.replace(made, verdict=verdict, score=score, columns=columns)


def report(
    monitor: str = "flights",
    label: str = "2013-04",
    verdicts: Mapping[str, str] | None = None,
    *,
    number: int = 1,
    chunks: Sequence[ChunkDrift] = (),
    **fields: Any,
) -> DriftReport:
    """Return a report of one chunk, or of those that are given.

    Args:
        monitor: Whose it is.
        label: Of its only chunk.
        verdicts: Of the columns of that chunk; all of `COLUMNS` are stable where it is left out.
        number: Reports are in order of their numbers, a day from one to the next.
        chunks: In place of the one.
        fields: What replaces what is said otherwise.
    """
    parts = tuple(chunks) or (chunk(label, verdicts),)
    said: dict[str, Any] = {
        "id": f"01kd{number:022d}", "key": key(monitor, number), "time": BEGIN + number * DAY_S,
        "verdict": max((one.verdict for one in parts), key=VERDICTS.index),
        "reference": Side("flights-train@1", "dataset", "flights-train", 1, "sha256:" + "1" * 64,
                          80_789, BEGIN - DAY_S),
        "current": Side(f"flights-month@{number}", "dataset", "flights-month", number,
                        "sha256:" + "2" * 64, sum(one.rows for one in parts),
                        BEGIN + (number - 0.5) * DAY_S),
        "chunks": parts, "monitor": monitor, "model": "flights", "version": 1,
        "stage": "production", "score": max(one.score for one in parts),
        "importance": "feature_importances_ of flights@1", "chunking": "month",
        "tests": 2 * sum(len(one.columns) for one in parts), "actor": "ana@lab", "host": "lab",
        "took_s": 0.4,
    }  # fmt: skip
    return DriftReport(**(said | fields))


def key(monitor: str, number: int) -> str:
    """Return the key of a monitor's report with such a number."""
    return blake2b(f"{monitor} {number}".encode(), digest_size=16).hexdigest()


def series(monitor: str = "flights", months: int = 12) -> Iterator[DriftReport]:
    """Yield a report a month in which drift appears: the season first, then what stays.

    Until April all is stable; in May the temperature moves; from June to October it and the dew
    point are severe, departures late in June and July; from September on destinations are new.
    """
    for number in range(1, months + 1):
        verdicts = dict.fromkeys(COLUMNS, STABLE)
        verdicts["wind_gust"] = TOO_FEW if number == 1 else STABLE
        verdicts["pressure"] = SHIFTED
        if number == 5:
            verdicts |= {"temp": DRIFT, "dewp": SHIFTED}
        if 6 <= number <= 10:
            verdicts |= {"temp": SEVERE, "dewp": SEVERE, "humid": DRIFT}
        if number in (6, 7):
            verdicts |= {"dep_delay": DRIFT, PREDICTION: DRIFT, LABEL: SEVERE}
        if number >= 9:
            verdicts |= {"dest": DRIFT, "carrier": SHIFTED}
        label = f"{2013 + (number - 1) // 12}-{(number - 1) % 12 + 1:02d}"
        yield report(monitor, number=number, chunks=(judged(chunk(label, verdicts)),))


def write(root: Path, made: DriftReport) -> Path:
    """Put a report where it belongs and return its file."""
    storing.write(root, made)
    return root / storing.path_of(made.monitor, made.key)


def write_watched(root: Path) -> None:
    """Write what the monitors of tests name: a model in production and datasets without data."""
    promoted = draft(PROMOTED, 2, version=1, stage="production", time=month("2013-01")[0])
    write_journal(root, "flights", [register("flights", 1, 1), promoted])
    for name in ("census", "flights-month", "flights-train"):
        claim(root, name)


def drift_workspace(root: Path, *, monitor: str = MONITOR, months: int = 12) -> Path:
    """Make a workspace with a monitor in its settings and a report a month, by default a year."""
    root.mkdir(parents=True, exist_ok=True)
    write_workspace(root)
    write_watched(root)
    (root / "workbench.toml").write_text(monitor, "utf-8")
    for one in series(months=months):
        write(root, one)
    return root


def write_many(
    workspace: Path, monitors: int, reports: int, *, columns: int = 30, wide: int = 0
) -> Path:
    """Make a workspace of that many monitors with that many reports of a chunk a day each.

    Args:
        workspace: Where.
        monitors: How many; the settings want them all.
        reports: Of each.
        columns: Of each report.
        wide: Reports of one more monitor, ``wide``, that has 100 columns.
    """
    write_workspace(workspace)
    write_watched(workspace)
    names = [f"monitor-{number:02d}" for number in range(monitors)]
    said = ""
    for name in [*names, *(["wide"] if wide else [])]:
        said += f'[monitor.{name}]\ndata = "flights-month"\nreference = "flights-train@1"\n'
        count, across = (wide, 100) if name == "wide" else (reports, columns)
        folder = workspace / storing.FOLDER / name
        folder.mkdir(parents=True)
        for number, data in enumerate(_days(name, count, across)):
            (folder / f"{key(name, number)}{storing.ENDING}").write_bytes(data)
    (workspace / "workbench.toml").write_text(said, "utf-8")
    return workspace


def _days(monitor: str, count: int, columns: int) -> Iterator[bytes]:
    """Yield the files of reports, drift in every seventh; all but the names is made once."""
    likes = []
    for drifted in (STABLE, SEVERE):
        verdicts = {f"column_{k}": drifted if k < columns // 10 else STABLE for k in range(columns)}
        made = report(monitor, "LABEL", verdicts)
        likes.append(gzip.decompress(storing.encode(made)).decode())
    old = report(monitor, "LABEL", {"a": STABLE})
    for number in range(count):
        text = likes[number % 7 == 0].replace(old.key, key(monitor, number))
        text = text.replace(old.id, f"01kd{number:022d}").replace("LABEL", f"day {number:05d}")
        time = BEGIN - (count - number) * DAY_S
        text = text.replace(str(old.time), str(time)).replace(str(old.current.time), str(time))
        yield gzip.compress(text.encode(), 1, mtime=0)


def month(label: str) -> tuple[float | None, float | None]:
    """Return when a month such as ``2013-04`` begins and ends; nothing for any other text."""
    year, _, number = label.partition("-")
    if not (year.isdigit() and number.isdigit()):
        return None, None
    after = (int(year) + int(number) // 12, int(number) % 12 + 1)
    begin, end = (datetime(*one, 1, tzinfo=UTC) for one in ((int(year), int(number)), after))
    return begin.timestamp(), end.timestamp()


def _words(name: str, verdict: str, effect: float) -> str:
    if verdict in (TOO_FEW, ERROR):
        return ""
    if verdict == STABLE:
        return "no change that can be told from chance"
    return f"the middle of {name} moved up by {effect / 10:.2g} of its spread"


def _measures(verdict: str, category: bool) -> Iterator[Measure]:
    if verdict not in _Q:
        return
    effect, p = _EFFECTS[verdict], _Q[verdict]
    if category:
        yield Measure("tvd", effect / 10, 0.1, p, words="share of rows in another category")
    else:
        yield Measure("ks", effect / 20, p=p, within=0.0003)
        yield Measure("wasserstein", effect / 10, 0.1, words="mean distance, in spreads")
    yield Measure("psi", effect / 12, 0.1)


def _shape(name: str, effect: float) -> Shape:
    if name in CATEGORIES:
        return _bars(CATEGORIES[name], effect)
    at = tuple(k / 20 for k in range(1, 20))
    before = tuple(round(math.log(p / (1 - p)), 6) for p in at)
    edges = before[1::2]
    shares = [math.exp(-((k - 4.5 - effect) ** 2) / 12) for k in range(10)]
    return Shape(
        edges=edges, reference_shares=(0.1,) * 10,
        current_shares=tuple(share / sum(shares) for share in shares),
        at=at, reference_quantiles=before,
        current_quantiles=tuple(round(value + effect / 10, 6) for value in before),
        scale=1.0, gap_at=0.0,
    )  # fmt: skip


def _bars(names: Sequence[str], effect: float) -> Shape:
    moved = min(0.4, effect / 20)
    even = 1 / len(names)
    return Shape(
        categories=(*names, "PVD"),
        reference_parts=(*[even] * len(names), 0.0),
        current_parts=(*[even * (1 - moved)] * len(names), moved),
        new=(*[False] * len(names), True),
    )


def finding(kind: str = "new categories", **fields: Any) -> Finding:
    """Return a finding."""
    said: dict[str, Any] = {
        "kind": kind, "words": "PVD is new: 1.2% of rows", "severity": "warning", "value": 0.012,
        "limit": 0.01,
    }  # fmt: skip
    return Finding(**(said | fields))
