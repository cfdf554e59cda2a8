"""``runs``: the table over everything, printed or as data."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option

if TYPE_CHECKING:
    from workbench.operations.runs_table import Column, RunQuery, RunRow, TableView
    from workbench.operations.session import Session

_PAGE = 500
_AT_FIRST = 40
"""Runs a terminal is given unless more are asked for."""
_SHORT = 8
_TIMES = ("started", "ended")


@command("runs")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@click.option("-f", "--filter", "text", default="", metavar="TEXT", help="Only runs that match.")
@click.option("--sort", default="", metavar="A,-B", help="Order by columns; a minus sorts down.")
@click.option("--columns", default="", metavar="A,B", help="Columns to show, in this order.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N runs; 0 for all.")
@click.option("--group", default="", metavar="A,B", help="One line for each value of these.")
@click.option("--collapse-seeds", is_flag=True, help="One line for runs equal but for the seed.")
@click.option("--archived", is_flag=True, help="Archived runs, and only those.")
@form_options("json", "csv", "md")
def runs_command(
    path: Path | None, workspace: Path | None, limit: int | None, form: str | None, **asked: Any
) -> None:
    """List runs, newest first.

    Columns and filters take names of params, metrics, tags and attributes: lr, params.lr,
    val/auc, max(val/auc), best(val/auc), tags.team, started. A terminal gets the first 40
    runs, everything else all of them. --json gives whole records of all runs, archived
    ones too (each says so), unless --archived or a filter on archived chooses.
    """
    with opened(path if path is not None else workspace) as session:
        query = _query(session, every=form == "json", **asked)
        if form == "json" and not query.group:
            output.json_array(_records(session, query, limit or None))
        else:
            _print(session, query, limit, form)


def print_table(session: "Session", view: str = "") -> None:
    """Print all runs as `runs` does without options, or those of a saved view as it shows them."""
    query = _viewed(session, view) if view else _query(session, every=False)
    _print(session, query, None, None)


def _viewed(session: "Session", name: str) -> "RunQuery":
    from workbench.operations import runs_table, views  # noqa: PLC0415 - after parsing

    view = views.named(session, name).view
    return runs_table.RunQuery(
        filter=runs_table.read_filter(session, view.filter),
        columns=view.columns or runs_table.first_columns(session),
        sort=view.sort,
        group=view.group,
        archived=view.archived,
    )


def _query(
    session: "Session",
    *,
    every: bool,
    text: str = "",
    sort: str = "",
    columns: str = "",
    group: str = "",
    collapse_seeds: bool = False,
    archived: bool = False,
) -> "RunQuery":
    """Return what is asked, names looked up."""
    from workbench.catalogue.query import SEEDS  # noqa: PLC0415 - after parsing
    from workbench.operations import columns as named  # noqa: PLC0415
    from workbench.operations import listing, runs_table  # noqa: PLC0415

    names = runs_table.names(session)
    tree = runs_table.read_filter(session, text)
    keys = named.columns(group, names)
    if collapse_seeds:
        keys = (*keys, SEEDS)
    if every and not keys and not archived and not listing.speaks_of_archived(tree):
        tree = listing.with_archived(tree)
    shown = named.columns(columns, names)
    return runs_table.RunQuery(
        filter=tree,
        columns=shown or runs_table.first_columns(session),
        sort=named.order(sort, names),
        group=keys,
        archived=archived,
    )


def _records(session: "Session", query: "RunQuery", limit: int | None) -> Iterator[dict[str, Any]]:
    from workbench.operations.listing import as_fields, listed  # noqa: PLC0415

    return (as_fields(record) for record in listed(session, query, limit=limit))


def _print(session: "Session", query: "RunQuery", limit: int | None, form: str | None) -> None:
    """Print the lines of a view in a form."""
    from workbench.operations import runs_table  # noqa: PLC0415

    view = runs_table.prepare(session, query)
    most = limit if limit is not None else (_AT_FIRST if form is None and output.terminal() else 0)
    shown = min(view.rows, most or view.rows)
    rows = islice(_rows(session, view), shown)
    if form == "json":
        output.json_array(_group_fields(row, query.columns) for row in rows)
    elif form == "csv":
        _print_csv(rows, query)
    else:
        lines = list(rows)
        _print_text(lines, query, form)
        if form is None and any(row.inferred for row in lines if row.head is None):
            output.say("~ concluded from the files; the tool recorded no status")
    if form is None:
        _say_count(view, shown)


def _rows(session: "Session", view: "TableView") -> Iterator["RunRow"]:
    from workbench.operations import runs_table  # noqa: PLC0415

    for start in range(0, view.rows, _PAGE):
        yield from runs_table.page(session, view, start, start + _PAGE)


def _say_count(view: "TableView", shown: int) -> None:
    """Say how many there are, where it is not plain to see."""
    noun = "line" if view.query.group else "run"
    if view.total == 0:
        output.say("There are no runs here yet.")
    elif view.matching == 0:
        output.say(f"None of {words.plural(view.total, 'run')} matches.")
    elif shown < view.rows:
        output.say(f"showing {shown:,} of {words.plural(view.rows, noun)}; --limit 0 for all")
    elif view.query.filter is not None:
        output.say(f"{view.matching:,} of {words.plural(view.total, 'run')}")


def _print_csv(rows: Iterator["RunRow"], query: "RunQuery") -> None:
    from workbench.operations.columns import written  # noqa: PLC0415

    names = ["id", *(written(column) for column in query.columns)]
    grouped = bool(query.group)
    if grouped:
        names = ["group", "runs", *names]
    output.lines(output.separated(names, (_csv_row(row, query, grouped) for row in rows)))


def _csv_row(row: "RunRow", query: "RunQuery", grouped: bool) -> list[Any]:
    members = _members(row)
    cells = [
        _datum(column, cell, members) for column, cell in zip(query.columns, row.cells, strict=True)
    ]
    if not grouped:
        return [row.run_id, *cells]
    head = row.head
    if head is None:
        return ["", 1, row.run_id, *cells]
    return [" ".join(_key_parts(head.key)), head.members, "", *cells]


def _group_fields(row: "RunRow", columns: tuple["Column", ...]) -> dict[str, Any]:
    """Return a line of a grouped table as JSON-able fields."""
    from workbench.operations.columns import written  # noqa: PLC0415

    cells = {
        written(column): _datum(column, cell, whole=True)
        for column, cell in zip(columns, row.cells, strict=True)
    }
    if row.head is None:
        return {"group": None, "runs": 1, "id": row.run_id, **cells}
    return {"group": _key_parts(row.head.key), "runs": row.head.members, **cells}


def _key_parts(key: str) -> list[str]:
    return key.split("\x1f")


def _datum(column: "Column", cell: Any, members: int = 1, *, whole: bool = False) -> Any:
    """Return a cell as data: times in ISO form, spreads and varied values as fields."""
    if hasattr(cell, "_asdict"):
        return cell._asdict() if whole else _text(column, cell, members)
    if column.kind == "attribute" and column.name in _TIMES and cell is not None:
        return words.iso(cell)
    return cell.lower() if _is_status(column) and isinstance(cell, str) else cell


def _is_status(column: "Column") -> bool:
    return column.kind == "attribute" and column.name == "status"


def _print_text(rows: list["RunRow"], query: "RunQuery", form: str | None) -> None:
    """Print an aligned or a Markdown table; columns without a value in it are left out."""
    from workbench.catalogue.query import SEEDS  # noqa: PLC0415

    columns = [
        (n, column)
        for n, column in enumerate(query.columns)
        if column.name == "name" or any(row.cells[n] is not None for row in rows)
    ]
    headings = [
        output.Heading(column.title, "right" if _is_right(rows, n, column) else "left")
        for n, column in columns
    ]
    body = [[_cell(column, row, n) for n, column in columns] for row in rows]
    ids = [_short_id(row) if form is None else _id(row) for row in rows]
    table = output.Table(
        [output.Heading("id"), *headings],
        [[one, *cells] for one, cells in zip(ids, body, strict=True)],
    )
    if query.group and query.group != (SEEDS,):
        table = _by_group(table, rows, query)
    if not rows:
        return
    if form == "md":
        output.lines(output.markdown(table))
    else:
        output.lines(output.aligned(output.fitting(table, keep=3)))


def _by_group(table: output.Table, rows: list["RunRow"], query: "RunQuery") -> output.Table:
    """Return the table with what each line is a group of in front."""
    titles = ", ".join(column.title for column in query.group if column.name != "recipe")
    keys = [row.head.key if row.head is not None else "" for row in rows]
    said = [", ".join(part or words.UNKNOWN for part in _key_parts(key)) for key in keys]
    headings = [output.Heading(titles), *table.headings]
    return output.Table(
        headings, [[one, *cells] for one, cells in zip(said, table.rows, strict=True)]
    )


def _id(row: "RunRow") -> str:
    return row.run_id if row.head is None else f"{row.head.members}×"


def _short_id(row: "RunRow") -> str:
    """Return what names the run on this line: the end of our own ids, else its beginning."""
    from workbench.ids import is_id  # noqa: PLC0415

    if row.head is None and is_id(row.run_id):
        return row.run_id[-6:]
    return _id(row)[:_SHORT]


def _is_right(rows: list["RunRow"], place: int, column: "Column") -> bool:
    if column.kind == "metric" or column.name in ("duration", "size", "faults"):
        return True
    cells = [row.cells[place] for row in rows if row.cells[place] is not None]
    numbers = [isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells]
    return column.kind == "param" and bool(cells) and all(numbers)


def _members(row: "RunRow") -> int:
    return 1 if row.head is None else row.head.members


def _cell(column: "Column", row: "RunRow", place: int) -> str:
    """Return the text of a run's cell; a status nobody recorded is marked."""
    text = _text(column, row.cells[place], _members(row))
    return f"{text}~" if _is_status(column) and row.head is None and row.inferred else text


def _text(column: "Column", cell: Any, members: int = 1) -> str:
    """Return a cell as people read it; a spread over fewer runs than its group has says so."""
    from workbench.operations.runs_table import Spread, Varied  # noqa: PLC0415

    if isinstance(cell, Spread):
        n = None if cell.n == members else cell.n
        return words.spread(cell.mean, cell.std, best=cell.best, goal=cell.goal, n=n)
    if isinstance(cell, Varied):
        return " … ".join(_text(column, one) for one in cell)
    if column.kind == "metric" and cell is not None:
        return words.number(cell)
    if column.kind != "attribute" or cell is None:
        return words.value(cell)
    if column.name in _TIMES:
        return words.moment(cell)
    if column.name == "duration":
        return words.duration(cell)
    if column.name == "size":
        return words.size(cell)
    return cell.lower() if _is_status(column) else words.value(cell)
