"""A chart of many runs as a saved view holds it."""

from dataclasses import replace

from workbench.operations.many.asked import Asked
from workbench.operations.views import SCALES, View

_LINEAR, _LOG, _ = SCALES


def asked_of(view: View) -> Asked:
    """Return the question a view asks."""
    return Asked(
        view.plot,
        view.filter,
        view.x_column,
        view.y_column,
        view.z_column,
        metric=view.metric,
        marks=view.marks,
        archived=view.archived,
        log_x=view.x_scale == _LOG,
        log_y=view.y_scale == _LOG,
        group=view.group,
    )


def kept(view: View, asked: Asked) -> View:
    """Return the view with what was chosen for its chart of many runs."""
    return replace(
        view,
        filter=asked.filter,
        metric=asked.metric,
        x_column=asked.x,
        y_column=asked.y,
        z_column=asked.z,
        x_scale=_scale(view.x_scale, log=asked.log_x),
        y_scale=_scale(view.y_scale, log=asked.log_y),
    )


def _scale(before: str, *, log: bool) -> str:
    """Return a scale that is logarithmic or not; one that curves alone have stays if it can."""
    if (before == _LOG) == log:
        return before
    return _LOG if log else _LINEAR


def carried(before: Asked, now: Asked) -> Asked:
    """Return a question with what is only looked at and never kept: the ranges and the cursor."""
    return replace(now, axes=before.axes, brush=before.brush, cursor=before.cursor)
