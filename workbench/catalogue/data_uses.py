"""What was made from which version of a dataset, and what for."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from workbench.catalogue.connection import Catalogue

PURPOSE = "purpose"
"""The tag of a run, or of a version of a model, that says what it is for."""


class SaidUse(NamedTuple):
    """A run or a version of a model, and what its tag says it is for."""

    dataset: str
    model: str
    """Empty for a run."""
    name: str
    """``churn@3``, or the run's name."""
    purpose: str
    """Empty where the tag is not there."""


def said_uses(catalogue: Catalogue, datasets: Sequence[str]) -> tuple[SaidUse, ...]:
    """Return what was made from these datasets: versions of models, and runs that say what for.

    Versions that were retired or deleted are left out: nobody uses them any more.
    """
    if not datasets:
        return ()
    cursor = catalogue.cursor()
    models = cursor.execute(
        "SELECT DISTINCT m.dataset, m.model, m.number, v.tags FROM data_models m "
        "JOIN versions v ON v.model = m.model AND v.version = m.number "
        "WHERE v.retired = '' AND m.dataset IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY m.dataset, m.model, m.number DESC",
        [list(datasets)],
    ).fetchall()
    runs = cursor.execute(
        "SELECT DISTINCT u.dataset, '', r.name, t.value FROM data_runs u "
        "JOIN runs r ON r.run = u.run JOIN tags t ON t.run = u.run AND t.name = ? "
        "WHERE u.dataset IN (SELECT unnest(?::VARCHAR[])) ORDER BY u.dataset, r.name",
        [PURPOSE, list(datasets)],
    ).fetchall()
    said = [
        SaidUse(dataset, model, f"{model}@{number}", str(json.loads(tags).get(PURPOSE, "")))
        for dataset, model, number, tags in models
    ]
    return (*said, *(SaidUse(*row) for row in runs))
