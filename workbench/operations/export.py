"""What is on the screen, as files a person can take along."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from workbench.durable import replace
from workbench.errors import NotAllowedError
from workbench.operations import runs_table
from workbench.operations.columns import written
from workbench.operations.runs_table import Column, Spread, TableView, Value, Varied
from workbench.operations.session import Session
from workbench.words import defused


def export_table(session: Session, view: TableView, drawings: Sequence[str]) -> Path:
    """Write a view as CSV into the current folder, its charts as text beside it.

    The question is answered once more: the screen lets go of its own view when news come in.

    Returns:
        The path of the CSV file.

    Raises:
        NotAllowedError: The current folder cannot be written.
    """
    stamp = datetime.fromtimestamp(session.clock.now()).astimezone().strftime("%Y%m%d-%H%M%S")
    path = Path.cwd() / f"runs-{stamp}.csv"
    own = runs_table.prepare(session, view.query)
    try:
        replace(path, _csv(session, own).encode("utf-8", "replace"))
        if drawings:
            charts = "\n\n".join(drawings) + "\n"
            replace(path.with_suffix(".txt"), charts.encode("utf-8", "replace"))
    except OSError as error:
        raise NotAllowedError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Start the workbench in a folder you may write to.",
        ) from None
    finally:
        runs_table.drop(session, own)
    return path


def _csv(session: Session, view: TableView) -> str:
    columns = view.query.columns
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["id", *(defused(written(column)) for column in columns)])
    for start in range(0, view.rows, 1000):
        for row in runs_table.page(session, view, start, start + 1000):
            name = row.head.key if row.head else row.run_id
            cells = zip(columns, row.cells, strict=True)
            writer.writerow([defused(name), *(defused(_text(*cell)) for cell in cells)])
    return buffer.getvalue()


def _text(column: Column, value: Value) -> str:
    """Return a cell as the command line prints it: states in small letters, times in ISO."""
    if value is None:
        return ""
    if isinstance(value, Spread):
        best = "" if value.best is None else f" best={value.best!r}"
        return f"{value.mean!r} ±{value.std!r} n={value.n}{best}"
    if isinstance(value, Varied):
        return f"{_text(column, value.low)} … {_text(column, value.high)}"
    if column.kind == "attribute" and column.name == "status":
        return str(value).lower()
    if column.kind == "attribute" and column.name in ("started", "ended"):
        return _iso(float(value))
    return repr(value) if isinstance(value, float) else str(value)


def _iso(at: float) -> str:
    """Return a moment in ISO form with its offset; one of no calendar as the number it is."""
    try:
        return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
    except (OSError, OverflowError, ValueError):
        return repr(at)
