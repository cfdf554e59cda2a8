"""Curves as data: the points as they were logged, or what a chart would draw of them."""

from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.catalogue.finding import Called
    from workbench.operations.overlay import Shown, Traced
    from workbench.operations.session import Session
    from workbench.operations.traces import Trace
    from workbench.runs.alignment import Band
    from workbench.runs.series import Series

_WHO: Final = ("id", "name", "metric")
_PLURAL: Final = {"step": "steps", "time": "times"}


def print_points(
    session: "Session", records: "Sequence[Called]", metric: str, shown: "Shown", form: str
) -> None:
    """Print the points of these runs: what is drawn of them, across and up.

    Over steps, and with nothing done to the values, they are all points as they were logged,
    with both step and time.

    Raises:
        UsageError: There is no best of the metric.
        NotFoundError: The baseline does not have it.
    """
    if shown.group:
        _print_groups(session, records, metric, shown, form)
        return
    if (shown.x, shown.values) == ("step", "value"):
        _print_logged(session, records, metric, form)
        return
    from workbench.operations.overlay import traced  # noqa: PLC0415 - after parsing

    found = traced(session, [one.run for one in records], metric, shown)
    _require(found, metric, shown)
    across = name_across(shown.x)
    drawn = [(one, found.traces[one.run]) for one in records if one.run in found.traces]
    if form == "json":
        key = _PLURAL.get(across, across)
        output.json_array(
            {**_who(one, metric), key: [x for x, _ in pairs], "values": [y for _, y in pairs]}
            for one, pairs in ((one, placed(trace, shown.x)) for one, trace in drawn)
        )
        return
    rows = (
        (one.run_id, one.name, metric, x, y)
        for one, trace in drawn
        for x, y in placed(trace, shown.x)
    )
    output.lines(output.separated((*_WHO, across, "value"), rows))


def _print_groups(
    session: "Session", records: "Sequence[Called]", metric: str, shown: "Shown", form: str
) -> None:
    """Print the mean and the spread of every group, and of how many runs they are."""
    from workbench.operations.overlay import banded  # noqa: PLC0415 - after parsing

    found, groups = banded(session, [one.run for one in records], metric, shown)
    _require(found, metric, shown)
    across = name_across(shown.x)
    if form == "csv":
        heads = ("group", "metric", across, "mean", "std", "n")
        rows = ((one.label, metric, *row) for one in groups for row in _places(one.band, shown.x))
        output.lines(output.separated(heads, rows))
        return
    names = (_PLURAL.get(across, across), "mean", "std", "n")
    output.json_array(
        {"group": one.label, "metric": metric, "runs": list(one.ids)}
        | {name: [row[at] for row in rows] for at, name in enumerate(names)}
        for one, rows in ((one, _places(one.band, shown.x)) for one in groups)
    )


def _places(band: "Band", x: str) -> list[tuple[float | int | None, float, float | None, int]]:
    """Return the places where a group has a value; one run alone has no spread."""
    made = _step if x == "step" else float
    columns = (band.x.tolist(), band.mean.tolist(), band.std.tolist(), band.n.tolist())
    return [
        (made(place), mean, std if n > 1 else None, n)
        for place, mean, std, n in zip(*columns, strict=True)
        if n
    ]


def name_across(x: str) -> str:
    """Return what the places of an x-axis are called in data: ``step``, ``metrics.epoch``."""
    from workbench.catalogue.query import Column  # noqa: PLC0415
    from workbench.operations.columns import written  # noqa: PLC0415
    from workbench.operations.traces import axis_metric  # noqa: PLC0415

    metric = axis_metric(x)
    return written(Column("metric", metric)) if metric else x


def placed(trace: "Trace", x: str) -> list[tuple[float | int | None, float]]:
    """Return the points that have a place on the x-axis, a whole step without a point."""
    made = _step if x == "step" else float
    pairs = zip(trace.x.tolist(), trace.y.tolist(), strict=True)
    return [(made(place), value) for place, value in pairs if abs(place) < float("inf")]


def _require(found: "Traced", metric: str, shown: "Shown") -> None:
    """See that the values are what was asked for: a chart says so in its title, data cannot."""
    if shown.values == "best" and not found.goal:
        raise UsageError(
            f"It is not known whether more or less {metric} is better, so there is no best.",
            hint="Say so under [metrics] in workbench.toml.",
        )
    if shown.values == "difference" and not found.based:
        raise NotFoundError(
            f"The baseline has no metric {metric!r}.", hint="Take another run as the baseline."
        )


def _print_logged(session: "Session", records: "Sequence[Called]", metric: str, form: str) -> None:
    from workbench.runs.series import EMPTY  # noqa: PLC0415

    read = session.curves().many([one.run for one in records], metric)
    found = [(one, read.get(one.run, EMPTY)) for one in records]
    if form == "json":
        output.json_array(_fields(one, metric, points) for one, points in found)
        return
    rows = (row for one, points in found for row in _points(one, metric, points))
    output.lines(output.separated((*_WHO, "step", "time", "value"), rows))


def _who(run: "Called", metric: str) -> dict[str, Any]:
    return {"id": run.run_id, "name": run.name, "metric": metric}


def _fields(run: "Called", metric: str, points: "Series") -> dict[str, Any]:
    return {
        **_who(run, metric),
        "steps": [_step(step) for step in points.steps.tolist()],
        "times": [_time(time) for time in points.times.tolist()],
        "values": points.values.tolist(),
    }


def _points(run: "Called", metric: str, points: "Series") -> list[tuple[Any, ...]]:
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
