"""``compare``: runs side by side, only what differs unless more is asked for."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from workbench.operations.compare import Comparison
    from workbench.operations.compared_text import Row, Table
    from workbench.operations.session import Session

_WIDEST_LABEL, _WIDEST_CELL = 36, 32
_ALIKE = 9
"""Cells of the column that says how many runs are alike, and its gap."""
_WORTH_CUTTING = 8
_BREAKS = " /="
_GAP = 2


@command("compare")
@click.argument("runs", nargs=-1, metavar="RUN...")
@workspace_option
@click.option("-f", "--filter", "text", default="", metavar="TEXT", help="Runs that match.")
@click.option("--all", "equal", is_flag=True, help="Also what is the same for all runs.")
@click.option(
    "--columns", default="", metavar="A,B",
    help="Only these: names, patterns or sections (params, metrics, packages ...).",
)  # fmt: skip
@click.option(
    "--baseline", default="", metavar="RUN", help="What deltas are against; of two runs the first."
)
@click.option(
    "--sort", default="", metavar="METRIC",
    help="Order of the runs: best first; +METRIC smallest first, -METRIC largest first.",
)  # fmt: skip
@click.option("--at", type=float, metavar="STEP", help="Metrics at this step, or last before it.")
@form_options("json", "csv", "md", "tex", "svg")
@click.option("--light", is_flag=True, help="An SVG for a light page.")
def compare_command(workspace: Path | None, form: str | None, **asked: Any) -> None:
    """Show runs side by side: what differs, and by how much.

    RUN is an id, a unique part of an id, a unique name, or a pattern such as 'gbm-*';
    --filter chooses runs as everywhere. A `*` marks the best value of a metric with a
    direction, "alike" says how many runs have the commonest value. --json gives all that
    is known of the runs, the other forms what the table shows.
    """
    with opened(workspace) as session:
        found = _compared(session, asked)
    columns = _columns(asked["columns"])
    if form == "json":
        from workbench.operations.compared_forms import fields  # noqa: PLC0415 - after parsing

        output.line(output.as_json(fields(found, columns), indent=1))
        return
    from workbench.operations.compared_text import texts  # noqa: PLC0415

    table = texts(found, equal=asked["equal"], columns=columns)
    if form is None:
        _print(found, table)
    else:
        _print_form(found, table, form, light=asked["light"])
    if form != "md":
        _say_what_is_missing(found, table)


def _compared(session: "Session", asked: dict[str, Any]) -> "Comparison":
    from workbench.operations.compare import compare  # noqa: PLC0415
    from workbench.operations.select import chosen, select  # noqa: PLC0415

    records = chosen(session, asked["runs"], asked["text"], missing=_say_gone)
    ids = [one.run_id for one in records]
    baseline = select(session, asked["baseline"]).run_id if asked["baseline"] else ""
    if len({*ids, *filter(None, [baseline])}) < 2:  # noqa: PLR2004
        named = f"only {records[0].name!r} is" if records else "none of these runs is"
        raise UsageError(
            f"Two runs or more are compared, and {output.visible(named)} here.",
            hint="Name several runs, or a pattern such as 'gbm-*'.",
        )
    if len(ids) == 2 and not baseline:  # noqa: PLR2004 - of two, one stands against the other
        baseline = ids[0]
    return compare(
        session, ids, baseline=baseline, sort=_sort(session, asked["sort"]), at=asked["at"]
    )


def _say_gone(error: NotFoundError) -> None:
    output.say(output.visible(error.message))


def _sort(session: "Session", text: str) -> tuple[str, bool] | None:
    """Return a name and whether the largest comes first; best first unless a sign says more."""
    if not text:
        return None
    if text[0] in "+-":
        return text[1:], text[0] == "-"
    return text, session.goals.get(text.removeprefix("metrics.")) == "max"


def _columns(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _print_form(found: "Comparison", table: "Table", form: str, *, light: bool) -> None:
    from workbench.operations import compared_forms  # noqa: PLC0415

    if form == "csv":
        names, *rows = compared_forms.rows(found, table)
        output.lines(output.separated(names, rows))
    elif form == "md":
        output.lines(compared_forms.markdown(found, table))
    elif form == "tex":
        output.lines(compared_forms.tex(found, table))
    else:
        output.line(_svg(found, table, light=light))


def _svg(found: "Comparison", table: "Table", *, light: bool) -> str:
    """Return the table as a picture; names are whole there, not a tree."""
    from workbench.charts.palette import DARK, LIGHT, colors  # noqa: PLC0415
    from workbench.charts.svg_table import table_svg  # noqa: PLC0415
    from workbench.operations.compared_text import folded  # noqa: PLC0415

    theme = LIGHT if light else DARK
    shown = [row for row in table.rows if row.cells or row.depth == 0]
    rows = [_picture_row(row) for row in shown]
    inks = colors([one.run_id for one in found.runs], theme)
    return table_svg(
        f"{len(found.runs):,} runs compared",
        ["", *table.headings, *(["alike"] if _has_alike(table) else [])],
        rows,
        theme=theme,
        bold={(n, place + 1) for n, row in enumerate(shown) for place in row.best},
        colors=[None, *(inks[one.run_id] for one in found.runs)],
        aside=folded(table),
    )


def _picture_row(row: "Row") -> list[str]:
    if row.fact is None:
        return [row.label]
    return [row.whole, *_cells(row, len(row.cells), star=False), *filter(None, [row.alike])]


def _has_alike(table: "Table") -> bool:
    return any(row.alike for row in table.rows)


def _print(found: "Comparison", table: "Table") -> None:
    """Print who is compared, then the table, runs in blocks where a line has no room for all."""
    heads = [output.Heading(title) for title in ("", "run", "id", "status", "what differs")]
    who = [
        [one.letter, one.name, one.run_id, _status(one.status, inferred=one.inferred),
         "" if one.label == one.name else one.label]
        for one in found.runs
    ]  # fmt: skip
    output.lines(output.aligned(output.Table(heads, who)))
    if not table.rows:
        return
    labels = [_label(row) for row in table.rows]
    columns = list(zip(*(_cells(row, len(found.runs)) for row in table.rows), strict=True))
    shown = [_shorter(column) for column in _rows_shorter(columns)]
    for places in _blocks(labels, shown, table.headings, alike=_has_alike(table)):
        output.line()
        _print_block(table, labels, shown, places)


def _status(status: str, *, inferred: bool) -> str:
    return status.lower() + (" (inferred)" if inferred else "")


def _label(row: "Row") -> str:
    return "  " * row.depth + row.label


def _cells(row: "Row", number: int, *, star: bool = True) -> list[str]:
    """Return the cells of a line with the mark of the best and the delta behind the value."""
    if not row.cells:
        return [""] * number
    return [
        " ".join(filter(None, (cell, "*" if star and place in row.best else "", change)))
        for place, (cell, change) in enumerate(zip(row.cells, row.deltas, strict=True))
    ]


def _rows_shorter(columns: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the columns with long texts of a row cut where they begin alike."""
    rows = [_ends(row) for row in zip(*columns, strict=True)]
    return list(zip(*rows, strict=True))


def _ends(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a row; of long ones that begin alike, only what follows."""
    from workbench.runs.beginnings import telling_from  # noqa: PLC0415 - after parsing

    there = [cell for cell in row if cell not in ("", "—")]
    shared = telling_from(there, _BREAKS) if len(there) > 1 else 0
    longest = max(map(len, row), default=0)
    if longest <= _WIDEST_CELL or shared < _WORTH_CUTTING or shared == longest:
        return row
    return tuple(f"…{cell[shared:]}" if cell in there else cell for cell in row)


def _shorter(column: Sequence[str]) -> list[str]:
    return [output.cut(cell, _WIDEST_CELL) for cell in column]


def _blocks(
    labels: Sequence[str], columns: Sequence[Sequence[str]], headings: Sequence[str], *, alike: bool
) -> Iterator[list[int]]:
    """Yield the runs that fit beside each other, in order; one at least."""
    room = output.width() - min(_WIDEST_LABEL, _widest(labels)) - (_ALIKE if alike else 0)
    block: list[int] = []
    left = room
    for place, (heading, column) in enumerate(zip(headings, columns, strict=True)):
        wanted = _GAP + max(_widest(column), min(_WIDEST_CELL, output.cells(heading)))
        if block and wanted > left:
            yield block
            block, left = [], room
        block.append(place)
        left -= wanted
    yield block


def _widest(texts: Sequence[str]) -> int:
    return max(map(output.cells, map(output.visible, texts)), default=0)


def _print_block(
    table: "Table", labels: Sequence[str], columns: Sequence[Sequence[str]], places: Sequence[int]
) -> None:
    alike = _has_alike(table)
    heads = [output.Heading("")]
    heads += [output.Heading(output.cut(table.headings[n], _WIDEST_CELL)) for n in places]
    heads += [output.Heading("alike", "right")] if alike else []
    rows = [
        [
            output.cut(label, _WIDEST_LABEL),
            *(columns[n][line] for n in places),
            *([row.alike] * alike),
        ]
        for line, (label, row) in enumerate(zip(labels, table.rows, strict=True))
    ]
    head, *lines = output.aligned(output.Table(heads, rows))
    output.line(head)
    for row, line in zip(table.rows, lines, strict=True):
        output.line(output.strong(line) if row.depth == 0 else line)


def _say_what_is_missing(found: "Comparison", table: "Table") -> None:
    from workbench.operations.compared_text import folded  # noqa: PLC0415

    if table.equal:
        output.say(f"{folded(table)}; --all shows them")
    if not table.rows:
        output.say("Nothing that is known of these runs differs.")
    for sentence in found.said:
        output.say(sentence)
