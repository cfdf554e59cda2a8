"""``formats shapes`` and ``formats answer``: tables of which a person must say what they are."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.shapes import Met

_SHOWN, _MOST_SHOWN = 60, 12
"""Cells of a column's name, and names, that people are shown; the other forms have all."""
_FIELDS = ("shape", "file", "folders", "assumed", "candidates", "columns", "example")


@command("shapes")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@form_options("json", "csv", "md")
def shapes_command(path: Path | None, workspace: Path | None, form: str | None) -> None:
    """List the shapes of plain tables that were met, and what is assumed of each.

    Tables of one shape have the same columns, in files of like names. PATH is a folder of runs;
    without it, the workspace and what it follows.
    """
    from workbench.operations.shapes import met  # noqa: PLC0415 - after parsing

    with opened(path or workspace, sweep=False) as session:
        found = met(session)
    rows = [_row(one) for one in found]
    if form == "json":
        output.json_array(_fields(one) for one in found)
    elif form == "csv":
        output.lines(output.separated(_FIELDS, rows))
    elif form == "md":
        headings = [output.Heading(name) for name in _FIELDS]
        output.lines(output.markdown(output.Table(headings, rows)))
    else:
        _print(found)


def _print(found: "tuple[Met, ...]") -> None:
    for one in found:
        shape = one.guess.shape
        where = plural(one.folders, "folder")
        output.line(f"{output.strong(shape.id)}  {output.visible(shape.table)}  in {where}")
        output.line(f"    assumed: {output.visible(one.assumed)}")
        if one.objection:
            output.line(f"    what was said does not count: {output.visible(one.objection)}")
        if one.guess.steps:
            output.line(f"    may be the step: {_names(one.guess.steps)}")
        output.line(f"    columns: {_names(shape.columns)}")
        output.line(f"    such as {output.visible(one.example)}")
    waiting = sum(one.undecided for one in found)
    if waiting:
        are = "is not listed as a run" if waiting == 1 else "are not listed as runs"
        output.say(
            f"{plural(waiting, 'folder')} {are}. Say once what the tables are: "
            "workbench formats answer SHAPE --step COLUMN | --rows | --no"
        )
    elif not found:
        output.say("No plain tables here.")


def _names(columns: "Sequence[str]") -> str:
    """Return the first names of columns; anybody's table may have very long ones."""
    shown = ", ".join(output.cut(output.visible(name), _SHOWN) for name in columns[:_MOST_SHOWN])
    left = len(columns) - _MOST_SHOWN
    return f"{shown} and {left:,} more" if left > 0 else shown


def _row(one: "Met") -> list[str]:
    shape = one.guess.shape
    return [
        shape.id, shape.table, str(one.folders), one.assumed, " ".join(one.guess.steps),
        " ".join(shape.columns), one.example,
    ]  # fmt: skip


def _fields(one: "Met") -> dict[str, object]:
    shape = one.guess.shape
    return {
        "shape": shape.id,
        "file": shape.table,
        "columns": list(shape.columns),
        "numeric": list(one.guess.numeric),
        "candidates": list(one.guess.steps),
        "time": one.guess.time,
        "folders": one.folders,
        "undecided": one.undecided,
        "assumed": one.assumed,
        "answered": one.answer is not None,
        "objection": one.objection,
        "example": one.example,
    }


@command("answer")
@click.argument("shape")
@click.option("--step", metavar="COLUMN", help="This column counts the steps.")
@click.option("--rows", is_flag=True, help="The number of the row is the step.")
@click.option("--no", "no", is_flag=True, help="These are no runs.")
@click.option("--time", metavar="COLUMN", default="", help="This column holds the time.")
@click.option("--path", metavar="PATH", type=click.Path(path_type=Path),
              help="The folder of runs with such tables; else the workspace.")  # fmt: skip
@click.option("--for-all", is_flag=True, help="Write it into workbench.toml, for everybody.")
@workspace_option
def answer_command(
    shape: str,
    step: str | None,
    rows: bool,
    no: bool,
    time: str,
    path: Path | None,
    for_all: bool,
    workspace: Path | None,
) -> None:
    """Say once what the tables of a SHAPE are.

    SHAPE is an id of `workbench formats shapes`, or the file's name there. The answer is kept in
    a small file in your own configuration that may be edited by hand, or in workbench.toml.
    """
    from workbench.formats.tables.answers import Answer  # noqa: PLC0415 - after parsing
    from workbench.operations import shapes  # noqa: PLC0415

    if bool(step) + rows + no != 1:
        raise click.UsageError("Give one of --step COLUMN, --rows and --no.")
    said = Answer(step or "", rows, no, "" if no else time)
    with opened(path or workspace, sweep=False) as session:
        one = shapes.shape_called(shapes.met(session), shape)
        written = shapes.answer(session, one, said, for_all=for_all)
    where = plural(one.folders, "folder")
    output.say(
        output.visible(f"{one.guess.shape.table} in {where}: {said.words()}. Kept in {written}.")
    )
