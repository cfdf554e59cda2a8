"""Any table a script may hold, as a polars frame.

Other libraries are recognised by what they offer and never imported: they are here exactly
if the caller has them.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.datasets.reading import open_table
from workbench.datasets.reading.formats import ENDINGS, ending_of
from workbench.errors import FormatError, NotFoundError, UsageError

if TYPE_CHECKING:
    import polars as pl


def table_of(data: Any) -> "pl.DataFrame":
    """Return a table as a polars frame.

    Args:
        data: A pandas, polars or Arrow table, a mapping of names to columns, or the path of
            a data file of any format that `workbench.datasets.reading` knows.

    Raises:
        NotFoundError: There is no file at the path.
        UsageError: It is no table, or cannot be read as one.
    """
    import polars as pl

    if isinstance(data, str | os.PathLike):
        return _of_file(Path(data))
    if isinstance(data, pl.LazyFrame):
        return data.collect()
    try:
        if isinstance(data, pl.DataFrame):
            return data
        if type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "columns"):
            return _of_pandas(data)
        if hasattr(data, "__arrow_c_stream__") or isinstance(data, dict):
            return pl.DataFrame(data)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise UsageError(f"This table cannot be read: {_first_line(error)}.") from None
    raise UsageError(
        f"A table is needed, not a {type(data).__name__}.",
        hint="Pass a pandas, polars or Arrow table, or the path of a parquet or CSV file.",
    )


def _of_file(path: Path) -> "pl.DataFrame":
    import polars as pl

    if not path.exists():
        raise NotFoundError(f"There is no file at {path}.", hint="Check the path.")
    if path.is_file() and ending_of(path) not in ENDINGS:
        raise UsageError(
            f"{path.name} is neither a parquet nor a CSV file.", hint="Write it as parquet."
        )
    try:
        return pl.concat(list(open_table(path).batches()))
    except FormatError as error:
        raise UsageError(f"{path} cannot be read: {error.message}", hint=error.hint) from None


def _of_pandas(frame: Any) -> "pl.DataFrame":
    """Return a pandas frame column by column, so that nothing but numpy is needed.

    A named index is a column like any other: row ids often stand there.
    """
    import polars as pl

    if frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    return pl.DataFrame([_series(str(name), frame[name]) for name in frame.columns])


def _series(name: str, column: Any) -> "pl.Series":
    import polars as pl

    kind = getattr(column.dtype, "kind", "O")
    if kind == "M" and getattr(column.dtype, "tz", None) is not None:
        plain = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return pl.Series(name, plain).dt.replace_time_zone("UTC")
    if type(column.dtype).__module__.startswith("numpy") and kind in "biufM":
        return pl.Series(name, column.to_numpy(), nan_to_null=True)
    cells = zip(column.to_numpy(dtype=object), column.isna().to_numpy(), strict=True)
    return pl.Series(name, [None if empty else value for value, empty in cells], strict=True)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
