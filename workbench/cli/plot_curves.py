"""Curves of a metric, drawn or given as points."""

from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.catalogue.cards import RunRecord
    from workbench.operations.overlay import Overlay
    from workbench.operations.session import Session
    from workbench.runs.series import Series

_AXES: Final = ("step", "time", "relative")
_MOST_CURVES: Final = 32
_WIDE, _HIGH = 100, 20


def plot_curves(
    session: "Session", words: tuple[str, ...], form: str | None, asked: dict[str, Any]
) -> None:
    """Draw a metric of the runs that are named or match, or print its points.

    Raises:
        NotFoundError: None of the runs has the metric.
    """
    from workbench.operations.select import chosen  # noqa: PLC0415 - after parsing
    from workbench.runs.series import EMPTY  # noqa: PLC0415

    metric, axis = asked["metric"], asked["x"] or "step"
    named = chosen(session, words, asked["text"])
    wanted = (metric,) if axis in _AXES else (metric, axis)
    records = [one for one in named if all(name in one.metrics for name in wanted)]
    if not records:
        raise NotFoundError(
            f"None of these runs has a metric {_missing(named, wanted)!r}.",
            hint="See the metrics of a run with: workbench show RUN",
        )
    if form in (None, "svg") and len(records) > _MOST_CURVES:
        output.say(f"The first {_MOST_CURVES} of {len(records):,} runs are drawn.")
        records = records[:_MOST_CURVES]
    if form in ("json", "csv"):
        read = session.curves().many([one.run for one in records], metric)
        _print_points(records, metric, {one.run: read.get(one.run, EMPTY) for one in records}, form)
    else:
        _draw(_overlay(session, records, axis, asked), form, asked)


def _missing(records: "tuple[RunRecord, ...]", wanted: tuple[str, ...]) -> str:
    """Return the metric that no run has; the first where each is in some run, but none has both."""
    known = {name for one in records for name in one.metrics}
    return next((name for name in wanted if name not in known), wanted[0])


def _overlay(
    session: "Session", records: "list[RunRecord]", axis: str, asked: dict[str, Any]
) -> "Overlay":
    """Return the curves as a saved view would show them."""
    from workbench.charts.palette import DARK, LIGHT  # noqa: PLC0415
    from workbench.operations.overlay import Shown, overlay  # noqa: PLC0415
    from workbench.operations.select import select  # noqa: PLC0415
    from workbench.operations.views import METRIC_AXIS  # noqa: PLC0415

    baseline = select(session, asked["baseline"]).run if asked["baseline"] else None
    shown = Shown(
        x=axis if axis in _AXES else f"{METRIC_AXIS}{axis}",
        x_scale=asked["x_scale"],
        y_scale=asked["scale"] or ("log" if asked["log"] else "linear"),
        smoothing=asked["smoothing"],
        mode=asked["mode"],
        values="difference" if baseline is not None else asked["values"],
        baseline=baseline,
    )
    theme = LIGHT if asked["light"] else DARK
    return overlay(session, [one.run for one in records], asked["metric"], shown, theme)


def _draw(drawn: "Overlay", form: str | None, asked: dict[str, Any]) -> None:
    curves, look = drawn
    if form == "svg":
        from workbench.charts.svg_curves import curves_svg  # noqa: PLC0415

        size = {name: asked[name] for name in ("width", "height") if asked[name]}
        output.lines(curves_svg(curves, look=look, **size).splitlines())
        return
    from workbench.charts.printed import printed_curves  # noqa: PLC0415

    wide = asked["width"] or min(output.width(), _WIDE)
    picture = printed_curves(
        curves, width=wide, height=asked["height"] or _HIGH, look=look, color=output.coloured()
    )
    output.lines(picture.splitlines())


def _print_points(
    records: "list[RunRecord]", metric: str, curves: "dict[int, Series]", form: str
) -> None:
    """Print the points as they were logged."""
    if form == "json":
        output.json_array(_fields(one, metric, curves[one.run]) for one in records)
        return
    rows = (row for one in records for row in _points(one, metric, curves[one.run]))
    output.lines(output.separated(("id", "name", "metric", "step", "time", "value"), rows))


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
