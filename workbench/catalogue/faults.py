"""What could not be read."""

from typing import NamedTuple

from workbench.catalogue.connection import Catalogue


class FaultLine(NamedTuple):
    """A fault, and the run it belongs to, if it belongs to one."""

    path: str
    reason: str
    line: int | None
    run: int | None
    run_id: str
    source: str
    """The root of the source, relative to what was opened."""


def faults(catalogue: Catalogue, run: int | None = None) -> tuple[FaultLine, ...]:
    """Return all faults, or those of one run."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT f.path, f.reason, f.line, f.run, coalesce(r.run_id, ''), coalesce(s.root, '') "
            "FROM faults f LEFT JOIN runs r USING (run) LEFT JOIN sources s ON s.source = f.source "
            "WHERE ?::INTEGER IS NULL OR f.run = ? ORDER BY f.run NULLS FIRST, f.path, f.line",
            [run, run],
        )
        .fetchall()
    )
    return tuple(FaultLine(*row) for row in rows)


def fault_count(catalogue: Catalogue) -> int:
    """Return how many faults there are."""
    found = catalogue.cursor().execute("SELECT count(*) FROM faults").fetchone()
    return int(found[0]) if found else 0
