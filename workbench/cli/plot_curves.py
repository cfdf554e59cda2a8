"""Curves of a metric, drawn or given as points."""

from typing import TYPE_CHECKING, Any, Final

from workbench.cli import output
from workbench.errors import NotFoundError, UsageError
from workbench.words import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.operations.overlay import Overlay, Shown
    from workbench.operations.session import Session

_AXES: Final = ("step", "time", "relative")
_MOST_CURVES: Final = 32
_MOST_NAMED: Final = 6
_WIDE, _HIGH = 100, 20


def plot_curves(
    session: "Session", words: tuple[str, ...], form: str | None, asked: dict[str, Any]
) -> None:
    """Draw a metric of the runs that are named or match, or print its points.

    Raises:
        UsageError: No metric is named.
        NotFoundError: None of the runs has the metric.
    """
    from workbench.catalogue.finding import with_metric  # noqa: PLC0415 - after parsing
    from workbench.charts.palette import DARK, LIGHT  # noqa: PLC0415
    from workbench.operations.overlay import overlay  # noqa: PLC0415
    from workbench.operations.select import chosen  # noqa: PLC0415

    if not asked["metric"]:
        raise _no_metric(session)
    metric, axis = asked["metric"], asked["x"] or "step"
    named = chosen(session, words, asked["text"])
    wanted = (metric,) if axis in _AXES else (metric, axis)
    numbers = [one.run for one in named]
    having = {name: with_metric(session.catalogue, numbers, name) for name in wanted}
    records = [one for one in named if all(one.run in runs for runs in having.values())]
    if not records:
        raise NotFoundError(
            f"None of these runs has a metric {_missing(having)!r}.",
            hint="See the metrics of a run with: workbench show RUN",
        )
    if form in (None, "svg") and len(records) > _MOST_CURVES and not asked["group"]:
        output.say(f"The first {_MOST_CURVES} of {len(records):,} runs are drawn.")
        records = records[:_MOST_CURVES]
    if form in ("json", "csv"):
        from workbench.cli.plot_points import print_points  # noqa: PLC0415

        print_points(session, records, metric, _shown(session, axis, asked), form)
    else:
        theme = LIGHT if asked["light"] else DARK
        shown = _shown(session, axis, asked)
        _draw(overlay(session, [one.run for one in records], metric, shown, theme), form, asked)


def _no_metric(session: "Session") -> UsageError:
    """Return that a metric is needed, with those there are that count most."""
    from workbench.operations.runs_table import names, telling_first  # noqa: PLC0415

    first = telling_first(session, sorted(names(session).metrics))[:_MOST_NAMED]
    such = f", such as {', '.join(map(visible, first))}" if first else ""
    return UsageError("Curves need a metric.", hint=f"Name one with -m{such}, or choose a --kind.")


def _missing(having: "Mapping[str, frozenset[int]]") -> str:
    """Return the metric that no run has; the first where each is in some run, but none has both."""
    return next((name for name, runs in having.items() if not runs), next(iter(having)))


def _shown(session: "Session", axis: str, asked: dict[str, Any]) -> "Shown":
    """Return how the curves are shown, as a saved view would say it."""
    from workbench.operations.columns import columns  # noqa: PLC0415
    from workbench.operations.overlay import Shown  # noqa: PLC0415
    from workbench.operations.runs_table import names  # noqa: PLC0415
    from workbench.operations.select import select  # noqa: PLC0415
    from workbench.operations.views import METRIC_AXIS  # noqa: PLC0415

    baseline = select(session, asked["baseline"]).run if asked["baseline"] else None
    return Shown(
        x=axis if axis in _AXES else f"{METRIC_AXIS}{axis}",
        x_scale=asked["x_scale"],
        y_scale=asked["scale"] or ("log" if asked["log"] else "linear"),
        smoothing=asked["smoothing"],
        mode=asked["mode"],
        values="difference" if baseline is not None else asked["values"],
        baseline=baseline,
        group=columns(asked["group"], names(session)) if asked["group"] else (),
    )


def _draw(drawn: "Overlay", form: str | None, asked: dict[str, Any]) -> None:
    curves, look = drawn
    if len(curves) > _MOST_CURVES:
        output.say(f"The first {_MOST_CURVES} of {len(curves):,} groups are drawn.")
        curves = curves[:_MOST_CURVES]
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
