"""Numbers of runs by what people call them, and what runs are called."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from workbench.catalogue.connection import Catalogue


class Called(NamedTuple):
    """What a run is called; thousands of these are cheap where whole records are not."""

    run: int
    """Its number in this catalogue; means nothing elsewhere."""
    run_id: str
    name: str


def by_id(catalogue: Catalogue, run_id: str) -> tuple[int, ...]:
    """Return the runs with exactly this id; two sources may hold the same."""
    return _runs(catalogue, "run_id = ?", run_id)


def by_id_part(catalogue: Catalogue, part: str) -> tuple[int, ...]:
    """Return the runs whose id begins or ends like this; newest first."""
    return _runs(catalogue, "starts_with(run_id, $1) OR ends_with(run_id, $1)", part.lower())


def by_name(catalogue: Catalogue, name: str) -> tuple[int, ...]:
    """Return the runs of exactly this name; newest first."""
    return _runs(catalogue, "name = ?", name)


def by_pattern(catalogue: Catalogue, pattern: str) -> tuple[int, ...]:
    """Return the runs, archived ones aside, whose name fits ``gbm-*``; newest first."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run, name FROM runs WHERE NOT archived "
            "ORDER BY started DESC NULLS LAST, run_id DESC, run DESC"
        )
        .fetchall()
    )
    return tuple(run for run, name in rows if fnmatchcase(name, pattern))


def _runs(catalogue: Catalogue, condition: str, value: str) -> tuple[int, ...]:
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT run FROM runs WHERE {condition} ORDER BY started DESC NULLS LAST, run DESC",
            [value],
        )
        .fetchall()
    )
    return tuple(run for (run,) in rows)


def called(catalogue: Catalogue, runs: Sequence[int]) -> tuple[Called, ...]:
    """Return what these runs are called, each once, in the order asked; ones gone are left out."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run, run_id, name FROM runs WHERE run IN (SELECT unnest(?::INTEGER[]))",
            [list(runs)],
        )
        .fetchall()
    )
    found = {row[0]: Called(*row) for row in rows}
    return tuple(found[run] for run in dict.fromkeys(runs) if run in found)


def with_metric(catalogue: Catalogue, runs: Sequence[int], metric: str) -> frozenset[int]:
    """Return those of the runs that have a metric."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run FROM metrics WHERE name = ? AND run IN (SELECT unnest(?::INTEGER[]))",
            [metric, list(runs)],
        )
        .fetchall()
    )
    return frozenset(run for (run,) in rows)


def every(catalogue: Catalogue) -> tuple[int, ...]:
    """Return all runs, archived ones too; newest first."""
    rows = (
        catalogue.cursor()
        .execute("SELECT run FROM runs ORDER BY started DESC NULLS LAST, run DESC")
        .fetchall()
    )
    return tuple(run for (run,) in rows)
