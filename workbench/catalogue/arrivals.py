"""What began and what ended since a moment."""

from typing import NamedTuple

from workbench.catalogue.connection import Catalogue

_MOST = 200


class ArrivedRun(NamedTuple):
    """A run that began or ended."""

    run: int
    run_id: str
    name: str
    experiment: str
    status: str
    inferred: bool
    at: float
    """When it ended, or began if it has not, in seconds since 1970."""


class Arrived(NamedTuple):
    """Runs since a moment, newest first; ``more`` were left out."""

    runs: tuple[ArrivedRun, ...]
    more: int


def since(catalogue: Catalogue, moment: float) -> Arrived:
    """Return the runs that began or ended after ``moment``, in seconds since 1970."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run, run_id, name, experiment, status, inferred, "
            "coalesce(ended, started) AS moment, count(*) OVER () "
            "FROM runs WHERE NOT archived AND coalesce(ended, started) > ? "
            f"ORDER BY moment DESC LIMIT {_MOST}",
            [moment],
        )
        .fetchall()
    )
    more = rows[0][7] - len(rows) if rows else 0
    return Arrived(tuple(ArrivedRun(*row[:7]) for row in rows), more)
