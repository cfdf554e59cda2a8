"""Datasets and their versions as rows: what lists of them show."""

import json
from typing import Any, NamedTuple

import msgspec

from workbench.catalogue.connection import Catalogue
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import SchemaColumn

_DECODE = msgspec.json.Decoder(Fields).decode


class DataLine(NamedTuple):
    """A dataset by its newest version that can be read."""

    name: str
    version: int
    versions: int
    """That stand: not deleted."""
    rows: int | None
    columns: int
    size: int
    time: float
    """When the newest was registered, seconds since 1970."""
    path: str
    reader: str
    hash: str
    copied: bool
    unread: str
    fields: Fields
    """As they were said when that version was registered."""
    fault: str
    """Why the newest that stands cannot be read; empty where it can."""
    runs: int
    """That used any version."""
    models: int
    """Versions of models made from any version."""


class VersionLine(NamedTuple):
    """A version of a dataset."""

    number: int
    hash: str
    """``sha256:…``."""
    rows: int | None
    columns: int
    size: int
    """Bytes of all its files."""
    time: float
    """When it was registered, seconds since 1970."""
    actor: str
    how: str
    """``added``, ``followed`` or ``logged``."""
    copied: bool
    """Its files stand in the workspace."""
    path: str
    """As in `workbench.datasets.manifest.File.path`."""
    reader: str
    run: str
    """Id of the run that logged it; empty where none did."""
    runs: int
    """That used it."""
    models: tuple[str, ...]
    """Versions of models made from it, as ``churn@3``, in order of name and number."""
    unread: str
    """Why it is no table; empty where it is one."""
    fault: str = ""
    """Why its manifest cannot be read; everything else is then empty."""
    deleted: str = ""
    """Who deleted it and why; empty where nobody did."""
    host: str = ""
    files: int = 0
    schema: str = ""
    """Equal for versions with the same columns."""


def datasets(catalogue: Catalogue) -> tuple[DataLine, ...]:
    """Return every dataset of which a version stands, by name."""
    rows = (
        catalogue.cursor()
        .execute(
            "WITH standing AS (SELECT * FROM data_versions WHERE deleted = ''), "
            "newest AS (SELECT * FROM standing WHERE fault = '' QUALIFY "
            "row_number() OVER (PARTITION BY dataset ORDER BY version DESC) = 1), "
            "counted AS (SELECT dataset, count(*) AS versions, max(version) AS last, "
            "arg_max(fault, version) AS fault FROM standing GROUP BY dataset), "
            "run AS (SELECT dataset, count(DISTINCT run) AS runs FROM data_runs GROUP BY dataset), "
            "model AS (SELECT dataset, count(DISTINCT (model, number)) AS models "
            "FROM data_models GROUP BY dataset) "
            "SELECT f.dataset, coalesce(n.version, c.last), c.versions, "
            'n."rows", coalesce(n.columns, 0), coalesce(n.size, 0), coalesce(n.time, 0), '
            "coalesce(n.path, ''), coalesce(n.reader, ''), coalesce(n.hash, ''), "
            "coalesce(n.copied, false), coalesce(n.unread, ''), coalesce(n.fields, '{}'), "
            "c.fault, coalesce(run.runs, 0), coalesce(model.models, 0) "
            "FROM data_folders f LEFT JOIN newest n USING (dataset) "
            "JOIN counted c USING (dataset) LEFT JOIN run USING (dataset) "
            "LEFT JOIN model USING (dataset) ORDER BY f.dataset"
        )
        .fetchall()
    )
    return tuple(_dataset(row) for row in rows)


def versions(
    catalogue: Catalogue, dataset: str, *, deleted: bool = False
) -> tuple[VersionLine, ...]:
    """Return the versions of a dataset, newest first; none if there is no such.

    Args:
        catalogue: Where.
        dataset: Its name.
        deleted: Whether those that were deleted come too.
    """
    rows = (
        catalogue.cursor()
        .execute(
            'SELECT version, hash, "rows", columns, size, time, actor, how, copied, path, reader, '
            "v.run, (SELECT count(DISTINCT u.run) FROM data_runs u "
            "WHERE u.dataset = v.dataset AND u.version = v.version), "
            "(SELECT list(DISTINCT [m.model, CAST(m.number AS VARCHAR)]) FROM data_models m "
            "WHERE m.dataset = v.dataset AND m.version = v.version), "
            "unread, fault, deleted, host, files, schema_id "
            "FROM data_versions v WHERE dataset = ? AND (deleted = '' OR ?) ORDER BY version DESC",
            [dataset, deleted],
        )
        .fetchall()
    )
    return tuple(_version(row) for row in rows)


def newest(catalogue: Catalogue, limit: int) -> tuple[tuple[str, VersionLine], ...]:
    """Return the versions registered last, newest first; what used them is left out.

    Args:
        catalogue: Where.
        limit: How many.
    """
    rows = (
        catalogue.cursor()
        .execute(
            'SELECT dataset, version, hash, "rows", columns, size, time, actor, how, copied, path, '
            "reader, run, 0, NULL, unread, fault, deleted, host, files, schema_id "
            "FROM data_versions WHERE fault = '' AND deleted = '' "
            "ORDER BY time DESC, dataset, version DESC LIMIT ?",
            [limit],
        )
        .fetchall()
    )
    return tuple((name, _version(tuple(row))) for name, *row in rows)


def columns(catalogue: Catalogue, schema: str) -> tuple[SchemaColumn, ...]:
    """Return names and types of columns, in order, by `VersionLine.schema`."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT name, type, dtype FROM data_schemas WHERE schema_id = ? ORDER BY position",
            [schema],
        )
        .fetchall()
    )
    return tuple(SchemaColumn(*row) for row in rows)


def read_as(catalogue: Catalogue, dataset: str, version: int) -> dict[str, str]:
    """Return how a version was read: separator, encoding, sheet and so on."""
    row = (
        catalogue.cursor()
        .execute(
            "SELECT read_as FROM data_versions WHERE dataset = ? AND version = ?",
            [dataset, version],
        )
        .fetchone()
    )
    return json.loads(row[0]) if row else {}


def _dataset(row: tuple[Any, ...]) -> DataLine:
    values = list(row)
    values[12] = _DECODE(row[12])
    return DataLine(*values)


def _version(row: tuple[Any, ...]) -> VersionLine:
    values = list(row)
    values[13] = _models(row[13])
    return VersionLine(*values)


def _models(found: Any) -> tuple[str, ...]:
    pairs = sorted((model, int(number)) for model, number in found or ())
    return tuple(f"{model}@{number}" for model, number in pairs)
