"""The runs of an MLflow database, many in a few statements."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workbench.formats.contract import Dataset
from workbench.formats.mlflow.database_metrics import Followed, followed, summaries
from workbench.formats.mlflow.described import dataset
from workbench.formats.mlflow.logged_models import Model
from workbench.formats.mlflow.schema import Schema, chunks, marks
from workbench.formats.mlflow.words import model_status, status_of
from workbench.formats.sqlite.files import fetched
from workbench.runfolder import RUNNING, Summary

OWN = (
    "run_uuid", "name", "status", "start_time", "end_time", "lifecycle_stage", "user_id",
    "artifact_uri", "experiment_id",
)  # fmt: skip
_MODEL = ("model_id", "name", "status", "model_type", "source_run_id", "artifact_location")


class Run(NamedTuple):
    """All rows of one run, put together."""

    meta: Mapping[str, Any]
    experiment: str
    params: Mapping[str, str]
    tags: Mapping[str, str]
    metrics: Mapping[str, Summary]
    wrong: int
    """Rows of its metrics that are no points."""
    followed: Followed | None
    """How far it was read, if it is going on."""
    datasets: Sequence[Dataset]
    models: Sequence[Model]


def gathered(
    connection: sqlite3.Connection,
    schema: Schema,
    runs: Sequence[str],
    before: Mapping[str, Followed],
) -> dict[str, Run]:
    """Return what the database says of these runs; those it does not know are left out.

    Args:
        connection: Outside any transaction.
        schema: Of this database.
        runs: Their ids.
        before: How far those that are going on were read the last time.
    """
    found: dict[str, Run] = {}
    for some in chunks(runs):
        found.update(_chunk(connection, schema, some, before))
    return found


def _chunk(
    connection: sqlite3.Connection,
    schema: Schema,
    runs: Sequence[str],
    before: Mapping[str, Followed],
) -> dict[str, Run]:
    experiments = _experiments(connection, schema)
    params, tags = (_values(connection, schema, kind, runs) for kind in ("params", "tags"))
    datasets = _datasets(connection, schema, runs)
    models = models_of(connection, schema, runs)
    found = {}
    for run, meta in metas_of(connection, schema, runs).items():
        state, wrong = None, 0
        metrics: Mapping[str, Summary] = {}
        if not schema.has("metrics", "run_uuid", "key", "value", "is_nan", "step", "timestamp"):
            pass
        elif status_of(meta["status"]) == RUNNING:
            state = followed(connection, run, before.get(run))
            metrics, wrong = {k: s.summary for k, s in state.series.items()}, state.wrong
        else:
            metrics, wrong = summaries(connection, run)
        found[run] = Run(
            meta, experiments.get(meta["experiment_id"], str(meta["experiment_id"])),
            params.get(run, {}), tags.get(run, {}), metrics, wrong, state,
            datasets.get(run, ()), models.get(run, ()),
        )  # fmt: skip
    return found


def metas_of(
    connection: sqlite3.Connection, schema: Schema, runs: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return what stands in the table of runs, by run and column."""
    rows = fetched(
        connection,
        f"SELECT {schema.listed('runs', OWN)} FROM runs "  # noqa: S608 - our names
        f"WHERE run_uuid IN ({marks(runs)})",
        runs,
    )
    return {row[0]: dict(zip(OWN, row, strict=True)) for row in rows}


def _experiments(connection: sqlite3.Connection, schema: Schema) -> dict[Any, str]:
    if not schema.has("experiments", "experiment_id", "name"):
        return {}
    rows = fetched(connection, "SELECT experiment_id, name FROM experiments")
    return {number: str(name) for number, name in rows}


def _values(
    connection: sqlite3.Connection, schema: Schema, table: str, runs: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return params or tags by run."""
    if not schema.has(table, "run_uuid", "key", "value"):
        return {}
    rows = fetched(
        connection,
        f"SELECT run_uuid, key, value FROM {table} "  # noqa: S608 - our names
        f"WHERE run_uuid IN ({marks(runs)})",
        runs,
    )
    found: dict[str, dict[str, str]] = {run: {} for run in runs}
    for run, key, value in rows:
        found.setdefault(run, {})[str(key)] = "" if value is None else str(value)
    return found


def _datasets(
    connection: sqlite3.Connection, schema: Schema, runs: Sequence[str]
) -> dict[str, list[Dataset]]:
    """Return the datasets that runs used, each with what it was used for."""
    if not (
        schema.has("inputs", "source_id", "destination_type", "destination_id", "input_uuid")
        and schema.has("datasets", "dataset_uuid")
    ):
        return {}
    described = ", ".join(
        f'd."{name}"' if name in schema.columns["datasets"] else "NULL"
        for name in ("name", "digest", "dataset_source", "dataset_profile")
    )
    role = "NULL"
    if schema.has("input_tags", "input_uuid", "name", "value"):
        role = (
            "(SELECT t.value FROM input_tags AS t WHERE t.input_uuid = i.input_uuid "
            "AND t.name = 'mlflow.data.context')"
        )
    rows = fetched(
        connection,
        f"SELECT i.destination_id, {role}, {described} FROM inputs AS i "  # noqa: S608 - our names
        "JOIN datasets AS d ON d.dataset_uuid = i.source_id "
        f"WHERE i.destination_type = 'RUN' AND i.destination_id IN ({marks(runs)}) "
        "ORDER BY i.rowid",
        runs,
    )
    found: dict[str, list[Dataset]] = {}
    for run, context, name, digest, source, profile in rows:
        found.setdefault(run, []).append(dataset(name, context, source, digest, profile))
    return found


def models_of(
    connection: sqlite3.Connection, schema: Schema, runs: Sequence[str]
) -> dict[str, list[Model]]:
    """Return the models that runs logged, the oldest first."""
    if not schema.has("logged_models", "model_id", "source_run_id"):
        return {}
    alive = ""
    if schema.has("logged_models", "lifecycle_stage"):
        alive = "AND lifecycle_stage IS NOT 'deleted' "
    rows = fetched(
        connection,
        f"SELECT {schema.listed('logged_models', _MODEL)} FROM logged_models "  # noqa: S608
        f"WHERE source_run_id IN ({marks(runs)}) {alive}ORDER BY rowid",
        runs,
    )
    found: dict[str, list[Model]] = {}
    for number, name, status, kind, run, location in rows:
        found.setdefault(run, []).append(
            Model(
                str(number), str(name or number), model_status(status),
                None if kind is None else str(kind), str(location or ""),
                _of_model(connection, schema, "param", number),
                _metrics_of(connection, schema, number),
                _of_model(connection, schema, "tag", number),
            )
        )  # fmt: skip
    return found


def _of_model(
    connection: sqlite3.Connection, schema: Schema, what: str, model: object
) -> dict[str, str]:
    """Return the params or tags of a model."""
    table = f"logged_model_{what}s"
    if not schema.has(table, "model_id", f"{what}_key", f"{what}_value"):
        return {}
    rows = fetched(
        connection,
        f"SELECT {what}_key, {what}_value FROM {table} WHERE model_id = ?",  # noqa: S608
        (model,),
    )
    return {str(key): str(value) for key, value in rows}


def _metrics_of(connection: sqlite3.Connection, schema: Schema, model: object) -> dict[str, float]:
    """Return the last value of each metric of a model."""
    if not schema.has("logged_model_metrics", "model_id", "metric_name", "metric_value"):
        return {}
    rows = fetched(
        connection,
        "SELECT metric_name, metric_value FROM logged_model_metrics WHERE model_id = ? "
        "ORDER BY metric_step, metric_timestamp_ms",
        (model,),
    )
    return {str(name): float(value) for name, value in rows if isinstance(value, float)}
