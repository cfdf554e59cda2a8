"""Saved ways of looking at the runs table, and how it was left.

A saved view is kept with the workspace, one immutable file per save; the newest of
a name counts. How the table was left is this person's own and stays on this machine.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.catalogue.query import Column, Sort
from workbench.durable import replace, write_once
from workbench.errors import NotAllowedError, UsageError
from workbench.ids import new_id
from workbench.operations.edits import actor
from workbench.operations.session import Session
from workbench.runfolder import FORMAT, TEMPORARY

VIEWS = "views"
_MOST_BYTES = 1 << 20


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
    newest: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for path in sorted(_folder(session).glob("*.json")):
        fields = _read(path)
        if fields and fields.get("screen") == "runs" and isinstance(fields.get("name"), str):
            newest[fields["name"]] = (path.stem, fields)
    return tuple(
        SavedView(name, _decode(fields["view"]), str(fields.get("actor")), float(fields["time"]))
        for name, (_, fields) in sorted(newest.items())
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
        if path.stat().st_size > _MOST_BYTES:
            return None
        fields = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _encode(view: View) -> dict[str, Any]:
    return asdict(view)


def _decode(fields: Mapping[str, Any]) -> View:
    """Return the view a file holds; a part that does not fit is left at its default."""
    parts: dict[str, Any] = {}
    readers = {
        "columns": lambda v: tuple(Column(*item) for item in v),
        "sort": lambda v: tuple(Sort(Column(*item[0]), bool(item[1])) for item in v),
        "group": lambda v: tuple(Column(*item) for item in v),
        "widths": lambda v: tuple((str(title), int(width)) for title, width in v),
        "marks": lambda v: tuple(str(run) for run in v),
        "pinned": int, "archived": bool, "log_y": bool, "smoothing": float,
        "filter": str, "baseline": str, "metric": str, "x": str,
    }  # fmt: skip
    for name, read in readers.items():
        if name in fields:
            try:
                parts[name] = read(fields[name])  # type: ignore[operator]
            except (TypeError, ValueError, IndexError):
                continue
    return View(**parts)
