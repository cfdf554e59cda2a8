"""The model registry in an MLflow database."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workbench.formats.contract import Fault
from workbench.formats.mlflow.cards import folders_of
from workbench.formats.mlflow.database_runs import metas_of
from workbench.formats.mlflow.places import Owners, copied_from, own_folder
from workbench.formats.mlflow.schema import Schema
from workbench.formats.mlflow.words import DELETED_VERSION, model_status, seconds, stage_of
from workbench.formats.registered import RegisteredModel, RegisteredVersion, Registry

_MODEL = ("name", "description", "creation_time", "workspace")
_VERSION = (
    "name", "version", "run_id", "source", "storage_location", "current_stage", "status",
    "description", "creation_time", "user_id", "workspace",
)  # fmt: skip
_DEFAULT = "default"
_MOST = 100_000
"""Rows of the registry that are read."""
Name = tuple[str, str]
"""Of a model: its workspace in a database of many, and its name in there."""


def registry_of(connection: sqlite3.Connection, schema: Schema, root: Path) -> Registry:
    """Return the registered models of the database at ``root``."""
    if not schema.has("registered_models", "name"):
        return Registry()
    faults: list[Fault] = []
    tags = _pairs(connection, schema, "registered_model_tags", ("key", "value"))
    aliases = _pairs(connection, schema, "registered_model_aliases", ("alias", "version"))
    versions = _versions(connection, schema, root, faults)
    models = [
        RegisteredModel(
            _shown(_name(model)), model["description"] or "",
            {str(key): str(value) for key, value in tags.get(_name(model), ())},
            seconds(model["creation_time"]), tuple(versions.get(_name(model), ())),
            {str(a): v for a, v in aliases.get(_name(model), ()) if isinstance(v, int)},
        )
        for model in _rows(connection, schema, "registered_models", _MODEL, "rowid")
    ]  # fmt: skip
    return Registry(models, faults)


def _rows(
    connection: sqlite3.Connection,
    schema: Schema,
    table: str,
    columns: Sequence[str],
    order: str,
) -> list[dict[str, Any]]:
    if table not in schema.columns:
        return []
    statement = (
        f"SELECT {schema.listed(table, columns)} FROM {table} "  # noqa: S608 - our names
        f"ORDER BY {order} LIMIT {_MOST}"
    )
    return [dict(zip(columns, row, strict=True)) for row in connection.execute(statement)]


def _name(row: dict[str, Any]) -> Name:
    return str(row["workspace"] or _DEFAULT), str(row["name"])


def _shown(name: Name) -> str:
    """Return what to call a model: with its workspace where that is not the usual one."""
    return name[1] if name[0] == _DEFAULT else "/".join(name)


def _pairs(
    connection: sqlite3.Connection, schema: Schema, table: str, columns: tuple[str, str]
) -> dict[Name, list[tuple[Any, Any]]]:
    found: dict[Name, list[tuple[Any, Any]]] = {}
    for row in _rows(connection, schema, table, ("name", "workspace", *columns), "rowid"):
        found.setdefault(_name(row), []).append((row[columns[0]], row[columns[1]]))
    return found


def _versions(
    connection: sqlite3.Connection, schema: Schema, root: Path, faults: list[Fault]
) -> dict[Name, list[RegisteredVersion]]:
    owners = _owners(connection, schema, root)
    tags: dict[tuple[Name, Any], dict[str, str]] = {}
    columns = ("name", "workspace", "version", "key", "value")
    for row in _rows(connection, schema, "model_version_tags", columns, "rowid"):
        tags.setdefault((_name(row), row["version"]), {})[str(row["key"])] = str(row["value"])
    rows = _rows(connection, schema, "model_versions", _VERSION, "version")
    sources = {(row["name"], str(row["version"])): str(row["source"] or "") for row in rows}
    found: dict[Name, list[RegisteredVersion]] = {}
    for row in rows:
        number, name = row["version"], _name(row)
        if not isinstance(number, int):
            faults.append(Fault(root.name, f"{number!r:.40} is no version of {name[1]}"))
        elif row["current_stage"] != DELETED_VERSION:
            files = copied_from(row, owners, sources)
            found.setdefault(name, []).append(_version(row, files, tags.get((name, number), {})))
    return found


def _version(row: dict[str, Any], files: Path | None, tags: dict[str, str]) -> RegisteredVersion:
    return RegisteredVersion(
        row["version"], str(row["run_id"]) if row["run_id"] else None, str(row["source"] or ""),
        files, stage_of(row["current_stage"]), model_status(row["status"]),
        str(row["description"] or ""), tags, seconds(row["creation_time"]),
        str(row["user_id"] or ""),
    )  # fmt: skip


def _owners(connection: sqlite3.Connection, schema: Schema, root: Path) -> Owners:
    home = str(root.parent)

    def run_folder(run: str) -> str | None:
        meta = metas_of(connection, schema, [run]).get(run)
        return None if meta is None else folders_of(root.parent, run, meta, ()).get("")

    return Owners(home, run_folder, _model_folder(connection, schema, home))


def _model_folder(
    connection: sqlite3.Connection, schema: Schema, home: str
) -> Callable[[str], str | None]:
    def model_folder(model: str) -> str | None:
        if not schema.has("logged_models", "model_id", "artifact_location", "experiment_id"):
            return None
        for location, experiment in connection.execute(
            "SELECT artifact_location, experiment_id FROM logged_models WHERE model_id = ?",
            (model,),
        ).fetchall():
            ending = (str(experiment), "models", model, "artifacts")
            return own_folder(home, str(location or ""), ending)
        return None

    return model_folder
