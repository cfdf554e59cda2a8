"""What a script could not say of a dataset with the standard library alone, read afterwards."""

from dataclasses import replace
from pathlib import Path

from workbench.catalogue.cards import RunRecord
from workbench.formats.contract import Dataset

_PARQUET = (".parquet", ".pq")


def filled(record: RunRecord) -> RunRecord:
    """Return the record with rows and columns of its Parquet files, where they are still there.

    Only the file's own description is read, never its rows.
    """
    datasets = tuple(_filled(dataset) for dataset in record.datasets)
    return record if datasets == record.datasets else replace(record, datasets=datasets)


def _filled(dataset: Dataset) -> Dataset:
    path = Path(dataset.path or "")
    wanted = dataset.rows is None or not dataset.columns
    if not wanted or path.suffix.lower() not in _PARQUET or not path.is_file():
        return dataset
    import polars as pl

    try:
        lazy = pl.scan_parquet(path)
        columns = tuple((name, str(kind)) for name, kind in lazy.collect_schema().items())
        rows = lazy.select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError):
        return dataset  # what the script said still holds
    return dataset._replace(rows=rows, columns=dataset.columns or columns)
