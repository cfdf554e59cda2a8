"""What is watched, as Prometheus text: a file that node_exporter's textfile collector reads.

Every monitor of the workspace is in it, whichever were run, so that no series goes away because
somebody ran one alone. Names of metrics and labels are a promise to dashboards: they are added
to, never renamed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isinf, isnan
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.drift.report import ALARMS, VERDICTS

if TYPE_CHECKING:
    from workbench.operations.drift.listing import WatchedLine
    from workbench.operations.drift.series import Series

MOST_COLUMNS: Final = 200
"""Series for columns of one monitor, the gravest first: a server keeps each of them for long."""
_HELP: Final[Mapping[str, str]] = {
    "verdict": "1 for the verdict of the newest check without muted columns, 0 for the others.",
    "score": "Importance-weighted effects of the newest check, 0 to 1.",
    "rows": "Rows of the newest check.",
    "chunks": "Chunks that were judged so far.",
    "alerts": "Alerts nobody acknowledged yet.",
    "overdue": "1 where a check is later than the monitor's `every`.",
    "failed": "1 where the monitor cannot be run as it stands.",
    "checked_timestamp_seconds": "When it was checked last.",
    "data_timestamp_seconds": "When the newest data that was checked came.",
    "column_effect": "Of the newest chunk: the greatest effect over its limit; it counts from 1.",
    "column_alarm": "Of the newest chunk: 1 where the column drifted and is not muted.",
    "run_timestamp_seconds": "When this file was written.",
}  # fmt: skip


class Sample(NamedTuple):
    """One line: a metric of `_HELP`, labels, a value."""

    metric: str
    labels: tuple[tuple[str, str], ...]
    value: float


def as_prometheus(
    lines: Sequence["WatchedLine"],
    series: Mapping[str, "Series"],
    faults: Mapping[str, str],
    now: float,
) -> str:
    """Return the text.

    Args:
        lines: All monitors.
        series: Chunks and columns by monitor, of those that have any.
        faults: Why a monitor of that name could not be run.
        now: Seconds since 1970.
    """
    samples = [sample for one in lines for sample in _samples(one, faults)]
    known = {one.name: one.silent for one in lines}
    for name, one in series.items():
        samples += _columns(name, one, known.get(name, ()))
    samples += [Sample("failed", (("monitor", name),), 1) for name in faults if name not in known]
    return "".join(_families([*samples, Sample("run_timestamp_seconds", (), now)]))


def _samples(line: "WatchedLine", faults: Mapping[str, str]) -> Iterator[Sample]:
    own = (("monitor", line.name), ("model", line.model), ("stage", line.stage))
    yield Sample("failed", own, bool(line.wrong or faults.get(line.name)))
    yield Sample("overdue", own, line.overdue)
    yield Sample("alerts", own, line.alerts)
    if line.checked is None:
        return
    yield Sample("checked_timestamp_seconds", own, line.checked)
    for verdict in VERDICTS:
        yield Sample("verdict", (*own, ("verdict", verdict)), line.heard == verdict)
    yield Sample("chunks", own, line.chunks)
    yield Sample("rows", own, line.rows or 0)
    if line.trend:
        yield Sample("score", own, line.trend[-1])
    if line.data_time is not None:
        yield Sample("data_timestamp_seconds", own, line.data_time)


def _columns(monitor: str, series: "Series", silent: Sequence[str]) -> Iterator[Sample]:
    """Yield the columns of the newest chunk of all rows; segments are for people to look at."""
    whole = [n for n, chunk in enumerate(series.chunks) if not chunk.segment]
    if not whole:
        return
    for head, cells in list(zip(series.columns, series.cells, strict=True))[:MOST_COLUMNS]:
        cell = cells[whole[-1]]
        if cell is not None:
            own = (("monitor", monitor), ("column", head.name))
            yield Sample("column_effect", own, cell.effect)
            yield Sample("column_alarm", own, cell.verdict in ALARMS and head.name not in silent)


def _families(samples: Iterable[Sample]) -> Iterator[str]:
    """Yield the text, all lines of a metric together as the format asks; each series once."""
    by_metric: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for one in samples:
        by_metric.setdefault(one.metric, {}).setdefault(one.labels, float(one.value))
    for metric, says in _HELP.items():
        if metric in by_metric:
            name = f"workbench_drift_{metric}"
            yield f"# HELP {name} {says}\n# TYPE {name} gauge\n"
            for labels, value in by_metric[metric].items():
                yield f"{name}{_labels(labels)} {_number(value)}\n"


def _labels(labels: Sequence[tuple[str, str]]) -> str:
    said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
    return f"{{{said}}}" if said else ""


def _escaped(text: str) -> str:
    """Return a label's value as the format writes it; half a character has no UTF-8."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) else repr(value)
