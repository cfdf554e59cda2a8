"""What used a version of a dataset, and which version the bytes somebody used are of.

Bytes tell, names do not: two files of one name may differ, and one file may go by two names. What
was recorded without a hash, or with one that no version has, is told apart and never counted.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from workbench.catalogue.connection import Catalogue


class UsedBy(NamedTuple):
    """A run that used a version."""

    run: int
    run_id: str
    name: str
    experiment: str
    path: str
    """Of its folder, relative to its source."""
    started: float | None
    roles: tuple[str, ...]
    versions: tuple[int, ...]
    parts: tuple[str, ...]
    """The files of the version it used, where it did not use all of it."""


class MadeFrom(NamedTuple):
    """A version of a model that was made from a version."""

    model: str
    number: int
    stages: tuple[str, ...]
    """Those it holds now."""
    before: tuple[str, ...]
    """Those it held and does not hold now."""
    manifest: str
    """Hash of its files' manifest, in hexadecimal."""
    run_id: str
    retired: bool
    roles: tuple[str, ...]
    versions: tuple[int, ...]
    parts: tuple[str, ...]


class Unsure(NamedTuple):
    """A run, or a version of a model, that names a dataset and not bytes any version has."""

    model: str
    """Empty for a run."""
    id: str
    """Of the run; the number of a model's version."""
    name: str
    hash: str
    """Empty where none was recorded."""


class Source(NamedTuple):
    """The run that brought a version."""

    run_id: str
    name: str
    experiment: str
    run: int | None
    """Its number here; None when it is not in the folder any more."""


_LIST = "coalesce(list(DISTINCT {0} ORDER BY {0}) FILTER (WHERE {0} <> ''), [])"


def _of(table: str) -> str:
    """Return the condition that a row is of a dataset, and of one of some versions or of any."""
    return f"{table}.dataset = ? AND (? OR {table}.version IN (SELECT unnest(?::BIGINT[])))"


def runs(catalogue: Catalogue, dataset: str, versions: Sequence[int] | None) -> tuple[UsedBy, ...]:
    """Return the runs that used these versions, or any where None, newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT u.run, any_value(r.run_id), any_value(r.name), any_value(r.experiment), "
            f"any_value(r.key), any_value(r.started), {_LIST.format('u.role')}, "
            f"list_sort(list_distinct(list(u.version))), {_LIST.format('u.part')}, "
            "bool_or(u.part = '') "
            f"FROM data_runs u JOIN runs r ON r.run = u.run WHERE {_of('u')} "
            "GROUP BY u.run ORDER BY any_value(r.started) DESC NULLS LAST, u.run DESC",
            [dataset, versions is None, list(versions or ())],
        )
        .fetchall()
    )
    return tuple(_used(*row) for row in rows)


def _used(*row: Any) -> UsedBy:
    run, run_id, name, experiment, path, started, roles, versions, parts, whole = row
    return UsedBy(
        run, run_id, name, experiment, path, started, tuple(roles), tuple(versions),
        () if whole else tuple(parts),
    )  # fmt: skip


def models(
    catalogue: Catalogue, dataset: str, versions: Sequence[int] | None
) -> tuple[MadeFrom, ...]:
    """Return the versions of models made from these versions, or any where None, newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT u.model, u.number, "
            "(SELECT list(h.stage ORDER BY h.stage) FROM holdings h WHERE h.model = u.model "
            "AND h.version = u.number AND h.until IS NULL), "
            "(SELECT list(DISTINCT h.stage ORDER BY h.stage) FROM holdings h "
            "WHERE h.model = u.model AND h.version = u.number AND h.until IS NOT NULL), "
            "any_value(m.manifest), any_value(m.run_id), bool_or(m.retired <> ''), "
            f"{_LIST.format('u.role')}, list_sort(list_distinct(list(u.version))), "
            f"{_LIST.format('u.part')}, bool_or(u.part = '') "
            "FROM data_models u JOIN versions m ON m.model = u.model AND m.version = u.number "
            f"WHERE {_of('u')} GROUP BY u.model, u.number "
            "ORDER BY any_value(m.registered) DESC, u.model, u.number DESC",
            [dataset, versions is None, list(versions or ())],
        )
        .fetchall()
    )
    return tuple(_made(row) for row in rows)


def _made(row: tuple[Any, ...]) -> MadeFrom:
    model, number, stages, before, manifest, run_id, retired, roles, versions, parts, whole = row
    held = tuple(stages or ())
    past = tuple(one for one in before or () if one not in held)
    return MadeFrom(
        model, number, held, past, manifest, run_id, retired, tuple(roles), tuple(versions),
        () if whole else tuple(parts),
    )  # fmt: skip


def unsure(catalogue: Catalogue, dataset: str) -> tuple[Unsure, ...]:
    """Return what names a dataset without bytes that any version of any dataset has."""
    known = (
        "NOT EXISTS (SELECT 1 FROM data_versions v WHERE v.hash = d.hash) "
        "AND NOT EXISTS (SELECT 1 FROM data_files f WHERE f.hash = d.hash)"
    )
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT DISTINCT '' AS model, r.run_id AS id, r.name AS name, coalesce(d.hash, '') "
            "FROM datasets d JOIN runs r ON r.run = d.run "
            f"WHERE d.name = $name AND (d.hash IS NULL OR d.hash = '' OR ({known})) "
            "AND NOT EXISTS (SELECT 1 FROM data_runs u WHERE u.run = d.run AND u.dataset = $name) "
            "UNION ALL "
            "SELECT DISTINCT d.model, CAST(d.version AS VARCHAR), d.model || '@' || d.version, "
            "d.hash FROM version_datasets d "
            "JOIN versions m ON m.model = d.model AND m.version = d.version "
            f"WHERE m.deleted = '' AND d.name = $name AND (d.hash = '' OR ({known})) "
            "AND NOT EXISTS (SELECT 1 FROM data_models u WHERE u.model = d.model "
            "AND u.number = d.version AND u.dataset = $name) "
            "ORDER BY 1, 3",
            {"name": dataset},
        )
        .fetchall()
    )
    return tuple(Unsure(*row) for row in rows)


def siblings(
    catalogue: Catalogue, dataset: str, versions: Sequence[int] | None
) -> tuple[tuple[str, int], ...]:
    """Return other versions with the bytes of these, or of any where None; deleted ones too."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT DISTINCT o.dataset, o.version FROM data_versions v "
            "JOIN data_versions o ON o.hash = v.hash WHERE v.hash <> '' "
            f"AND {_of('v')} "
            "AND (o.dataset, o.version) <> (v.dataset, v.version) "
            "ORDER BY o.dataset, o.version DESC",
            [dataset, versions is None, list(versions or ())],
        )
        .fetchall()
    )
    return tuple((name, number) for name, number in rows)


def source(catalogue: Catalogue, dataset: str, version: int) -> Source | None:
    """Return the run that brought a version; None where none did."""
    row = (
        catalogue.cursor()
        .execute(
            "SELECT v.run, coalesce(r.name, ''), coalesce(r.experiment, ''), r.run "
            "FROM data_versions v LEFT JOIN runs r ON r.run_id = v.run "
            "WHERE v.dataset = ? AND v.version = ? AND v.run <> '' ORDER BY r.run LIMIT 1",
            [dataset, version],
        )
        .fetchone()
    )
    return Source(*row) if row else None


def with_hashes(
    catalogue: Catalogue, hashes: Sequence[str]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the versions, not deleted, that hold exactly these bytes: by hash, newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT hash, dataset, version FROM data_versions WHERE hash <> '' AND deleted = '' "
            "AND hash IN (SELECT unnest(?::VARCHAR[])) ORDER BY time DESC, dataset, version DESC",
            [list(hashes)],
        )
        .fetchall()
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for digest, name, number in rows:
        found[digest] = (*found.get(digest, ()), (name, number))
    return found


def files(catalogue: Catalogue, dataset: str, versions: Sequence[int] | None) -> tuple[str, ...]:
    """Return the paths of the files of these versions, or of all where None, in order."""
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT DISTINCT f.path FROM data_files f WHERE {_of('f')} ORDER BY f.path",
            [dataset, versions is None, list(versions or ())],
        )
        .fetchall()
    )
    return tuple(path for (path,) in rows)


def holding(catalogue: Catalogue, digest: str) -> tuple[tuple[str, int], ...]:
    """Return the versions, not deleted, with these bytes as a whole or as one of their files."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT dataset, version FROM data_versions WHERE hash = $hash AND deleted = '' "
            "UNION SELECT f.dataset, f.version FROM data_files f WHERE f.hash = $hash "
            "ORDER BY dataset, version DESC",
            {"hash": digest},
        )
        .fetchall()
    )
    return tuple((name, number) for name, number in rows)


def datasets_holding(catalogue: Catalogue, digests: Collection[str]) -> frozenset[str]:
    """Return the datasets of which a version, or a file of one, has one of these hashes."""
    rows = (
        catalogue.cursor()
        .execute(
            "WITH asked AS (SELECT unnest(?::VARCHAR[]) AS hash) "
            "SELECT dataset FROM data_versions SEMI JOIN asked USING (hash) WHERE deleted = '' "
            "UNION SELECT dataset FROM data_files SEMI JOIN asked USING (hash)",
            [[one for one in digests if one]],
        )
        .fetchall()
    )
    return frozenset(name for (name,) in rows)


def hashes(catalogue: Catalogue, dataset: str, versions: Sequence[int] | None) -> frozenset[str]:
    """Return the hashes of these versions, or of all where None, and of their files."""
    given = [dataset, versions is None, list(versions or ())]
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT v.hash FROM data_versions v WHERE v.hash <> '' AND {_of('v')} "
            f"UNION SELECT f.hash FROM data_files f WHERE {_of('f')}",
            [*given, *given],
        )
        .fetchall()
    )
    return frozenset(digest for (digest,) in rows)
