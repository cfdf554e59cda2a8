"""Where versions come from, and which runs and datasets versions need."""

from typing import NamedTuple

from workbench.catalogue.connection import Catalogue


class Named(NamedTuple):
    """A version that is not deleted, and what it names."""

    model: str
    version: int
    stages: tuple[str, ...]
    """Those it holds now."""


class Held(NamedTuple):
    """A stage that a version holds or held."""

    stage: str
    since: float
    until: float | None
    actor: str
    reason: str


class Origin(NamedTuple):
    """The run a version says it came from."""

    run_id: str
    name: str
    experiment: str
    path: str
    run: int | None
    """Its number here; None when it is not in the folder."""


_STAGES = (
    "(SELECT list(h.stage ORDER BY h.stage) FROM holdings h "
    "WHERE h.model = v.model AND h.version = v.version AND h.until IS NULL)"
)


def of_run(catalogue: Catalogue, run_id: str) -> tuple[Named, ...]:
    """Return the versions that came from a run, newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT model, version, {_STAGES} FROM versions v "
            "WHERE run_id = ? AND deleted = '' ORDER BY registered DESC, model, version DESC",
            [run_id],
        )
        .fetchall()
    )
    return tuple(Named(model, version, tuple(stages or ())) for model, version, stages in rows)


def of_dataset(catalogue: Catalogue, name: str, digest: str) -> tuple[Named, ...]:
    """Return the versions made from a state of a dataset, newest first.

    Args:
        catalogue: Where.
        name: Of the dataset.
        digest: Hash of its content; empty for any.
    """
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT model, version, {_STAGES} FROM versions v WHERE deleted = '' AND EXISTS ("
            "SELECT 1 FROM version_datasets d WHERE d.model = v.model AND d.version = v.version "
            "AND d.name = $name AND ($hash = '' OR d.hash = $hash)) "
            "ORDER BY registered DESC, model, version DESC",
            {"name": name, "hash": digest},
        )
        .fetchall()
    )
    return tuple(Named(model, version, tuple(stages or ())) for model, version, stages in rows)


def origin(catalogue: Catalogue, model: str, version: int) -> Origin | None:
    """Return the run a version came from, or None if from none."""
    row = (
        catalogue.cursor()
        .execute(
            "SELECT v.run_id, v.run_name, v.run_experiment, v.run_path, "
            "(SELECT min(r.run) FROM runs r WHERE r.run_id = v.run_id) "
            "FROM versions v WHERE v.model = ? AND v.version = ? AND v.run_id <> ''",
            [model, version],
        )
        .fetchone()
    )
    return Origin(*row) if row else None


def holdings(catalogue: Catalogue, model: str, version: int) -> tuple[Held, ...]:
    """Return the stages a version held or holds, oldest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT stage, since, until, actor, reason FROM holdings "
            "WHERE model = ? AND version = ? ORDER BY seq",
            [model, version],
        )
        .fetchall()
    )
    return tuple(Held(*row) for row in rows)


def held_runs(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the runs of versions that hold a stage: id to ``churn@3, which holds production``."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT v.run_id, v.model || '@' || v.version || ', which holds ' || h.stage AS said "
            "FROM versions v JOIN holdings h ON h.model = v.model AND h.version = v.version "
            "WHERE h.until IS NULL AND v.run_id <> '' ORDER BY said"
        )
        .fetchall()
    )
    found: dict[str, tuple[str, ...]] = {}
    for run_id, said in rows:
        found[run_id] = (*found.get(run_id, ()), said)
    return found


def held_datasets(catalogue: Catalogue) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the datasets of versions that hold a stage: (name, hash) to the same words.

    By the names that were recorded, and by those of the registered versions with these bytes.
    """
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT DISTINCT d.name, d.hash, "
            "d.model || '@' || d.version || ', which holds ' || h.stage AS said "
            "FROM (SELECT name, hash, model, version FROM version_datasets UNION ALL "
            "SELECT m.dataset, v.hash, m.model, m.number FROM data_models m "
            "JOIN data_versions v ON v.dataset = m.dataset AND v.version = m.version) d "
            "JOIN holdings h ON h.model = d.model AND h.version = d.version "
            "WHERE h.until IS NULL ORDER BY said"
        )
        .fetchall()
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, digest, said in rows:
        found[name, digest] = (*found.get((name, digest), ()), said)
    return found


def manifests(catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """Return (model, hash of its manifest) of every version that is not deleted."""
    rows = (
        catalogue.cursor()
        .execute("SELECT model, manifest FROM versions WHERE deleted = '' AND manifest <> ''")
        .fetchall()
    )
    return frozenset((model, manifest) for model, manifest in rows)
