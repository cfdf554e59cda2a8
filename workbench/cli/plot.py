"""``plot``: curves drawn in plain output."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.catalogue.cards import RunRecord
    from workbench.runs.series import Series

_SCALES = ("linear", "log", "symlog")
_AXES = ("step", "time", "relative")
_HIGHEST_SMOOTHING = 0.99
_MOST_CURVES = 32


@command("plot")
@click.argument("runs", nargs=-1, metavar="RUN...")
@click.option("-m", "--metric", required=True, help="The metric to draw.")
@workspace_option
@click.option("-f", "--filter", "text", default="", metavar="TEXT", help="Runs that match.")
@click.option("--x", "axis", type=click.Choice(_AXES), default="step", help="What is across.")
@click.option(
    "--smoothing", type=click.FloatRange(0, _HIGHEST_SMOOTHING), default=0.0, metavar="F",
    help="Weight of the past, 0 to 0.99.",
)  # fmt: skip
@click.option("--log", is_flag=True, help="Logarithmic y-axis: --scale log.")
@click.option("--scale", type=click.Choice(_SCALES), help="Scale of the y-axis.")
@click.option(
    "--x-scale", type=click.Choice(_SCALES), default="linear", help="Scale of the x-axis."
)
@click.option("--width", type=click.IntRange(20), metavar="N", help="Cells; default the terminal.")
@click.option("--height", type=click.IntRange(6), default=20, metavar="N", help="Rows.")
@form_options("json", "csv")
def plot_command(
    runs: tuple[str, ...], metric: str, workspace: Path | None, form: str | None, **asked: Any
) -> None:
    """Draw a metric of one run or several.

    RUN is an id, a unique part of an id, a unique name, or a pattern such as 'gbm-*';
    --filter chooses runs as everywhere. --json and --csv give the points instead.
    """
    from workbench.operations.select import chosen  # noqa: PLC0415 - after parsing
    from workbench.runs.series import EMPTY  # noqa: PLC0415

    with opened(workspace) as session:
        named = chosen(session, runs, asked["text"])
        records = [one for one in named if metric in one.metrics]
        if not records:
            raise NotFoundError(
                f"None of these runs has a metric {metric!r}.",
                hint="See the metrics of a run with: workbench show RUN",
            )
        if form is None and len(records) > _MOST_CURVES:
            output.say(f"The first {_MOST_CURVES} of {len(records):,} runs are drawn.")
            records = records[:_MOST_CURVES]
        drawn = session.curves().many([one.run for one in records], metric)
        curves = {one.run: drawn.get(one.run, EMPTY) for one in records}
    if form == "json":
        output.json_array(_fields(one, metric, curves[one.run]) for one in records)
    elif form == "csv":
        rows = (row for one in records for row in _points(one, metric, curves[one.run]))
        output.lines(output.separated(("id", "name", "metric", "step", "time", "value"), rows))
    else:
        _draw(records, curves, metric, asked)


def _draw(
    records: "list[RunRecord]", curves: "dict[int, Series]", metric: str, asked: dict[str, Any]
) -> None:
    from workbench.charts.look import Look  # noqa: PLC0415
    from workbench.charts.palette import colors, letters  # noqa: PLC0415
    from workbench.charts.printed import printed_curves  # noqa: PLC0415
    from workbench.charts.reduction import Curve  # noqa: PLC0415
    from workbench.charts.ticks import DURATION, STEPS, TIME  # noqa: PLC0415
    from workbench.runs.series import last_per_step, positions  # noqa: PLC0415

    kind = {"step": STEPS, "time": TIME, "relative": DURATION}[asked["axis"]]
    look = Look(
        title=metric,
        x_label=asked["axis"],
        x_kind=kind,
        x_scale=asked["x_scale"],
        y_scale=asked["scale"] or ("log" if asked["log"] else "linear"),
        smoothing=asked["smoothing"],
    )
    inks = colors([one.run_id for one in records])
    drawn = []
    for letter, one in zip(letters(len(records)), records, strict=True):
        points = last_per_step(curves[one.run])
        x = positions(points, asked["axis"])
        name = output.visible(one.name)
        drawn.append(Curve(name, x, points.values, inks[one.run_id], letter))
    wide = asked["width"] or min(output.width(), 100)
    picture = printed_curves(
        drawn, width=wide, height=asked["height"], look=look, color=output.coloured()
    )
    output.lines(picture.splitlines())


def _fields(run: "RunRecord", metric: str, points: "Series") -> dict[str, Any]:
    return {
        "id": run.run_id,
        "name": run.name,
        "metric": metric,
        "steps": [_step(step) for step in points.steps.tolist()],
        "times": [_time(time) for time in points.times.tolist()],
        "values": points.values.tolist(),
    }


def _points(run: "RunRecord", metric: str, points: "Series") -> list[tuple[Any, ...]]:
    columns = (points.steps.tolist(), points.times.tolist(), points.values.tolist())
    return [
        (run.run_id, run.name, metric, _step(step), _time(time), value)
        for step, time, value in zip(*columns, strict=True)
    ]


def _step(step: float) -> int | float | None:
    """Return a step; None where the run gave none."""
    if step != step:  # noqa: PLR0124 - the NaN test
        return None
    return int(step) if step.is_integer() else step


def _time(time: float) -> float | None:
    return None if time != time else time  # noqa: PLR0124 - the NaN test
