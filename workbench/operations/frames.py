"""Runs as data frames, for notebooks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from workbench.catalogue.cards import RunRecord
from workbench.catalogue.query import RunQuery
from workbench.errors import NotFoundError, UsageError
from workbench.formats.contract import Points
from workbench.formats.detect import reader_named
from workbench.operations.listing import listed
from workbench.operations.runs_table import read_filter
from workbench.operations.select import select
from workbench.operations.session import open_session
from workbench.operations.workspace import locate
from workbench.runfolder import Summary

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_ATTRIBUTES = (
    "id", "name", "experiment", "status", "started", "ended", "duration", "parent", "group",
    "user", "host", "command", "commit", "branch", "dirty", "archived", "note", "size", "format",
    "path",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run as it was when it was asked for; ask again to see what is new."""

    id: str
    name: str
    experiment: str
    status: str
    params: Mapping[str, Any]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    """The last value of each metric."""
    summaries: Mapping[str, Summary]
    """Last, min, max, first, count and the steps of each metric."""
    note: str
    started: float | None
    """Seconds since 1970."""
    ended: float | None
    record: RunRecord
    """Everything else that is known."""
    _root: Path
    """The source's root, to read curves from."""

    @property
    def folder(self) -> Path:
        """Return where the run is."""
        return self._root / self.record.key.partition("#")[0]

    @overload
    def history(
        self, metrics: Iterable[str] | None = None, frame: Literal["pandas"] = "pandas"
    ) -> "pd.DataFrame": ...

    @overload
    def history(
        self, metrics: Iterable[str] | None = None, *, frame: Literal["polars"]
    ) -> "pl.DataFrame": ...

    def history(self, metrics: Iterable[str] | None = None, frame: str = "pandas") -> Any:
        """Return the curves as a data frame with a row a step: ``step``, ``time``, the metrics.

        Of a step logged twice the last value counts; points without a step are numbered.

        Args:
            metrics: Names; default all.
            frame: ``pandas`` or ``polars``.

        Raises:
            NotFoundError: The run has no such metric.
            UsageError: ``frame`` is neither.
        """
        if frame not in ("pandas", "polars"):
            raise UsageError(f"A frame is 'pandas' or 'polars', not {frame!r}.")
        wanted = frozenset(self.metrics if metrics is None else metrics)
        for name in sorted(wanted - set(self.metrics)):
            raise NotFoundError(f"Run {self.id} has no metric {name!r}.")
        reader = reader_named(self.record.reader)
        curves = reader.points(self._root, self.record.key, wanted, None)
        columns = by_step(curves.points, [name for name in self.metrics if name in wanted])
        return _frame(columns, frame, times=("time",))

    def __repr__(self) -> str:
        return f"<run {self.name} {self.id} {self.status.lower()}>"


def runs_frame(
    filter: str = "",  # noqa: A002 - the word used everywhere for it
    workspace: str | Path | None = None,
    columns: Sequence[str] | None = None,
) -> "pd.DataFrame":
    """Return the runs as a data frame, newest first.

    Columns are ``id``, ``name``, ``experiment``, ``status``, ``started`` and the like, then
    ``params.<name>``, ``metrics.<name>`` (the last value) and ``tags.<name>``.

    Args:
        filter: As on the screen: ``val/auc > 0.9 AND status = 'finished'``.
        workspace: A workspace or a folder of runs; default the one near.
        columns: Names of columns to keep, in this order; one no run has is empty.

    Raises:
        FilterError: The filter cannot be read.
        NotFoundError: There is no workspace.
    """
    with open_session(locate(_path(workspace))) as session:
        session.sweep()
        query = RunQuery(filter=read_filter(session, filter))
        rows = [_row(record) for record in listed(session, query)]
    names = list(columns) if columns is not None else _all_names(rows)
    found = {name: [row.get(name) for row in rows] for name in names}
    frame: pd.DataFrame = _frame(found, "pandas", times=("started", "ended"))
    return frame


def get_run(id: str, workspace: str | Path | None = None) -> SavedRun:  # noqa: A002 - as above
    """Return a run by its id, a unique part of it, or a unique name.

    Raises:
        NotFoundError: There is no such run or workspace.
        UsageError: Several runs are called so.
    """
    with open_session(locate(_path(workspace))) as session:
        session.sweep()
        record = select(session, id)
        return SavedRun(
            record.run_id, record.name, record.experiment, record.status, record.params,
            record.tags, {name: one.last for name, one in record.metrics.items()},
            record.metrics, record.note, record.started, record.ended, record,
            (session.root / record.root).resolve(),
        )  # fmt: skip


def by_step(points: Mapping[str, Points], names: Sequence[str]) -> dict[str, list[Any]]:
    """Return curves as columns of one length: ``step``, ``time`` and each metric, by step."""
    rows: dict[float, dict[str, float]] = {}
    for name in names:
        curve = points.get(name, Points([], [], []))
        for place, (step, time, value) in enumerate(
            zip(curve.steps, curve.times, curve.values, strict=True)
        ):
            row = rows.setdefault(step if step == step else place, {})  # noqa: PLR0124 - NaN
            row[name] = value
            row[""] = time
    steps = sorted(rows)
    return {
        "step": [int(step) for step in steps],
        "time": [rows[step][""] for step in steps],
        **{name: [rows[step].get(name) for step in steps] for name in names},
    }


def _frame(columns: Mapping[str, Sequence[Any]], kind: str, times: Sequence[str]) -> Any:
    """Return a data frame, with seconds since 1970 as times."""
    if kind == "polars":
        import polars as pl

        frame = pl.DataFrame(dict(columns), strict=False)
        there = [name for name in times if name in columns]
        return frame.with_columns(
            pl.from_epoch((pl.col(name).cast(pl.Float64) * 1e6).cast(pl.Int64), "us")
            .dt.replace_time_zone("UTC")
            .alias(name)
            for name in there
        )
    import pandas as pd

    made = pd.DataFrame(dict(columns))
    for name in times:
        if name in made:
            made[name] = pd.to_datetime(made[name].astype("float64"), unit="s", utc=True)
    return made


def _row(record: RunRecord) -> dict[str, Any]:
    row: dict[str, Any] = {name: _attribute(record, name) for name in _ATTRIBUTES}
    row.update((f"params.{name}", value) for name, value in record.params.items())
    row.update((f"metrics.{name}", one.last) for name, one in record.metrics.items())
    row.update((f"tags.{name}", value) for name, value in record.tags.items())
    return row


def _attribute(record: RunRecord, name: str) -> Any:
    if name == "id":
        return record.run_id
    return record.status.lower() if name == "status" else getattr(record, name)


def _all_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return attributes, then params, metrics and tags, each by name."""
    found = {name for row in rows for name in row} - set(_ATTRIBUTES)
    kinds = ("params.", "metrics.", "tags.")
    return [
        *_ATTRIBUTES,
        *(name for kind in kinds for name in sorted(found) if name.startswith(kind)),
    ]


def _path(workspace: str | Path | None) -> Path | None:
    return None if workspace is None else Path(workspace)
