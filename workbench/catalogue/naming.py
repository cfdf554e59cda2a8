"""Runs whose name or id holds some letters, for finding one while typing."""

from workbench.catalogue.connection import Catalogue

_MOST = 20


def find_by_name(catalogue: Catalogue, letters: str) -> tuple[tuple[int, str, str], ...]:
    """Return (run, id, name) of the newest runs that hold ``letters``, whatever the case."""
    needle = letters.lower()
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT run, run_id, name FROM runs "
            "WHERE contains(lower(name), ?) OR contains(run_id, ?) "
            f"ORDER BY started DESC NULLS LAST, run DESC LIMIT {_MOST}",
            [needle, needle],
        )
        .fetchall()
    )
    return tuple((run, run_id, name) for run, run_id, name in rows)
