"""What neptune-exporter saved of Neptune's projects before they were gone: Parquet files.

A folder per project, and in it files per run, each row one value of one attribute.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Artifact, Fault, Folder, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.offline.left import Left, LeftBehind, fault
from workbench.formats.offline.namespaces import param_name
from workbench.formats.plain_config import flat
from workbench.formats.series import Series
from workbench.opening import inside, is_plain_file
from workbench.runfolder import FAILED, FINISHED

if TYPE_CHECKING:
    import polars as pl

_PART = re.compile(r"(?P<run>.{1,220}-[0-9a-f]{8,16})_part_(?P<part>\d{1,6})\.parquet\Z")
_MAGIC = b"PAR1"
_BATCH = 200_000
_NOT_FAILED = "sys/failed, which is not true"
"""Rows decoded at once."""
_MOST_ROWS = 200_000_000
_MOST_VALUES = 20_000
_MOST_ARTIFACTS = 10_000
_VALUES = {
    "float": "float_value", "int": "int_value", "string": "string_value", "bool": "bool_value",
    "datetime": "datetime_value", "string_set": "string_set_value",
}  # fmt: skip
_SERIES, _FILES = "float_series", ("file", "file_series", "file_set", "artifact")
_COLUMNS = ("project_id", "run_id", "attribute_path", "attribute_type", "step", "timestamp")
_ELSEWHERE = "files"
"""The folder beside that of the data in which the exporter puts files by default."""


class NeptuneExportReader(LeftBehind):
    """Runs of one exported Neptune project; the root is its folder."""

    name: ClassVar[str] = "neptune-export"
    title: ClassVar[str] = "Neptune export"
    live: ClassVar[str] = "after a run has been exported whole"
    verified: ClassVar[str] = (
        "files written to the schema that neptune-exporter documents; none of the tool itself"
    )

    def roots(self, folder: Folder) -> list[str]:
        """Return the folder itself, if runs were exported to it."""
        first = min((name for name in folder.files if _run_of(name) is not None), default=None)
        if first is None or first_bytes(f"{folder.path}/{first}", 4) != _MAGIC:
            return []
        return ["."]

    def _keys(self, root: Path) -> Mapping[str, bool]:
        runs = (_run_of(entry.name) for entry in root.iterdir())
        return dict.fromkeys(sorted(run for run in runs if run is not None), False)

    def _files(self, root: Path, key: str) -> list[str]:
        return [str(path) for path in _parts(root, key)]

    def _load(self, root: Path, key: str, now: float) -> Left:
        del now  # the run ended long ago
        faults: list[Fault] = []
        said = _Said(key, faults)
        parts = _parts(root, key)
        if not parts:
            raise FormatError(f"{key} is no run.")
        for path in parts:
            for batch in _batches(path):
                said.take(batch)
        return Left(_card(root, key, said), said.series)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file is that was exported with the run."""
        try:
            card = self._load(root, key, 0.0).card
        except FormatError as problem:
            raise NotFoundError(problem.message) from None
        if path not in {artifact.path for artifact in card.artifacts}:
            raise NotFoundError(f"{key} has no file {path!r}.")
        return inside(_files_of(root), path)


def _run_of(name: str) -> str | None:
    """Return the run whose last file to appear has that name: with it the run is complete."""
    match = _PART.match(name)
    return match["run"] if match and int(match["part"]) == 0 else None


def _parts(root: Path, key: str) -> list[Path]:
    """Return the files of a run in order, up to the first that is not there."""
    if "/" in key or "\\" in key or not _PART.match(f"{key}_part_0.parquet"):
        raise FormatError(f"{key!r} is not the key of a run.")
    found: list[Path] = []
    while is_plain_file(str(path := root / f"{key}_part_{len(found)}.parquet")):
        found.append(path)
    return found


def _files_of(root: Path) -> Path:
    return root.absolute().parent.parent / _ELSEWHERE


def _batches(path: Path) -> Iterator["pl.DataFrame"]:
    """Yield the rows of a file, some at a time.

    Raises:
        FormatError: It is no Parquet file of this kind, or is damaged.
    """
    import polars as pl

    problems = (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError)
    try:
        frame = pl.scan_parquet(path, glob=False, use_statistics=False, low_memory=True)
        names = frame.collect_schema().names()
        if set(_COLUMNS) - set(names):
            raise FormatError(f"{path.name} has not the columns of an export.")
        wanted = [*_COLUMNS, *(name for name in (*_VALUES.values(), "file_value") if name in names)]
        rows = min(frame.select(pl.len()).collect().item(), _MOST_ROWS)
        for start in range(0, rows, _BATCH):
            yield frame.select(wanted).slice(start, _BATCH).collect()
    except problems as problem:
        said = " ".join(str(problem).split())[:200]
        raise FormatError(f"{path.name} cannot be read: {said}") from None


class _Said:
    """What the rows of a run come to."""

    def __init__(self, key: str, faults: list[Fault]) -> None:
        self.series = Series()
        self.values: dict[str, Any] = {}
        self.files: dict[str, None] = {}
        self.others: dict[str, None] = {}
        self.project = ""
        self.run = ""
        self.faults = faults
        self._key = key

    def take(self, batch: "pl.DataFrame") -> None:
        """Take some rows, in the order of writing."""
        import polars as pl

        try:
            self._take(batch.with_columns(
                pl.col("step").cast(pl.Float64), pl.col("timestamp").dt.epoch("ms") / 1000,
            ))  # fmt: skip
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as problem:
            raise FormatError(f"{self._key} is not an export: {problem}") from None

    def _take(self, batch: "pl.DataFrame") -> None:
        import polars as pl

        if batch.height and not self.run:
            self.project, self.run = str(batch["project_id"][0]), str(batch["run_id"][0])
        points = batch.filter(pl.col("attribute_type") == _SERIES)
        if "float_value" in batch.columns:
            rows = points.select("attribute_path", "float_value", "step", "timestamp").iter_rows()
            for path, value, step, time in rows:
                if value is None:
                    fault(self.faults, self._key, f"a value of {path} is missing")
                else:
                    self.series.add(str(path), float(value), step, time)
        for row in batch.filter(pl.col("attribute_type") != _SERIES).iter_rows(named=True):
            self._attribute(row)

    def _attribute(self, row: Mapping[str, Any]) -> None:
        path, kind = str(row["attribute_path"]), str(row["attribute_type"])
        value = row.get(_VALUES.get(kind, ""))
        if kind in _FILES:
            place = (row.get("file_value") or {}).get("path")
            if isinstance(place, str) and len(self.files) < _MOST_ARTIFACTS:
                self.files[place] = None
        elif kind not in _VALUES:
            self.others[f"{path} ({kind})"] = None
        elif value is not None and len(self.values) < _MOST_VALUES:
            self.values[path] = value


def _card(root: Path, key: str, said: _Said) -> RunCard:
    system = {p.removeprefix("sys/"): v for p, v in said.values.items() if p.startswith("sys/")}
    experiment = system.get("experiment/name")
    failed = system.get("failed") is True
    started = _seconds(system.get("creation_time"))
    took = system.get("running_time")
    known = started is not None and isinstance(took, float | int)
    return RunCard(
        run_id="",
        name=str((None if experiment else system.get("name")) or said.run or key),
        experiment=f"{said.project}/{experiment}" if experiment else said.project or root.name,
        status=FAILED if failed else FINISHED,
        inferred=not failed,
        group=next(iter(system.get("group_tags") or ()), None),
        started=started,
        ended=started + took if known else None,  # type: ignore[operator]  # both are numbers
        params=_params(said, key),
        tags=dict.fromkeys(map(str, system.get("tags") or ()), "true"),
        note=str(system.get("description") or ""),
        artifacts=tuple(_artifacts(root, said.files)),
        facts={**_facts(system, said), **({} if failed else {"concluded": _NOT_FAILED})},
        faults=tuple(said.faults),
    )


def _params(said: _Said, key: str) -> dict[str, Any]:
    named = {param_name(path): _plain(value) for path, value in said.values.items()}
    try:
        return flat({name: value for name, value in named.items() if name is not None})
    except FormatError as problem:
        fault(said.faults, key, f"the params cannot be read: {problem}")
        return {}


def _facts(system: Mapping[str, Any], said: _Said) -> dict[str, Any]:
    facts: dict[str, Any] = {"neptune.run_id": said.run, "neptune.project": said.project}
    for name, value in system.items():
        if name not in ("name", "description", "tags", "group_tags"):
            facts[f"neptune.{name}"] = _plain(value)
    for path, name in (("entrypoint", "script"), ("git/commit_id", "commit")):
        if f"source_code/{path}" in said.values:
            facts[name] = _plain(said.values[f"source_code/{path}"])
    if said.others:
        facts["not_shown"] = sorted(said.others)[:100]
    return facts


def _artifacts(root: Path, paths: Mapping[str, None]) -> Iterator[Artifact]:
    """Yield the files that are where the exporter puts them by default."""
    folder = _files_of(root)
    for path in paths:
        try:
            yield Artifact(path, inside(folder, path).stat().st_size)
        except (NotFoundError, OSError, ValueError):
            continue


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: times as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _seconds(time: Any) -> float | None:
    return time.timestamp() if hasattr(time, "timestamp") else None
