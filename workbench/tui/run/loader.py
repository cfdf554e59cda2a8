"""What the page of a run fetches away from the UI thread.

Every function takes a session and frozen values and returns a frozen value; none
touches a widget.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import WorkbenchError
from workbench.operations import edits
from workbench.operations.run_detail import Preview, RunDetail, artifact, detail, preview
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.charts.drawing import Drawing

SPARK_WIDTH = 20
_MOST_SPARKLINES = 200


class Opened(NamedTuple):
    """A run, and what its page needs beside it."""

    detail: RunDetail
    goals: Mapping[str, str]
    """Direction by metric, as far as known."""
    now: float
    """Seconds since 1970."""
    undoable: bool


class Shown(NamedTuple):
    """A file of a run, looked into."""

    path: str
    preview: Preview
    picture: "Drawing | None" = None


def open_run(session: Session, run: int) -> Opened:
    """Return everything about a run.

    Raises:
        NotFoundError: It is no longer there.
    """
    return Opened(detail(session, run), session.goals, session.clock.now(), edits.can_undo(session))


def sparklines(session: Session, run: int, metrics: Sequence[str]) -> dict[str, str]:
    """Return a tiny curve for each metric, the first two hundred of them."""
    from workbench.charts.spark import sparkline  # noqa: PLC0415 - numpy, after the first paint

    curves = session.curves().of_run(run, metrics[:_MOST_SPARKLINES])
    return {name: sparkline(curve.values, SPARK_WIDTH) for name, curve in curves.items()}


def look_into(session: Session, run: int, path: str, size: tuple[int, int]) -> Shown:
    """Return what can be shown of a file, a picture drawn for ``size`` cells."""
    try:
        found = preview(session, run, path)
        if found.image is None:
            return Shown(path, found)
        return _picture(path, found, size)
    except WorkbenchError as error:
        return Shown(path, Preview(path, 0, reason=str(error)))
    except OSError as error:
        reason = f"This file cannot be read: {error.strerror or error}."
        return Shown(path, Preview(path, 0, reason=reason))


def _picture(path: str, found: Preview, size: tuple[int, int]) -> Shown:
    from workbench.charts.image import image  # noqa: PLC0415 - numpy, when asked for
    from workbench.charts.png import decode, describe  # noqa: PLC0415 - likewise

    file = found.image
    if file is None:
        return Shown(path, found)
    read = decode(file)
    if isinstance(read, str):
        return Shown(path, found._replace(image=None, reason=f"{describe(file)}{read}"))
    width, height = size
    return Shown(path, found, image(read, width=width, height=height))


def folder_of(session: Session, run: int, path: str) -> str:
    """Return where a file of a run is, for copying.

    Raises:
        NotFoundError: There is no such file.
    """
    return str(artifact(session, run, path))
