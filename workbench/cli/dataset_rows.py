"""``datasets rows``: rows of a version or of any file, filtered, sorted and masked."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from workbench import words
from workbench.cli import output
from workbench.cli.data_options import read_as, reading_options
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows as print_cells
from workbench.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from workbench.datasets.table import Column
    from workbench.operations.datasets.rows import Order, Row, Rows

_FEW: Final = 20
_AT_ONCE: Final = 1000
_ROW: Final = "row"
_ONLY: Final = ("duplicates", "nulls")


@command("rows")
@click.argument("what", metavar="DATASET|FILE")
@workspace_option
@click.option(
    "--filter",
    "filter_",
    default="",
    metavar="TEXT",
    help="Which rows, such as: age > 60 and city = Berlin.",
)
@click.option(
    "--sort",
    multiple=True,
    metavar="COLUMN",
    help="Sort by this column, -COLUMN for the largest first; may be repeated.",
)
@click.option(
    "--only",
    type=click.Choice(_ONLY),
    default=None,
    help="Only rows that repeat another, or only rows with a null.",
)
@click.option(
    "--in",
    "in_columns",
    multiple=True,
    metavar="COLUMN",
    help="The columns --only is about; default all. May be repeated.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="COLUMN",
    help="Print this column; may be repeated.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_FEW,
    show_default=True,
    help="Print so many rows; 0 prints all.",
)
@click.option("--skip", type=click.IntRange(min=0), default=0, help="Begin after so many rows.")
@click.option("--unmask", is_flag=True, help="Show the values of sensitive columns.")
@reading_options
@form_options("json", "csv", "md")
def rows_command(what: str, workspace: Path | None, form: str | None, **given: Any) -> None:
    """Print rows of a version or of any data file.

    A name such as census or census@4 is a dataset; anything else is a file or a folder, for which
    no workspace is needed. Sensitive columns of a dataset are masked.
    """
    options, unmask = read_as(given), bool(given["unmask"])
    with ExitStack() as stack:
        rows = stack.enter_context(_opened(stack, what, workspace, options, unmask=unmask))
        rows.finish()
        print_rows(
            rows, _order(rows, given), columns=given["columns"] or None, skip=given["skip"],
            limit=given["limit"], form=form,
        )  # fmt: skip


def _order(rows: "Rows", given: Mapping[str, Any]) -> "Order":
    """Return which rows were asked for."""
    from workbench.operations.datasets.rows import Order  # noqa: PLC0415 - after parsing

    sort = tuple(_sort_key(rows, key) for key in given["sort"])
    return Order(given["filter_"], sort, given["only"] or "", given["in_columns"])


def _opened(
    stack: ExitStack, what: str, workspace: Path | None, options: dict[str, str], *, unmask: bool
) -> "Rows":
    """Open a version or a file; a name that could be both is the version."""
    from workbench.operations.datasets import names  # noqa: PLC0415 - after parsing
    from workbench.operations.datasets.rows import open_rows  # noqa: PLC0415

    path = Path(what)
    if names.is_ref(what):
        try:
            session = stack.enter_context(opened(workspace))
            manifest = names.resolve(session, names.parse(what))
        except NotFoundError:
            if not path.exists():
                raise
        else:
            if options:
                raise UsageError(f"How {what} is read stands in its manifest.")
            return open_rows(session, manifest, unmask=unmask)
    return open_rows(None, path, options=options)


def _sort_key(rows: "Rows", text: str) -> tuple[str, bool]:
    """Return a column and whether its largest come first; a name may begin with a minus."""
    known = {column.name for column in rows.columns}
    if text not in known and text.startswith("-"):
        return text[1:], True
    return text, False


def print_rows(
    rows: "Rows",
    order: "Order",
    *,
    columns: Sequence[str] | None = None,
    skip: int = 0,
    limit: int = _FEW,
    form: str | None = None,
) -> None:
    """Print rows that were opened and read to their end.

    Args:
        rows: The data.
        order: Which rows, in which order.
        columns: Which columns; all where None.
        skip: Rows that are left out at the beginning.
        limit: How many are printed; 0 for all.
        form: ``json``, ``csv``, ``md`` or None.

    Raises:
        FilterError: The filter cannot be read.
        UsageError: There is no such column, or it is masked.
        FormatError: The data cannot be read.
    """
    view = rows.arrange(order)
    if view is None:  # pragma: no cover - nobody stops a command but by ending it
        return
    shown = _shown(rows.columns, columns)
    stop = view.rows if not limit else min(view.rows, skip + limit)
    names = [column.name for column in shown]
    found = (
        row
        for start in range(skip, stop, _AT_ONCE)
        for row in rows.page(
            start, min(_AT_ONCE, stop - start), view, names, whole=form in ("json", "csv")
        )
    )
    if form == "json":
        output.json_array(_object(shown, row) for row in found)
    elif form == "csv":
        output.lines(output.separated(names, (_plain(shown, row) for row in found)))
    else:
        _print_table(shown, list(found), form)
    _say_how_many(rows, view.rows, max(0, stop - skip))


def _shown(columns: "Sequence[Column]", names: Sequence[str] | None) -> "list[Column]":
    known = {column.name: column for column in columns}
    for name in names or ():
        if name not in known:
            raise UsageError(f"There is no column {name!r}.")
    return list(columns) if names is None else [known[name] for name in names]


def _print_table(columns: "Sequence[Column]", rows: "Sequence[Row]", form: str | None) -> None:
    from workbench.operations.datasets.row_words import is_number  # noqa: PLC0415

    names = [column.name for column in columns]
    cells = [[str(row.number + 1), *_cells(columns, row)] for row in rows]
    right = [name for name, column in zip(names, columns, strict=True) if is_number(column)]
    print_cells([_ROW, *names], cells, form, right=(_ROW, *right))


def _cells(columns: "Sequence[Column]", row: "Row") -> list[str]:
    """Return a row as texts; one that would look like null is in quotes."""
    from workbench.operations.datasets.row_words import NULL, quoted, words_of  # noqa: PLC0415

    found = (words_of(column, value) for column, value in zip(columns, row.values, strict=True))
    return [NULL if text is None else quoted(text) for text in found]


def _plain(columns: "Sequence[Column]", row: "Row") -> list[Any]:
    """Return a row for programs: numbers as numbers, null as nothing."""
    from workbench.operations.datasets.row_words import as_number, words_of  # noqa: PLC0415

    pairs = zip(columns, row.values, strict=True)
    found = ((as_number(column, value), words_of(column, value)) for column, value in pairs)
    return [text if number is None else number for number, text in found]


def _object(columns: "Sequence[Column]", row: "Row") -> dict[str, Any]:
    from workbench.operations.datasets.row_words import as_json  # noqa: PLC0415

    pairs = zip(columns, row.values, strict=True)
    return {column.name: as_json(column, value) for column, value in pairs}


def _say_how_many(rows: "Rows", matching: int, printed: int) -> None:
    total = rows.count or 0
    of = "" if matching == total else f" that match, of {words.count(total)}"
    notes = [f"{', '.join(sorted(rows.masked))} masked"] if rows.masked else []
    said = "; ".join([f"{words.count(printed)} of {words.plural(matching, 'row')}{of}", *notes])
    output.say(output.visible(f"{said}."))
    if rows.said:
        how = ", ".join(f"{name} {value}" for name, value in rows.said)
        output.say(output.visible(f"{rows.title}: {rows.format} ({how})."))
    if rows.doubt:
        output.say(output.visible(rows.doubt))
