"""Numbers of runs by what people call them."""

from fnmatch import fnmatchcase

from workbench.catalogue.connection import Catalogue


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


def every(catalogue: Catalogue) -> tuple[int, ...]:
    """Return all runs, archived ones too; newest first."""
    rows = (
        catalogue.cursor()
        .execute("SELECT run FROM runs ORDER BY started DESC NULLS LAST, run DESC")
        .fetchall()
    )
    return tuple(run for (run,) in rows)


def by_recipe(catalogue: Catalogue, recipe: str) -> tuple[int, ...]:
    """Return finished runs of a recipe that are not archived, at most 2,000; oldest first."""
    return _finished(catalogue, "recipe = ?", [recipe])


def with_param(catalogue: Catalogue, experiment: str, param: str) -> tuple[int, ...]:
    """Return finished runs of an experiment that have a param, at most 2,000; oldest first."""
    condition = "experiment = ? AND run IN (SELECT run FROM params WHERE name = ?)"
    return _finished(catalogue, condition, [experiment, param])


def _finished(catalogue: Catalogue, condition: str, values: list[str]) -> tuple[int, ...]:
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT run FROM (SELECT run, started FROM runs WHERE {condition} AND NOT archived "
            "AND status = 'FINISHED' ORDER BY started DESC NULLS LAST, run DESC LIMIT 2000) "
            "ORDER BY started NULLS FIRST, run",
            values,
        )
        .fetchall()
    )
    return tuple(run for (run,) in rows)
