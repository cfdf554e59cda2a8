"""The params in which runs differ, without reading those that are alike."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from workbench.catalogue.connection import Catalogue


class Varying(NamedTuple):
    """A run's name and those of its params that are not the same in all the runs asked for."""

    name: str
    params: dict[str, Any]


def varying(catalogue: Catalogue, runs: Sequence[int]) -> dict[int, Varying]:
    """Return what may tell these runs apart; runs that are gone are left out."""
    cursor = catalogue.cursor()
    wanted = list(dict.fromkeys(runs))
    names = cursor.execute(
        "SELECT run, name FROM runs WHERE run IN (SELECT unnest(?::INTEGER[]))", [wanted]
    ).fetchall()
    found = {run: Varying(name, {}) for run, name in names}
    if len(found) < 2:  # noqa: PLR2004 - a single run differs from nothing
        return found
    rows = cursor.execute(
        "WITH held AS (SELECT run, name, json FROM params "
        "WHERE run IN (SELECT unnest($1::INTEGER[]))) "
        "SELECT run, name, json FROM held SEMI JOIN (SELECT name FROM held GROUP BY name "
        "HAVING min(json) <> max(json) OR count(*) < $2) differ USING (name)",
        [wanted, len(found)],
    ).fetchall()
    for run, name, text in rows:
        if run in found:
            found[run].params[name] = json.loads(text)
    return found
