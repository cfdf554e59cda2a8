"""Manifests in, rows out: what the versions of datasets are, kept as they come and go.

A version never changes, so its rows are put in once and taken out with it. One that cannot be
read is a row too, with its reason: nobody is to think that it is not there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from workbench.catalogue.connection import Catalogue
from workbench.datasets.manifest import Manifest

_TABLES: Final = ("data_versions", "data_files")
_ENCODE: Final = msgspec.json.Encoder().encode
_Row = tuple[Any, ...]


class Found(NamedTuple):
    """A version as it is to be stored."""

    dataset: str
    number: int
    stamp: int
    """Time of the version's folder when it was read, in nanoseconds."""
    manifest: Manifest | None
    """None where it cannot be read, or the version was deleted."""
    fault: str = ""
    """Why it cannot be read."""
    deleted: str = ""
    """Who deleted it and why; empty where nobody did."""
    hash: str = ""
    """Of its content, where there is no manifest any more to say it."""


class KnownVersion(NamedTuple):
    """What the catalogue remembers of a version, to tell whether it must be read again."""

    stamp: int
    fault: str
    deleted: str


class KnownDataset(NamedTuple):
    """What the catalogue remembers of a dataset's folder."""

    stamp: int
    """Its time when it was last listed; 0 to have it listed again."""
    versions: Mapping[int, KnownVersion]


def known_datasets(catalogue: Catalogue) -> dict[str, KnownDataset]:
    """Return what is remembered of every dataset, by name."""
    cursor = catalogue.cursor()
    versions: dict[str, dict[int, KnownVersion]] = {}
    for name, number, *rest in cursor.execute(
        "SELECT dataset, version, stamp, fault, deleted FROM data_versions"
    ).fetchall():
        versions.setdefault(name, {})[number] = KnownVersion(*rest)
    stamps = dict(cursor.execute("SELECT dataset, stamp FROM data_folders").fetchall())
    return {
        name: KnownDataset(stamps.get(name, 0), versions.get(name, {}))
        for name in stamps.keys() | versions.keys()
    }


def known(found: Found) -> KnownVersion:
    """Return what is to be remembered of a version."""
    return KnownVersion(found.stamp, found.fault, found.deleted)


def store(
    catalogue: Catalogue,
    found: Sequence[Found],
    *,
    gone: Iterable[tuple[str, int]] = (),
    stamps: Mapping[str, int | None] | None = None,
) -> None:
    """Put versions in, each in the place of what was there of it, and take others out.

    Args:
        catalogue: Where.
        found: What was read.
        gone: Dataset and number of versions that are not in the folder any more.
        stamps: Time of each dataset's folder as it was listed; None takes the dataset out.
    """
    tables: dict[str, list[_Row]] = {name: [] for name in (*_TABLES, "data_schemas")}
    schemas: dict[Any, str] = {}
    for one in found:
        _rows(tables, schemas, one)
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    try:
        _forget(cursor, [*((one.dataset, one.number) for one in found), *gone])
        _settle(cursor, stamps or {})
        _leave_out_known(cursor, tables, schemas)
        for name, rows in tables.items():
            if rows:
                with cursor.appender(name) as appender:
                    appender.append_rows(rows)
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def drop_unused_schemas(catalogue: Catalogue) -> None:
    """Forget columns that no version has any more."""
    catalogue.cursor().execute(
        "DELETE FROM data_schemas WHERE schema_id NOT IN (SELECT schema_id FROM data_versions)"
    )


def _forget(cursor: Any, versions: Sequence[tuple[str, int]]) -> None:
    if not versions:
        return
    names, numbers = [name for name, _ in versions], [number for _, number in versions]
    for table in _TABLES:
        cursor.execute(
            f"DELETE FROM {table} WHERE (dataset, version) IN "
            "(SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]))",
            [names, numbers],
        )


def _settle(cursor: Any, stamps: Mapping[str, int | None]) -> None:
    if not stamps:
        return
    names = list(stamps)
    cursor.execute(
        "DELETE FROM data_folders WHERE dataset IN (SELECT unnest(?::VARCHAR[]))", [names]
    )
    rows = [(name, stamp) for name, stamp in stamps.items() if stamp is not None]
    if rows:
        with cursor.appender("data_folders") as appender:
            appender.append_rows(rows)


def _leave_out_known(
    cursor: Any, tables: dict[str, list[_Row]], schemas: Mapping[Any, str]
) -> None:
    """Take the columns out that are stored already."""
    if not schemas:
        return
    there = {
        name
        for (name,) in cursor.execute(
            "SELECT DISTINCT schema_id FROM data_schemas "
            "WHERE schema_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(schemas.values())],
        ).fetchall()
    }
    tables["data_schemas"] = [row for row in tables["data_schemas"] if row[0] not in there]


def _rows(tables: dict[str, list[_Row]], schemas: dict[Any, str], one: Found) -> None:
    """Add the rows of one version to the tables."""
    said = one.manifest
    if said is None:
        tables["data_versions"].append(
            (
                one.dataset, one.number, one.stamp, one.hash, 0.0, "", "", "", "", False, False,
                0, 0, "", "{}", None, 0, "", "", "", "{}", "", one.fault, one.deleted,
            )
        )  # fmt: skip
        return
    if said.columns not in schemas:
        schemas[said.columns] = identity = _schema_id(said)
        tables["data_schemas"].extend(
            (identity, at, column.name, column.type, column.dtype)
            for at, column in enumerate(said.columns)
        )
    tables["data_versions"].append(_version(one, said, schemas[said.columns]))
    tables["data_files"].extend(
        (
            one.dataset, one.number, file.path, file.size, f"sha256:{file.sha256}", file.md5,
            f"sha256:{file.sha256}" != said.hash,
        )
        for file in said.files
    )  # fmt: skip


def _schema_id(said: Manifest) -> str:
    return blake2b(_ENCODE(said.columns), digest_size=16).hexdigest()


def _version(one: Found, said: Manifest, schema: str) -> _Row:
    return (
        one.dataset, one.number, one.stamp, said.hash, said.time, said.actor, said.host, said.how,
        said.path, said.folder, said.copied, said.size, len(said.files), said.reader,
        json.dumps(said.read_as), said.rows, len(said.columns), schema, said.run, said.dvc,
        _ENCODE(said.fields).decode(), said.unread, one.fault, one.deleted,
    )  # fmt: skip
