"""Where the files of a run are."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.catalogue.connection import Catalogue

FORMAT = "coalesce(r.format, (SELECT s.format FROM sources s WHERE s.source = r.source))"
"""The format of a run: where a source holds runs of several tools, the run itself says it."""


class RunPlace(NamedTuple):
    """What is needed to ask a reader about a run."""

    run: int
    run_id: str
    key: str
    format: str
    """Name of the reader of its source."""
    source_root: str
    """Relative to what was opened."""
    stamp: int
    live: bool


def places(catalogue: Catalogue, runs: Sequence[int]) -> tuple[RunPlace, ...]:
    """Return the places of the given runs, in the order given; unknown runs are left out."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT r.run, r.run_id, r.key, s.format, s.root, r.stamp, r.live "
            "FROM runs r JOIN sources s USING (source) "
            "WHERE r.run IN (SELECT unnest(?::INTEGER[]))",
            [list(runs)],
        )
        .fetchall()
    )
    found = {row[0]: RunPlace(*row) for row in rows}
    return tuple(found[run] for run in runs if run in found)


def numbers(catalogue: Catalogue, run_ids: Sequence[str]) -> dict[str, int]:
    """Return the catalogue's number of each run id that is known."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run_id, run FROM runs WHERE run_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(run_ids)],
        )
        .fetchall()
    )
    return dict(rows)


def children(catalogue: Catalogue, run_id: str) -> tuple[int, ...]:
    """Return the runs whose parent is ``run_id``, oldest first."""
    rows = (
        catalogue.cursor()
        .execute("SELECT run FROM runs WHERE parent = ? ORDER BY started, run", [run_id])
        .fetchall()
    )
    return tuple(run for (run,) in rows)
