"""Models and their versions as rows: what lists and pages of the registry show."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from workbench.catalogue.connection import Catalogue


class FreezeLine(NamedTuple):
    """Who froze a stage, until when and why."""

    actor: str
    reason: str
    since: float
    """Seconds since 1970."""
    until: float | None
    """None until somebody thaws it."""


class StageLine(NamedTuple):
    """A stage of a model, as it is."""

    stage: str
    version: int | None
    """None while it is empty."""
    since: float
    """Seconds since 1970."""
    actor: str
    """Who put the version there."""
    reason: str
    frozen: FreezeLine | None
    """None where the stage may change."""
    overridden: int = 0
    """Checks that did not pass when the version was put there, overridden with a reason."""


class RequestLine(NamedTuple):
    """Somebody asks for a promotion, and it has not happened yet."""

    model: str
    version: int
    stage: str
    actor: str
    reason: str
    time: float
    """Seconds since 1970."""
    needs: tuple[str, ...]
    """What is still missing, one phrase each: ``1 more approval``, ``tick: model card``."""
    event_id: str


class ModelLine(NamedTuple):
    """A registered model."""

    name: str
    versions: int
    """Registered and not deleted."""
    latest: int
    """The newest version's number; 0 without any."""
    registered: float
    """When that one was registered, in seconds since 1970; 0 without any."""
    stages: tuple[StageLine, ...]
    """Those something ever happened to, in the order of ``workbench.toml``, others by name."""
    requests: int
    """How many are open."""
    description: str
    """Of the newest version that has one."""
    unreadable: str
    """Path and reason of the first event that does not fit; empty when all do."""
    champion: int | None
    """The version in the last of the stages that has one; None without any."""
    metrics: Mapping[str, float]
    """Last values of the champion, of the newest version where there is none."""
    goals: Mapping[str, str]
    """``min`` or ``max`` for the metrics that have a direction."""
    changed: float
    """Effective time of the newest event, in seconds since 1970."""


class VersionDataset(NamedTuple):
    """A dataset a version was made from."""

    name: str
    hash: str
    role: str
    path: str
    rows: int | None


class VersionLine(NamedTuple):
    """A version of a model."""

    number: int
    stages: tuple[str, ...]
    """Those it holds now."""
    registered: float
    """Effective time, in seconds since 1970."""
    author: str
    rung: str
    """Of the ladder: ``data``, ``data with extra types``, ``code``, ``unknown``."""
    format: str
    types: tuple[str, ...]
    """Extra types in its files."""
    run_id: str
    """Empty where it came from no run."""
    run_name: str
    metrics: Mapping[str, float]
    """Last values."""
    goals: Mapping[str, str]
    size: int
    """Bytes of all files."""
    files: int
    retired: str
    """Who retired it and why; empty when nobody did."""
    deleted: str
    """Who deleted it and why; empty when nobody did."""
    description: str
    tags: Mapping[str, str]
    manifest: str
    """Hash of MANIFEST.json, in hexadecimal."""
    datasets: tuple[VersionDataset, ...]
    params: Mapping[str, Any]
    signature_hash: str


def models(catalogue: Catalogue, now: float, order: Sequence[str]) -> tuple[ModelLine, ...]:
    """Return every model, by name.

    Args:
        catalogue: Where.
        now: Seconds since 1970; what is frozen is frozen at a time.
        order: Stages as `workbench.toml` has them, the one consumers trust most last.
    """
    cursor = catalogue.cursor()
    stages = _stages(cursor, now, order)
    values = _values(cursor)
    rows = cursor.execute(
        "SELECT model, versions, latest, registered, requests, description, "
        "concat_ws(': ', nullif(broken_path, ''), nullif(broken_reason, '')), changed "
        "FROM models ORDER BY model"
    ).fetchall()
    lines = []
    for name, versions, latest, registered, requests, description, unreadable, changed in rows:
        own = stages.get(name, ())
        held = [one.version for one in own if one.version is not None and one.stage in order]
        champion = held[-1] if held else None
        metrics, goals = values.get((name, champion or latest), ("{}", "{}"))
        lines.append(
            ModelLine(
                name, versions, latest, registered, own, requests, description, unreadable,
                champion, json.loads(metrics), json.loads(goals), changed,
            )
        )  # fmt: skip
    return tuple(lines)


def versions(catalogue: Catalogue, model: str) -> tuple[VersionLine, ...]:
    """Return the versions of a model, deleted ones too, newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT v.version, (SELECT list(h.stage ORDER BY h.since) FROM holdings h "
            "WHERE h.model = v.model AND h.version = v.version AND h.until IS NULL), "
            "registered, author, rung, format, types, run_id, run_name, metrics, goals, size, "
            "files, retired, deleted, description, tags, manifest, datasets, params, signature "
            "FROM versions v WHERE model = ? ORDER BY version DESC",
            [model],
        )
        .fetchall()
    )
    return tuple(_version(row) for row in rows)


def requests(catalogue: Catalogue) -> tuple[RequestLine, ...]:
    """Return every open request, oldest first; what they need is not known here."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT model, version, stage, actor, reason, since, event_id FROM requests "
            "WHERE until IS NULL ORDER BY since, model, version"
        )
        .fetchall()
    )
    return tuple(
        RequestLine(model, version, stage, actor, reason, since, (), event_id)
        for model, version, stage, actor, reason, since, event_id in rows
    )


def _version(row: tuple[Any, ...]) -> VersionLine:
    (
        number, stages, registered, author, rung, form, types, run_id, run_name, metrics, goals,
        size, files, retired, deleted, description, tags, manifest, datasets, params, signature,
    ) = row  # fmt: skip
    return VersionLine(
        number, tuple(stages or ()), registered, author, rung, form,
        tuple(map(str, json.loads(types))), run_id, run_name, json.loads(metrics),
        json.loads(goals), size, files, retired, deleted, description, json.loads(tags), manifest,
        tuple(VersionDataset(*item) for item in json.loads(datasets)), json.loads(params),
        signature,
    )  # fmt: skip


def _stages(
    cursor: duckdb.DuckDBPyConnection, now: float, order: Sequence[str]
) -> dict[str, tuple[StageLine, ...]]:
    """Return how the stages of every model are, in order."""
    frozen = {
        (model, stage): FreezeLine(*rest)
        for model, stage, *rest in cursor.execute(
            "SELECT model, stage, actor, reason, since, until FROM freezes "
            "WHERE until IS NULL OR until > ?",
            [now],
        ).fetchall()
    }
    held = cursor.execute(
        "SELECT h.model, h.stage, h.version, h.since, h.actor, h.reason, "
        "coalesce(len(json_keys(e.details, '$.overrides')), 0) "
        "FROM holdings h LEFT JOIN events e ON e.model = h.model AND e.seq = h.seq "
        "WHERE h.until IS NULL"
    ).fetchall()
    found: dict[str, list[StageLine]] = {}
    for model, stage, version, since, actor, reason, overridden in held:
        freeze = frozen.pop((model, stage), None)
        line = StageLine(stage, version, since, actor, reason, freeze, overridden)
        found.setdefault(model, []).append(line)
    for (model, stage), ice in frozen.items():  # frozen before anything was put there
        line = StageLine(stage, None, ice.since, ice.actor, ice.reason, ice)
        found.setdefault(model, []).append(line)
    places = {stage: place for place, stage in enumerate(order)}
    key = lambda one: (places.get(one.stage, len(places)), one.stage)  # noqa: E731
    return {model: tuple(sorted(lines, key=key)) for model, lines in found.items()}


def _values(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], tuple[str, str]]:
    """Return metrics and goals, as JSON, of what holds a stage and of the newest versions."""
    rows = cursor.execute(
        "SELECT v.model, v.version, v.metrics, v.goals FROM versions v SEMI JOIN ("
        "SELECT model, version FROM holdings WHERE until IS NULL "
        "UNION SELECT model, latest FROM models) wanted "
        "ON wanted.model = v.model AND wanted.version = v.version"
    ).fetchall()
    return {(model, version): (metrics, goals) for model, version, metrics, goals in rows}
