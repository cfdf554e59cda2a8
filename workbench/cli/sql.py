"""``sql``: questions to the index, read-only."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option

if TYPE_CHECKING:
    from workbench.operations.questions import Answer
    from workbench.operations.session import Session


@command("sql")
@click.argument("query", required=False)
@workspace_option
@form_options("json", "csv", "md")
def sql_command(query: str | None, workspace: Path | None, form: str | None) -> None:
    """Ask the index in SQL, read-only.

    There are views of runs (runs, params, metrics, tags, datasets, faults), of the registry
    (models, versions, version_metrics, version_datasets, stages, history) and of datasets
    (data_versions, data_columns, data_files, data_uses); without QUERY they are listed with their
    columns. "-" reads the query from stdin. Nothing can be changed, and no file or address
    outside the index can be reached.
    """
    from workbench.operations.questions import ask  # noqa: PLC0415 - after parsing

    if query == "-":
        query = sys.stdin.read()
    session = opened(workspace)
    if query is None or not query.strip():
        with session:
            _print_views(session, form)
    else:
        _print(ask(session, query), form)


def _print(answer: "Answer", form: str | None) -> None:
    if form == "json":
        fields = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
        output.json_array({name: _datum(one) for name, one in row.items()} for row in fields)
    elif form == "csv":
        rows = ([_datum(one) for one in row] for row in answer.rows)
        output.lines(output.separated(answer.columns, rows))
    else:
        found = list(answer.rows)
        headings = [
            output.Heading(name, "right" if _is_number(found, n) else "left")
            for n, name in enumerate(answer.columns)
        ]
        table = output.Table(headings, [[words.value(_datum(one)) for one in r] for r in found])
        output.lines(output.markdown(table) if form == "md" else output.aligned(table))


def _is_number(rows: list[tuple[Any, ...]], place: int) -> bool:
    values = [row[place] for row in rows if row[place] is not None]
    return bool(values) and all(isinstance(one, int | float) for one in values)


def _datum(value: Any) -> Any:
    """Return a value of the index as JSON can hold it."""
    if value is None or isinstance(value, bool | int | float | str | list | dict | tuple):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


def _print_views(session: "Session", form: str | None) -> None:
    from workbench.operations.questions import VIEWS, views  # noqa: PLC0415

    columns = views(session)
    if form == "json":
        output.json_array(column._asdict() for column in columns)
        return
    if form == "csv":
        output.lines(output.separated(("view", "name", "type"), columns))
        return
    rows = [
        [name, says, ", ".join(one.name for one in columns if one.view == name)]
        for name, says in VIEWS.items()
    ]
    headings = [output.Heading(title) for title in ("view", "what it holds", "columns")]
    if form == "md":
        output.lines(output.markdown(output.Table(headings, rows)))
        return
    for name, says, listed in rows:
        output.line(f"{output.strong(name)}  {says}")
        output.line(f"    {listed}")
