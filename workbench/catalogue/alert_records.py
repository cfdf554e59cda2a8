"""What people said of alerts in, rows out, for those who ask in SQL."""

from collections.abc import Collection, Sequence

from workbench.catalogue.connection import Catalogue
from workbench.datasets.drift.records import Record


def known(catalogue: Catalogue) -> dict[str, str]:
    """Return whose monitor every stored record is of, by its id."""
    rows = catalogue.cursor().execute("SELECT id, monitor FROM alert_records").fetchall()
    return dict(rows)


def store(catalogue: Catalogue, new: Sequence[Record], gone: Collection[str] = ()) -> None:
    """Put records in, each in the place of what was there of it, and take others out."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    try:
        out = [*(one.id for one in new), *gone]
        cursor.execute("DELETE FROM alert_records WHERE id IN (SELECT unnest(?::VARCHAR[]))", [out])
        if new:
            with cursor.appender("alert_records") as appender:
                appender.append_rows([_row(one) for one in new])
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def _row(one: Record) -> tuple[str | float, ...]:
    return (
        one.id, one.kind, one.monitor, one.time, one.actor, one.host, one.label, one.segment,
        one.column, one.until, one.said, ", ".join(one.takes_back),
    )  # fmt: skip
