"""Runs as plain records for programs: what ``--json`` prints, one run at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.filtering import mentions
from workbench.catalogue.query import RunQuery, Sort
from workbench.filters.tree import And, Field, IsNull, Node
from workbench.operations import runs_table
from workbench.operations.session import Session

_PAGE = 500
_ANY = IsNull(Field("attribute", "archived"), negated=True)
"""True of every run: a filter that speaks of ``archived`` decides for itself who is shown."""


def with_archived(tree: Node | None) -> Node:
    """Return the filter that leaves archived runs in."""
    return _ANY if tree is None else And((_ANY, tree))


def speaks_of_archived(tree: Node | None) -> bool:
    """Say whether a filter decides by itself about archived runs."""
    return mentions(tree, "archived")


def listed(session: Session, query: RunQuery, *, limit: int | None = None) -> Iterator[RunRecord]:
    """Yield the whole records of the runs a query finds, in its order, read in pages.

    Args:
        session: Where.
        query: Which runs, in which order; groups and columns play no part.
        limit: At most this many; None for all.
    """
    runs = _ordered(session, query)[:limit]
    for start in range(0, len(runs), _PAGE):
        yield from cards(session.catalogue, runs[start : start + _PAGE])


def found(session: Session, tree: Node | None, order: Sequence[Sort] = ()) -> tuple[int, ...]:
    """Return the numbers of the runs a filter finds, archived ones only if it asks for them."""
    return _ordered(session, RunQuery(filter=tree, sort=tuple(order)))


def _ordered(session: Session, query: RunQuery) -> tuple[int, ...]:
    view = runs_table.prepare(session, query)
    try:
        return runs_table.runs_in(session, view)
    finally:
        runs_table.drop(session, view)


def as_fields(run: RunRecord) -> dict[str, Any]:
    """Return a run as JSON-able fields; times in milliseconds since 1970, status in lower case."""
    facts = dict(run.facts)
    return {
        "id": run.run_id,
        "name": run.name,
        "experiment": run.experiment,
        "status": run.status.lower(),
        "raw_status": facts.pop("raw_status", None),
        "inferred": run.inferred,
        "parent": run.parent,
        "group": run.group,
        "start_time_ms": _milliseconds(run.started),
        "end_time_ms": _milliseconds(run.ended),
        "duration": run.duration,
        "params": dict(run.params),
        "tags": dict(run.tags),
        "note": run.note,
        "metrics": {name: _summary(one) for name, one in run.metrics.items()},
        "artifacts": [artifact.path for artifact in run.artifacts],
        "size": run.size,
        "datasets": [dataset._asdict() for dataset in run.datasets],
        "archived": run.archived,
        "user": run.user,
        "host": run.host,
        "command": run.command,
        "git": {"commit": run.commit, "branch": run.branch, "dirty": run.dirty},
        "facts": facts,
        "error": list(run.error),
        "faults": [fault._asdict() for fault in run.faults],
        "contested": list(run.contested),
        "format": run.format,
        "path": run.path,
    }


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _summary(summary: Any) -> dict[str, Any]:
    fields: dict[str, Any] = summary._asdict()
    return fields
