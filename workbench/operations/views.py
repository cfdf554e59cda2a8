"""Saved ways of looking at the runs table, and how it was left.

A saved view is kept with the workspace, one immutable file per save; the newest of
a name counts. How the table was left is this person's own and stays on this machine.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

from workbench.catalogue.expressions import ATTRIBUTES
from workbench.catalogue.query import Column, Kind, Sort
from workbench.durable import replace, write_once
from workbench.errors import FormatError, NotAllowedError, UsageError
from workbench.formats.opening import read_small
from workbench.ids import new_id
from workbench.operations.edits import actor
from workbench.operations.session import Session
from workbench.runfolder import FORMAT, TEMPORARY

VIEWS = "views"
_MOST_BYTES = 1 << 20
_LATEST = 1e11
_WIDEST = 1000
"""Cells; a file may ask for more than there is memory."""


@dataclass(frozen=True, slots=True)
class View:
    """A way of looking at the runs table."""

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
    log_y: bool = False
    smoothing: float = 0.0
    x: str = "step"


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
    _publish(session, name.strip(), _encode(view))


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
        if fields and fields.get("screen") == "runs" and isinstance(fields.get("name"), str):
            newest[fields["name"]] = fields
    return tuple(
        SavedView(name, _decode(fields["view"]), str(fields.get("actor")), _time(fields))
        for name, fields in sorted(newest.items())
        if isinstance(fields.get("view"), dict)
    )


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


def _publish(session: Session, name: str, view: Mapping[str, Any] | None) -> None:
    if not session.is_there():
        session.require_writable()  # says that it is away: nothing is made in its place
    now = session.clock.now()
    fields = {
        "format": FORMAT,
        "screen": "runs",
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
    parts: dict[str, Any] = {}
    readers = {
        "columns": lambda v: tuple(_column(item) for item in v),
        "sort": lambda v: tuple(Sort(_column(item[0]), bool(item[1])) for item in v),
        "group": lambda v: tuple(_column(item) for item in v),
        "widths": lambda v: tuple((str(title), min(int(width), _WIDEST)) for title, width in v),
        "marks": lambda v: tuple(str(run) for run in v),
        "pinned": int, "archived": bool, "log_y": bool, "smoothing": float,
        "filter": str, "baseline": str, "metric": str, "x": str,
    }  # fmt: skip
    for name, read in readers.items():
        if name in fields:
            try:
                parts[name] = read(fields[name])  # type: ignore[operator]
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


def _time(fields: Mapping[str, Any]) -> float:
    """Return when a view was saved, in seconds since 1970; 0 where the file does not say."""
    time = fields.get("time")
    return float(time) if isinstance(time, int | float) and abs(time) < _LATEST else 0.0
