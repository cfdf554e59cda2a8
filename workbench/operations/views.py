"""Saved ways of looking at runs, in the table or side by side, and how the table was left.

A saved view is kept with the workspace, one immutable file per save; the newest of
a name counts. How the table was left is this person's own and stays on this machine.
"""

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

from workbench.catalogue.expressions import ATTRIBUTES
from workbench.catalogue.query import Column, Kind, Sort
from workbench.durable import replace, write_once
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.ids import new_id
from workbench.opening import read_small
from workbench.operations.edits import actor
from workbench.operations.session import Session
from workbench.runfolder import FORMAT, TEMPORARY

VIEWS = "views"
SCREENS = ("runs", "compare")
PLOTS = (
    "curves", "scatter", "parallel", "heat", "hist", "progress", "pareto", "importance",
)  # fmt: skip
AXES = ("step", "time", "relative")
METRIC_AXIS = "metric:"
"""Before the name of a metric whose values stand on the x-axis."""
SCALES = ("linear", "log", "symlog")
MODES = ("mean", "raw", "envelope")
VALUE, BEST, DIFFERENCE = "value", "best", "difference"
VALUES = (VALUE, BEST, DIFFERENCE)
MOST_SIDE_BY_SIDE = 12
"""Charts in a row or a column; each needs room for its labels."""
_MOST_BYTES = 1 << 20
_LATEST = 1e11
_WIDEST = 1000
"""Cells; a file may ask for more than there is memory."""


@dataclass(frozen=True, slots=True)
class View:
    """A way of looking at runs."""

    screen: str = "runs"
    """Where it was saved, one of `SCREENS`."""
    filter: str = ""
    columns: tuple[Column, ...] = ()
    """Empty: the default columns."""
    pinned: int = 1
    """How many of the first columns stay put."""
    widths: tuple[tuple[str, int], ...] = ()
    """Title of a column to its width in cells, where a person chose it."""
    sort: tuple[Sort, ...] = ()
    group: tuple[Column, ...] = ()
    archived: bool = False
    baseline: str = ""
    """Id of the run deltas are against."""
    marks: tuple[str, ...] = ()
    """Ids of the marked runs, in the order of marking."""
    metric: str = ""
    """What the chart shows."""
    plot: str = "curves"
    """The kind of chart, one of `PLOTS`."""
    x: str = "step"
    """One of `AXES`, or ``metric:`` and a name."""
    x_scale: str = "linear"
    y_scale: str = "linear"
    smoothing: float = 0.0
    mode: str = "mean"
    values: str = "value"
    """What is drawn of a curve: its values, the best so far, the difference to the baseline."""
    at: float | None = None
    """Place on the x-axis where values are read off."""
    chart_columns: int = 0
    """Charts side by side; 0 lets the width decide."""
    chart_rows: int = 0
    """Charts above each other; 0 lets the height decide."""
    equal: bool = False
    """Whether what is the same in all runs is shown too."""
    x_column: Column | None = None
    y_column: Column | None = None
    z_column: Column | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view somebody gave a name."""

    name: str
    view: View
    actor: str
    time: float


def save(session: Session, name: str, view: View) -> None:
    """Keep a view with the workspace, or with this person where nothing can be written.

    Raises:
        UsageError: The name is empty.
        NotAllowedError: It cannot be written.
    """
    if not name.strip():
        raise UsageError("A view needs a name.")
    _publish(session, name.strip(), _encode(view), screen=view.screen)


def remove(session: Session, name: str) -> None:
    """Take a saved view away; its files stay as history.

    Raises:
        NotAllowedError: It cannot be written.
    """
    _publish(session, name, None)


def saved(session: Session) -> tuple[SavedView, ...]:
    """Return the saved views by name; a file that cannot be read is left out."""
    newest: dict[str, Mapping[str, Any]] = {}
    for path in sorted(_folder(session).glob("*.json")):
        fields = _read(path)
        if fields and fields.get("screen") in SCREENS and isinstance(fields.get("name"), str):
            newest[fields["name"]] = fields
    return tuple(
        SavedView(name, _decode(fields["view"]), str(fields.get("actor")), _time(fields))
        for name, fields in sorted(newest.items())
        if isinstance(fields.get("view"), dict)
    )


def named(session: Session, name: str) -> SavedView:
    """Return a saved view by its name.

    Raises:
        NotFoundError: There is none; names those there are.
    """
    known = saved(session)
    found = next((one for one in known if one.name == name), None)
    if found is not None:
        return found
    there = ", ".join(repr(one.name) for one in known)
    hint = f"Take one of {there}." if there else "Save one on the screen with V."
    raise NotFoundError(f"There is no saved view {name!r}.", hint=hint)


def leave(session: Session, view: View) -> None:
    """Remember how the table was left; failing to is no reason to complain."""
    try:
        replace(session.state / "runs.json", json.dumps(_encode(view)).encode())
    except OSError:
        return


def left(session: Session) -> View:
    """Return how the table was left, or the default."""
    fields = _read(session.state / "runs.json")
    return _decode(fields) if fields else View()


def _folder(session: Session) -> Path:
    return (session.root if session.writable else session.state) / VIEWS


def _publish(
    session: Session, name: str, view: Mapping[str, Any] | None, *, screen: str = SCREENS[0]
) -> None:
    if not session.is_there():
        session.require_writable()  # says that it is away: nothing is made in its place
    now = session.clock.now()
    fields = {
        "format": FORMAT,
        "screen": screen,
        "name": name,
        "actor": actor(session),
        "time": now,
        "view": view,
    }
    data = json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    temp = session.root / TEMPORARY if session.writable else None
    try:
        write_once(_folder(session) / f"{new_id(now)}.json", data + b"\n", temp=temp)
    except OSError as error:
        raise NotAllowedError(
            f"The view could not be saved: {error.strerror or error}.", hint="Check the disk."
        ) from None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        fields = json.loads(read_small(str(path), _MOST_BYTES))
    except (OSError, ValueError, RecursionError, FormatError):
        return None
    return fields if isinstance(fields, dict) else None


def _encode(view: View) -> dict[str, Any]:
    return asdict(view)


def _decode(fields: Mapping[str, Any]) -> View:
    """Return the view a file holds; a part that does not fit is left at its default."""
    parts: dict[str, Any] = {"y_scale": "log"} if fields.get("log_y") is True else {}
    for name, read in _READERS.items():
        if name in fields:
            try:
                parts[name] = read(fields[name])
            except (TypeError, ValueError, IndexError, KeyError, OverflowError):
                continue
    return View(**parts)


def _column(parts: Sequence[object]) -> Column:
    """Return the column a file names; anybody may have written it, and it becomes SQL."""
    kind, name, part = [*parts, "last"][:3]
    if kind not in get_args(Kind) or not isinstance(name, str) or not isinstance(part, str):
        raise ValueError(f"{parts!r} is not a column")
    if kind == "attribute" and name not in ATTRIBUTES:
        raise ValueError(f"runs have no {name!r}")
    return Column(cast("Kind", kind), name, part)


def _columns(value: Any) -> tuple[Column, ...]:
    return tuple(_column(item) for item in value)


def _column_or_none(value: Any) -> Column | None:
    return None if value is None else _column(value)


def _axis(value: Any) -> str:
    if isinstance(value, str) and value.startswith(METRIC_AXIS) and value != METRIC_AXIS:
        return value
    return _one_of(AXES)(value)


def _place(value: Any) -> float | None:
    """Return a place on an axis; one that is no finite number is refused."""
    if value is not None and not math.isfinite(value):
        raise ValueError(f"{value!r} is no place")
    return None if value is None else float(value)


def _one_of(known: Collection[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"{value!r} is none of {known}")
        return str(value)

    return read


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "screen": _one_of(SCREENS),
    "filter": str,
    "columns": _columns,
    "pinned": int,
    "widths": lambda v: tuple((str(title), min(int(width), _WIDEST)) for title, width in v),
    "sort": lambda v: tuple(Sort(_column(item[0]), bool(item[1])) for item in v),
    "group": _columns,
    "archived": bool,
    "baseline": str,
    "marks": lambda v: tuple(str(run) for run in v),
    "metric": str,
    "plot": _one_of(PLOTS),
    "x": _axis,
    "x_scale": _one_of(SCALES),
    "y_scale": _one_of(SCALES),
    "smoothing": float,
    "mode": _one_of(MODES),
    "values": _one_of(VALUES),
    "at": _place,
    "chart_columns": lambda v: max(0, min(int(v), MOST_SIDE_BY_SIDE)),
    "chart_rows": lambda v: max(0, min(int(v), MOST_SIDE_BY_SIDE)),
    "equal": bool,
    "x_column": _column_or_none,
    "y_column": _column_or_none,
    "z_column": _column_or_none,
}
"""How each part of a view is read from a file that anybody may have written."""


def _time(fields: Mapping[str, Any]) -> float:
    """Return when a view was saved, in seconds since 1970; 0 where the file does not say."""
    time = fields.get("time")
    return float(time) if isinstance(time, int | float) and abs(time) < _LATEST else 0.0
