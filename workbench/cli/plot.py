"""``plot``: curves of some runs, or one chart of many, drawn in plain output."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import UsageError

_CURVES: Final = "curves"
_KINDS: Final = (
    _CURVES, "scatter", "parallel", "heat", "hist", "progress", "pareto", "importance",
)  # fmt: skip
_SCALES: Final = ("linear", "log", "symlog")
_HIGHEST_SMOOTHING: Final = 0.99
_OF_CURVES: Final = {"smoothing": 0.0, "mode": "mean", "values": "value", "baseline": ""}
_OF_PICTURES: Final = ("smoothing", "mode")
_NOT_OF_CURVES: Final = ("y", "z", "axes", "brush", "archived")


@command("plot")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("-k", "--kind", type=click.Choice(_KINDS), default=_CURVES, help="The chart to draw.")
@click.option("-m", "--metric", default="", metavar="NAME", help="The metric that counts.")
@workspace_option
@click.option("-f", "--filter", "text", default="", metavar="TEXT", help="Runs that match.")
@click.option("--archived", is_flag=True, help="Of the archived runs, and only those.")
@click.option(
    "--x", metavar="NAME", default="",
    help="What is across: step, time, relative or a metric for curves, else any column.",
)  # fmt: skip
@click.option("--y", metavar="COLUMN", default="", help="What is up.")
@click.option("--z", metavar="COLUMN", default="", help="Value of a heat map, third of a front.")
@click.option(
    "--axes", metavar="COLUMNS", default="",
    help="Axes of parallel coordinates, or params to rank, with commas.",
)  # fmt: skip
@click.option(
    "--group", metavar="COLUMNS", default="",
    help="Mean and spread of runs alike here; recipe: alike in all but the seed.",
)  # fmt: skip
@click.option(
    "--brush", metavar="RANGE", multiple=True,
    help="Leave out runs outside, such as lr=0.001..0.01; repeat it.",
)  # fmt: skip
@click.option(
    "--smoothing", type=click.FloatRange(0, _HIGHEST_SMOOTHING), default=0.0, metavar="F",
    help="Weight of the past in curves, 0 to 0.99.",
)  # fmt: skip
@click.option(
    "--mode", type=click.Choice(("mean", "raw", "envelope")), default="mean",
    help="What is drawn of the points of a curve that share a column.",
)  # fmt: skip
@click.option("--best", "values", flag_value="best", default="value", help="Curves: best so far.")
@click.option("--baseline", default="", metavar="RUN", help="Curves: the difference to this run.")
@click.option("--log", is_flag=True, help="Logarithmic y-axis: --scale log.")
@click.option("--scale", type=click.Choice(_SCALES), help="Scale of the y-axis.")
@click.option(
    "--x-scale", type=click.Choice(_SCALES), default="linear", help="Scale of the x-axis."
)
@click.option(
    "--width", type=click.IntRange(20), metavar="N", help="Cells, or pixels of a picture."
)
@click.option("--height", type=click.IntRange(6), metavar="N", help="Rows, or pixels of a picture.")
@click.option("--light", is_flag=True, help="A picture on a light ground.")
@form_options("json", "csv", "svg")
def plot_command(
    runs: tuple[str, ...], kind: str, workspace: Path | None, form: str | None, **asked: Any
) -> None:
    """Draw curves of some runs, or one chart of many.

    RUN is an id, a unique part of an id, a unique name, or a pattern such as 'gbm-*'.

    Curves are of the metric that -m names, over the runs named or chosen by --filter. Every
    other kind is of all runs that match the filter, with the runs that are named drawn bright;
    columns that are not named are chosen: the metric that counts and the params that go most
    with it. --json and --csv give the chart as a table, --svg as a picture.
    """
    _fit(kind, form, asked)
    with opened(workspace) as session:
        if kind == _CURVES:
            from workbench.cli.plot_curves import plot_curves  # noqa: PLC0415 - after parsing

            plot_curves(session, runs, form, asked)
        else:
            from workbench.cli.plot_many import plot_many  # noqa: PLC0415

            plot_many(session, kind, runs, form, asked)


def _fit(kind: str, form: str | None, asked: Mapping[str, Any]) -> None:
    """See that the options belong to the kind of chart, and to its form.

    Raises:
        UsageError: One does not.
    """
    if kind == _CURVES:
        _fit_values(form, asked)
        given = [name for name in _NOT_OF_CURVES if asked[name]]
        if given:
            raise UsageError(
                f"--{given[0]} is for charts of many runs.", hint="Choose one with --kind."
            )
        return
    for name, usual in _OF_CURVES.items():
        if asked[name] != usual:
            option = "best" if name == "values" else name
            raise UsageError(f"--{option} is for curves.", hint="Leave it out.")
    if "symlog" in (asked["scale"], asked["x_scale"]):
        raise UsageError("A symmetric log scale is for curves.", hint="Take log or linear.")


def _fit_values(form: str | None, asked: Mapping[str, Any]) -> None:
    """See that what is asked of the values of curves can be had.

    Raises:
        UsageError: It cannot.
    """
    if asked["values"] != _OF_CURVES["values"] and asked["baseline"]:
        raise UsageError(
            "Curves are the best so far or the difference to a baseline, not both.",
            hint="Leave out --best or --baseline.",
        )
    if form not in ("json", "csv"):
        return
    for name in _OF_PICTURES:
        if asked[name] != _OF_CURVES[name]:
            raise UsageError(
                f"--{name} is of what is drawn; --{form} gives points.", hint="Leave one out."
            )
