"""One chart of many runs, drawn or given as the table it shows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.cli.output import Heading, Table
from workbench.words import count, number, value, visible

if TYPE_CHECKING:
    from workbench.operations.many import Asked, Picture
    from workbench.operations.session import Session

_WIDE, _HIGH = 100, 24
_TABLED = frozenset(("importance",))
"""Kinds whose table says what the chart cannot: it stands below."""
_FRONT: Final = "front"
_MOST_OF_FRONT: Final = 30


def plot_many(
    session: "Session", kind: str, words: tuple[str, ...], form: str | None, asked: dict[str, Any]
) -> None:
    """Draw a chart of all runs that match, the named ones bright; or print its table."""
    from workbench.charts.palette import DARK, LIGHT  # noqa: PLC0415 - after parsing
    from workbench.operations.many import picture  # noqa: PLC0415

    theme = LIGHT if asked["light"] else DARK
    found = picture(session, _asked(session, kind, words, asked), theme)
    if form in ("json", "csv"):
        for sentence in found.said:  # a chart has them below itself
            output.say(visible(sentence))
    if form == "json":
        output.json_array(dict(zip(found.headings, row, strict=True)) for row in found.rows)
    elif form == "csv":
        output.lines(output.separated(found.headings, found.rows))
    elif form == "svg":
        from workbench.charts.svg_figure import figure_svg  # noqa: PLC0415

        size = {name: asked[name] for name in ("width", "height") if asked[name]}
        output.lines(figure_svg(found.figure, theme=theme, **size).splitlines())
    else:
        _draw(found, asked)


def _asked(session: "Session", kind: str, words: tuple[str, ...], asked: dict[str, Any]) -> "Asked":
    from workbench.operations.columns import column, columns  # noqa: PLC0415
    from workbench.operations.many import Asked, read_range  # noqa: PLC0415
    from workbench.operations.runs_table import names as all_names  # noqa: PLC0415
    from workbench.operations.select import chosen  # noqa: PLC0415

    names = all_names(session)
    now = session.clock.now()
    x, y, z = (column(asked[axis], names) if asked[axis] else None for axis in ("x", "y", "z"))
    metric = column(f"metrics.{asked['metric']}", names).name if asked["metric"] else ""
    marks = tuple(one.run_id for one in chosen(session, words)) if words else ()
    return Asked(
        kind,
        asked["text"],
        x,
        y,
        z,
        axes=columns(asked["axes"], names),
        metric=metric,
        marks=marks,
        archived=asked["archived"],
        log_x=asked["x_scale"] == "log",
        log_y=asked["log"] or asked["scale"] == "log",
        brush=tuple(read_range(text, names, now) for text in asked["brush"]),
        group=columns(asked["group"], names),
    )


def _draw(found: "Picture", asked: dict[str, Any]) -> None:
    from workbench.charts.figure_printed import printed_figure  # noqa: PLC0415

    drawn = printed_figure(
        found.figure,
        width=asked["width"] or min(output.width(), _WIDE),
        height=asked["height"] or _HIGH,
        color=output.coloured(),
    )
    output.lines(drawn.splitlines())
    if found.groups:
        output.line()
        output.lines(output.aligned(_groups(found)))
    elif found.asked.kind in _TABLED and found.rows:
        output.line()
        output.lines(output.aligned(_table(found.headings, found.rows)))
    if _FRONT in found.headings:
        output.line()
        _name_front(found)


def _groups(found: "Picture") -> Table:
    heads = (Heading(""), Heading("group"), *(Heading(name, "right") for name in _REACHED))
    rows = [
        (one.letter, one.name, count(one.n), number(one.mean), number(one.std), number(one.best))
        for one in found.groups
    ]
    return Table(heads, rows)


_REACHED = ("n", "mean", "std", "best")


def _table(headings: Sequence[str], found: Sequence[Sequence[Any]], texts: int = 1) -> Table:
    """Return a table of the chart, its numbers short; the first columns are of texts."""
    heads = [Heading(name, "left" if n < texts else "right") for n, name in enumerate(headings)]
    rows = [[number(one) if isinstance(one, float) else value(one) for one in row] for row in found]
    return Table(heads, rows)


def _name_front(found: "Picture") -> None:
    """Print who no other run beats, from left to right, with what they reach."""
    place = found.headings.index(_FRONT)
    front = [row[:place] for row in found.rows if row[place]]
    output.lines(output.aligned(_table(found.headings[:place], front[:_MOST_OF_FRONT], texts=2)))
    if len(front) > _MOST_OF_FRONT:
        output.line(f"and {count(len(front) - _MOST_OF_FRONT)} more on the front")
