"""SQL for the values that runs have: attributes, and the parts of a metric.

Expressions speak of the alias ``r`` of table ``runs``.
"""

from collections.abc import Mapping, Sequence

from workbench.catalogue.places import FORMAT
from workbench.catalogue.query import Column

ATTRIBUTES: Mapping[str, str] = {
    "id": "r.run_id",
    "name": "r.name",
    "experiment": "r.experiment",
    "status": "r.status",
    "started": "r.started",
    "ended": "r.ended",
    "duration": "r.ended - r.started",
    "user": 'r."user"',
    "host": "r.host",
    "command": "r.command",
    "commit": "r.commit_id",
    "branch": "r.branch",
    "dirty": "r.dirty",
    "group": 'r."group"',
    "parent": "r.parent",
    "note": "r.note",
    "size": "r.size",
    "faults": "r.faults",
    "archived": "r.archived",
    "path": "r.key",
    "format": FORMAT,
    "recipe": "r.recipe",
}
PARTS = frozenset(
    ("last", "min", "max", "first", "count", "nans", "step_of_min", "step_of_max",
     "first_step", "last_step")
)  # fmt: skip
NUMERIC = frozenset(("started", "ended", "duration", "size", "faults"))
COMPARABLE = frozenset(("last", "min", "max", "best", "first"))
"""Parts of a metric of which one run's can be better than another's."""
SPREADABLE = frozenset(("duration", "size"))
"""Attributes of a group that are shown as mean and spread."""

NUMBER_IN_TAG = (
    r"CASE WHEN regexp_full_match(x.value, '[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
    r"(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)', 'i') THEN TRY_CAST(x.value AS DOUBLE) END"
)
"""The spellings `filters.quoting.reads_as_number` knows; a cast alone takes `1_0` and ` 1` too."""


def metric_part(column: Column, goals: Mapping[str, str], alias: str) -> str:
    """Return the SQL of a metric's part; ``best`` follows the goal, and is last without one."""
    part = column.part
    if part == "best":
        part = goals.get(column.name, "last")
    if part not in PARTS:
        part = "last"
    return f"{alias}.{part}"


def by_expression(columns: Sequence[Column], goals: Mapping[str, str]) -> dict[str, list[Column]]:
    """Return the columns one statement can answer together, by the SQL of their value."""
    together: dict[str, list[Column]] = {}
    for column in columns:
        expression = {
            "metric": metric_part(column, goals, "x"),
            "param": "x.text",
            "tag": "x.value",
        }.get(column.kind) or ATTRIBUTES[column.name]
        together.setdefault(expression, []).append(column)
    return together
