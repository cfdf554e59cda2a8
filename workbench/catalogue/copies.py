"""What is stored of runs that were copied from another tool, and of what they are copies of."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from workbench.catalogue.connection import Catalogue


class Told(NamedTuple):
    """Two runs, compared."""

    copy: tuple[int, float]
    """Points and end, 0 for none; the greater one went further."""
    other: tuple[int, float]
    alike: bool
    """Their curves begin alike."""


def imported(catalogue: Catalogue, source: int) -> dict[str, tuple[str, str]]:
    """Return (id, path) that a source's copied runs had where they are from, by key."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT key, facts FROM runs WHERE source = ? AND contains(facts, ?)",
            [source, '"imported.path"'],
        )
        .fetchall()
    )
    said = {key: json.loads(facts) for key, facts in rows}
    return {
        key: (str(facts.get("imported.id")), str(facts["imported.path"]))
        for key, facts in said.items()
        if "imported.path" in facts
    }


def compared(catalogue: Catalogue, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Told]:
    """Return how far two runs went, and whether they begin alike; unknown runs are left out.

    Args:
        catalogue: Where they are.
        pairs: Numbers of a copy and of another run.
    """
    if not pairs:
        return {}
    rows = (
        catalogue.cursor()
        .execute(
            "WITH pairs AS (SELECT unnest(?::INTEGER[]) AS one, unnest(?::INTEGER[]) AS two), "
            'points AS (SELECT run, sum("count") AS points FROM metrics GROUP BY run), '
            "unlike AS (SELECT DISTINCT p.one, p.two FROM pairs p JOIN metrics a ON a.run = p.one "
            "JOIN metrics b ON b.run = p.two AND b.name = a.name "
            'WHERE a."first" IS DISTINCT FROM b."first") '
            "SELECT p.one, p.two, coalesce(x.points, 0), coalesce(a.ended, 0), "
            "coalesce(y.points, 0), coalesce(b.ended, 0), u.one IS NULL "
            "FROM pairs p JOIN runs a ON a.run = p.one JOIN runs b ON b.run = p.two "
            "LEFT JOIN points x ON x.run = p.one LEFT JOIN points y ON y.run = p.two "
            "LEFT JOIN unlike u ON u.one = p.one AND u.two = p.two",
            [[one for one, _ in pairs], [two for _, two in pairs]],
        )
        .fetchall()
    )
    return {
        (one, two): Told((int(points), ended), (int(more), later), alike)
        for one, two, points, ended, more, later, alike in rows
    }
