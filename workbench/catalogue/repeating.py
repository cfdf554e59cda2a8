"""Runs that may repeat another one, with what is needed to see whether they do.

Hundreds of runs may repeat one, so only their params, one metric and what is known of
their code are read. That the recipe is the same is for the caller to decide.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workbench.catalogue.connection import Catalogue
from workbench.runfolder import REPRODUCES

MOST = 2_000
"""Runs read; of more than these the later ones."""

_BY_RECIPE = "r.recipe = (SELECT recipe FROM runs WHERE run = $run)"
_BY_PARAMS = """
    r.experiment = (SELECT experiment FROM runs WHERE run = $run)
    AND (r.run IN (SELECT run FROM params JOIN mine USING (name, json) GROUP BY run
                   HAVING count(*) = (SELECT count(*) FROM mine))
         OR NOT EXISTS (SELECT 1 FROM mine))
"""
_FOUND = """
    WITH mine AS (
        SELECT name, json FROM params WHERE run = $run AND NOT list_contains($ignored, name)
        AND NOT list_contains($ignored, split_part(name, '.', -1)) AND json[1] NOT IN ('{{', '[')
    )
    SELECT r.run, r.run_id, r.experiment, r.commit_id, r.dirty, r.facts, t.value, m.last,
           count(*) OVER ()
    FROM runs r JOIN metrics m ON m.run = r.run AND m.name = $metric
    LEFT JOIN tags t ON t.run = r.run AND t.name = $reproduces
    WHERE {condition} AND r.run <> $run AND NOT r.archived AND r.status = 'FINISHED'
    ORDER BY r.started DESC NULLS LAST, r.run DESC LIMIT $most
"""


class Repeating(NamedTuple):
    """A run that may repeat another one; the fields are named as those of a whole record."""

    run_id: str
    experiment: str
    commit: str | None
    dirty: bool | None
    facts: Mapping[str, Any]
    tags: Mapping[str, str]
    """No other than the one that says which run it repeats."""
    params: Mapping[str, Any]
    value: float
    """The metric's last one."""


def of_recipe(catalogue: Catalogue, run: int, metric: str) -> tuple[tuple[Repeating, ...], int]:
    """Return other finished runs of a run's stored recipe that have a metric, and how many are.

    Archived runs are left out; the oldest come first.
    """
    return _read(catalogue, _BY_RECIPE, run, metric, ())


def alike_but_for(
    catalogue: Catalogue, run: int, metric: str, ignored: Sequence[str]
) -> tuple[tuple[Repeating, ...], int]:
    """Return as `of_recipe` does those of the experiment whose params differ in these at most.

    Args:
        catalogue: Where.
        run: The run that may be repeated.
        metric: What they all have.
        ignored: Params that may differ, by their whole name or its last part. Params that are
            lists may differ as well: one value can be written in several ways.
    """
    return _read(catalogue, _BY_PARAMS, run, metric, ignored)


def _read(
    catalogue: Catalogue, condition: str, run: int, metric: str, ignored: Sequence[str]
) -> tuple[tuple[Repeating, ...], int]:
    asked = {"run": run, "metric": metric, "reproduces": REPRODUCES, "most": MOST}
    cursor = catalogue.cursor()
    rows = cursor.execute(
        _FOUND.format(condition=condition), {**asked, "ignored": list(ignored)}
    ).fetchall()
    params: dict[int, dict[str, Any]] = {}
    for one, name, text in cursor.execute(
        "SELECT run, name, json FROM params WHERE run IN (SELECT unnest(?::INTEGER[]))",
        [[row[0] for row in rows]],
    ).fetchall():
        params.setdefault(one, {})[name] = json.loads(text)
    found = [_repeating(row, params.get(row[0], {})) for row in reversed(rows)]
    return tuple(found), rows[0][-1] if rows else 0


def _repeating(row: Sequence[Any], params: Mapping[str, Any]) -> Repeating:
    _, run_id, experiment, commit, dirty, facts, repeated, value, _ = row
    tags = {} if repeated is None else {REPRODUCES: repeated}
    return Repeating(run_id, experiment, commit, dirty, json.loads(facts), tags, params, value)
