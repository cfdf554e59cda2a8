"""Copies of long curves in the local cache, read back by DuckDB."""

from pathlib import Path
from typing import Any

import duckdb

from workbench.catalogue.connection import Catalogue


def load(catalogue: Catalogue, path: Path, metric: str) -> tuple[Any, Any, Any] | None:
    """Return steps, times and values of one curve as float64 arrays of one length.

    None when the copy cannot be read; it is then read from the run again.
    """
    try:
        columns = (
            catalogue.cursor()
            .execute(
                "SELECT step, time, value FROM read_parquet(?, file_row_number = true) "
                "WHERE metric = ? ORDER BY file_row_number",
                [str(path), metric],
            )
            .fetchnumpy()
        )
    except duckdb.Error:
        return None
    return columns["step"], columns["time"], columns["value"]
