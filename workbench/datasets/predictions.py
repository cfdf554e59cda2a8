"""Prediction files: one schema for evaluation and production, written and read here alone.

A file is a parquet table of one row a prediction, with one entry ``workbench`` of JSON among
its metadata. What it may hold is `docs/formats/predictions.md`; whether a table does is a
matter of sentences (`objections`), so that a script and a screen say the same.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench import opening
from workbench.datasets.prediction_rules import PROBABILITY, ROW_ID, TIME, objections
from workbench.durable import sync_folder, temp_name
from workbench.errors import FormatError, UsageError
from workbench.ids import is_path_name, new_id

if TYPE_CHECKING:
    import polars as pl

FORMAT: Final = 1
FOLDER: Final = "predictions"
KEY: Final = "workbench"
"""The name of the metadata entry."""
EVALUATION, PRODUCTION = "evaluation", "production"
ROLES: Final = (EVALUATION, PRODUCTION)
_TEMPORARY: Final = ".workbench/tmp"
_SUFFIX: Final = ".parquet"

MOST_BYTES: Final = 2 << 30
MOST_ROWS: Final = 10_000_000
"""Of one file; 10 million rows of ten columns are about a gigabyte in memory."""
_MOST_COLUMNS: Final = 2_000
_MOST_METADATA: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class About:
    """What a prediction file says of itself."""

    model: str
    version: int | None
    """None where the predictions were made before the model was registered; then `run` counts."""
    dataset: str
    dataset_hash: str
    """As the run recorded it, ``sha256:…``; empty in production."""
    role: str
    """One of `ROLES`."""
    run: str | None
    time: float
    """When the file was written, seconds since 1970."""
    segments: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Predictions:
    """The rows of one prediction file, found to be in order."""

    about: About
    frame: "pl.DataFrame"


def write(root: Path, about: About, frame: "pl.DataFrame") -> Path:
    """Write predictions into the workspace at ``root`` and return where; whole or not at all.

    Args:
        root: The workspace.
        about: What is to stand in the file; its rows are counted here.
        frame: The rows, as `normal` returns them.

    Raises:
        UsageError: The rows, or the model's name, do not fit.
        NotAllowedError: The folder leads out of the workspace.
        OSError: The folder cannot be written.
    """
    _refuse(about, frame)
    folder = root / FOLDER / about.model
    path = folder / f"{new_id(about.time)}.{about.role}{_SUFFIX}"
    draft = root / _TEMPORARY / temp_name(os.urandom(8).hex())
    opening.require_inside(root, folder.relative_to(root), _TEMPORARY)
    for place in (folder, draft.parent):
        place.mkdir(parents=True, exist_ok=True)
    try:
        frame.write_parquet(draft, compression="zstd", metadata={KEY: encode(about, len(frame))})
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
    return path


def _refuse(about: About, frame: "pl.DataFrame") -> None:
    if not is_path_name(about.model):
        raise UsageError(
            f"{about.model!r} cannot be the name of a model.",
            hint="Use a-z, 0-9, '.', '_' and '-', at most 64 of them.",
        )
    if about.role not in ROLES:
        raise UsageError(f"A role is 'evaluation' or 'production', not {about.role!r}.")
    if len(frame) > MOST_ROWS:
        raise UsageError(
            f"These are {len(frame):,} rows; a prediction file has at most {MOST_ROWS:,}.",
            hint="Write several files, or a sample.",
        )
    faults = objections(frame, timed=about.role == PRODUCTION)
    if faults:
        raise UsageError(" ".join(faults), hint="See docs/formats/predictions.md.")


def normal(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Return a table with the types of a prediction file; what does not fit stays as it is.

    Categories become text, probabilities and decimals 64 bits, times UTC. Seconds since 1970
    are times. The columns of the schema come first.
    """
    import polars as pl

    changes = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind in (pl.Categorical, pl.Enum):
            changes.append(column.cast(pl.String))
        elif name == TIME:
            changes.append(_utc(column, kind))
        elif kind.is_decimal() or kind == pl.Float32 or _whole_probability(name, kind):
            changes.append(column.cast(pl.Float64))
        elif kind.is_integer():
            changes.append(column.cast(pl.Int64, strict=False))
    made = frame.with_columns(changes)
    names: list[str] = sorted(made.columns, key=_place)
    return made.select(names)


def _whole_probability(name: str, kind: "pl.DataType") -> bool:
    return name.startswith(PROBABILITY) and kind.is_integer()


def _utc(column: "pl.Expr", kind: "pl.DataType") -> "pl.Expr":
    import polars as pl

    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return column.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if isinstance(kind, pl.Datetime | pl.Date):
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if kind.is_numeric():
        seconds = column.cast(pl.Float64)
        return pl.from_epoch(
            (seconds * 1e6).cast(pl.Int64, strict=False), "us"
        ).dt.replace_time_zone("UTC")
    return column


def _place(name: str) -> tuple[int, bool]:
    order = (ROW_ID, TIME, "prediction", "score", "label")
    if name in order:
        return order.index(name), False
    return len(order), not name.startswith(PROBABILITY)


# -- what a file says of itself ----------------------------------------------------------


def encode(about: About, rows: int) -> str:
    """Return the metadata entry of a file."""
    said = {
        "format": FORMAT, "model": about.model, "version": about.version,
        "dataset": about.dataset, "dataset_hash": about.dataset_hash, "role": about.role,
        "run": about.run, "time": about.time, "segments": list(about.segments), "rows": rows,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def decode(text: str) -> About:
    """Return what a metadata entry says.

    Raises:
        FormatError: It is no such entry.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError(f"Its metadata entry {KEY!r} is not JSON.") from None
    if not isinstance(said, dict) or not isinstance(said.get("format"), int):
        raise FormatError(f"Its metadata entry {KEY!r} names no format.")
    if said["format"] > FORMAT:
        raise FormatError(f"It has format {said['format']}, newer than this program's {FORMAT}.")
    return _about(said)


def _about(said: Any) -> About:
    model, version, role = said.get("model"), said.get("version"), said.get("role")
    dataset, hash_ = said.get("dataset") or "", said.get("dataset_hash") or ""
    run, time, segments = said.get("run"), said.get("time"), said.get("segments") or []
    fits = (
        isinstance(model, str) and is_path_name(model)
        and (version is None or (type(version) is int and version > 0))
        and role in ROLES and isinstance(dataset, str) and isinstance(hash_, str)
        and (run is None or isinstance(run, str))
        and isinstance(time, int | float) and abs(time) < 1e12  # noqa: PLR2004 - NaN fails too
        and isinstance(segments, list) and all(isinstance(one, str) for one in segments)
    )  # fmt: skip
    if not fits:
        raise FormatError(f"Its metadata entry {KEY!r} misses a field, or one has a wrong type.")
    return About(model, version, dataset, hash_, role, run, float(time), tuple(segments))


# -- reading -----------------------------------------------------------------------------


def files(root: Path, model: str) -> Iterator[Path]:
    """Yield the prediction files of a model, by name; our own are in order of time."""
    folder = root / FOLDER / model
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return
    for name in names:
        path = folder / name
        if name.endswith(_SUFFIX) and name[0] != "." and opening.is_plain_file(os.fspath(path)):
            yield path


def read_about(path: Path) -> About:
    """Return what a file says of itself; of the table only its description is read.

    Raises:
        FormatError: It is no prediction file, is not written to its end, or is too large.
    """
    import polars as pl

    _bounded(path)
    try:
        text = pl.read_parquet_metadata(path).get(KEY)
        if text is None or len(text) > _MOST_METADATA:
            raise FormatError(f"It has no metadata entry {KEY!r}, which says of what model it is.")
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(error) from None
    return replace(decode(text), rows=int(rows))


def read(path: Path) -> Predictions:
    """Return the predictions of a file.

    Raises:
        FormatError: It is no prediction file, is too large, or its rows are not in order.
    """
    import polars as pl

    about = read_about(path)
    if about.rows > MOST_ROWS:
        raise FormatError(f"It has {about.rows:,} rows; at most {MOST_ROWS:,} are read.")
    try:
        lazy = pl.scan_parquet(path, glob=False)
        names = lazy.collect_schema().names()
        if len(names) > _MOST_COLUMNS:
            raise FormatError(f"It has {len(names):,} columns; at most {_MOST_COLUMNS:,} are read.")
        frame = normal(lazy.collect())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise _unreadable(error) from None
    faults = objections(frame, timed=about.role == PRODUCTION)
    if faults:
        raise FormatError(" ".join(faults))
    return Predictions(about, frame)


def _bounded(path: Path) -> None:
    try:
        size = os.lstat(path).st_size
    except OSError as error:
        raise _unreadable(error) from None
    if not opening.is_plain_file(os.fspath(path)):
        raise FormatError("This is not a plain file.")
    if size > MOST_BYTES:
        raise FormatError(f"This file has {size:,} bytes; at most {MOST_BYTES:,} are read.")


def _unreadable(error: BaseException) -> FormatError:
    said = (str(error) or type(error).__name__).splitlines()[0]
    return FormatError(f"It cannot be read as parquet, or is not written to its end yet: {said}")
