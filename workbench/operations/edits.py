"""What people change afterwards: name, tags, note, archived, a declared end; fields of datasets.

Every change is one immutable file in ``edits/``; it names what it replaces, so that
two people never overwrite one another unseen. An undo is one more edit.
"""

import getpass
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from socket import gethostname
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.durable import write_once
from workbench.errors import ConflictError, NotAllowedError, UsageError
from workbench.ids import new_id
from workbench.runfolder import FORMAT, TEMPORARY
from workbench.runs.edits import (
    DATA,
    DATASET,
    SENSITIVE,
    TAG,
    Edit,
    Held,
    all_sensitive,
    is_data_field,
    is_field,
    standing,
)
from workbench.settings import USER_VARIABLE
from workbench.sync.amendments import EDITS, Amendments

if TYPE_CHECKING:
    from workbench.operations.session import Session  # a script that registers opens no catalogue

_LONGEST = 100_000


class EditLine(NamedTuple):
    """One edit as the journal shows it."""

    id: str
    time: float
    actor: str
    runs: tuple[str, ...]
    what: str
    """In words: "name = baseline", "undid …"."""
    model: str = ""
    """The model whose journal says it; empty for an edit of runs."""
    dataset: str = ""
    """The dataset it is about; empty where it is about none, or several."""
    monitor: str = ""
    """The monitor whose alerts it is about; empty where it is about none."""


def actor(session: "Session") -> str:
    """Return who acts: the setting, else user@host; not authenticated."""
    return named(session.settings.user)


def named(setting: str) -> str:
    """Return who acts: one's own ``$WORKBENCH_USER``, else the workspace's setting, else user@host.

    Args:
        setting: ``[user] name`` of the workspace, which is one for all who share it.
    """
    own = os.environ.get(USER_VARIABLE, "").strip()
    if own or setting:
        return own or setting
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in a container, no pwd on Windows
        user = "unknown"
    return f"{user}@{gethostname()}"


def edit(session: "Session", run_ids: Sequence[str], changes: Mapping[str, Any]) -> str:
    """Change fields of one run or many and return the edit's id.

    Args:
        session: Where.
        run_ids: Ids of the runs.
        changes: Field to value; fields are ``name``, ``note``, ``archived``, ``status`` and
            ``tags.<name>``. None gives a field back to the run, or takes a tag away.

    Raises:
        NotAllowedError: Nothing can be written here.
        UsageError: A field or a value cannot be.
    """
    _check(run_ids, changes)
    current = _current(session)
    return _write(session, run_ids, changes, _after(current.held, run_ids, changes), None)


def edit_dataset(session: "Session", name: str, changes: Mapping[str, Any]) -> str:
    """Change what is said of a dataset and return the edit's id.

    Args:
        session: Where.
        name: The dataset.
        changes: ``archived``, or ``data.<field>`` to a text or a list of texts; None gives a field
            back to the settings.

    Raises:
        NotAllowedError: Nothing can be written here.
        UsageError: A field or a value cannot be.
    """
    of = [f"{DATASET}{name}"]
    for field, value in changes.items():
        known = is_data_field(field, value) or (
            field == "archived" and (value is None or isinstance(value, bool))
        )
        if not known or len(json.dumps(value)) > _LONGEST:
            raise UsageError(f"A dataset's {field.removeprefix(DATA)} cannot be set to that.")
    if not changes:
        raise UsageError("Nothing was to be changed.")
    current = _current(session)
    return _write(session, of, changes, _after(current.held, of, changes), None)


def undo(session: "Session") -> EditLine:
    """Take back my last edit that has not been taken back yet; return it.

    Raises:
        NotAllowedError: Nothing can be written here.
        UsageError: There is no edit of mine to take back.
        ConflictError: Somebody else changed the same field since.
    """
    current = _current(session)
    last = last_undoable(current, actor(session))
    if last is None:
        raise UsageError("There is no edit of yours to undo.")
    left = last._replace(of=tuple(run for run in last.of if not _is_back(current, last, run)))
    for run in left.of:
        for name in last.set:
            heads = current.held[run][name].edits
            other = current.edits[heads[-1]]
            if len(heads) > 1 or standing(other, run, name, current.edits) != last:
                raise ConflictError(
                    f"{other.actor} changed {name} since; your edit is not undone.",
                    hint="Change it again if you mean to.",
                )
    for before, runs in _before(current, left):
        _write(session, runs, dict(before), _after(current.held, runs, dict(before)), last.id)
    return _line(last)


def _is_back(current: Amendments, edit: Edit, run: str) -> bool:
    """Say whether an edit was taken back for a run already; an undo may break off halfway."""
    return any(one.undoes == edit.id and run in one.of for one in current.edits.values())


def last_undoable(current: Amendments, who: str) -> Edit | None:
    """Return the latest edit of a person that is neither an undo nor undone."""
    taken_back: dict[str, set[str]] = {}
    for edit in current.edits.values():
        if edit.undoes:
            taken_back.setdefault(edit.undoes, set()).update(edit.of)
    mine = [
        edit
        for edit in current.edits.values()
        if edit.actor == who and not edit.undoes and set(edit.of) - taken_back.get(edit.id, set())
    ]
    return max(mine, default=None)


def can_undo(session: "Session") -> bool:
    """Say whether there is an edit of mine to take back."""
    return session.writable and last_undoable(session.amendments(), actor(session)) is not None


def journal(session: "Session") -> tuple[EditLine, ...]:
    """Return all edits, newest first."""
    if session.workspace is None:
        return ()
    edits = session.amendments().edits
    return tuple(_line(edits[key]) for key in sorted(edits, reverse=True))


def _current(session: "Session") -> Amendments:
    """Return the edits as they are in the folder now."""
    session.require_writable()
    amendments = Amendments(session.root)
    amendments.look()
    return amendments


def _check(run_ids: Sequence[str], changes: Mapping[str, Any]) -> None:
    if not run_ids:
        raise UsageError("No run was named.")
    if not changes:
        raise UsageError("Nothing was to be changed.")
    for name, value in changes.items():
        if not is_field(name, value):
            raise UsageError(f"A run's {name} cannot be set to {value!r}.")
        if name == "name" and value is not None and not value.strip():
            raise UsageError("A run's name must not be empty.")
        if name == TAG:
            raise UsageError("A tag needs a name.", hint="Write it as name=value.")
        if isinstance(value, str) and len(value) > _LONGEST:
            raise UsageError(f"A run's {name} may have {_LONGEST:,} characters.")


def _after(
    held: Mapping[str, Mapping[str, Held]], run_ids: Sequence[str], changes: Mapping[str, Any]
) -> dict[str, dict[str, list[str]]]:
    """Return the edits that are replaced, by run and field."""
    after: dict[str, dict[str, list[str]]] = {}
    for run in run_ids:
        for name in changes:
            if name in held.get(run, {}):
                after.setdefault(run, {})[name] = list(held[run][name].edits)
    return after


def _before(current: Amendments, last: Edit) -> list[tuple[tuple[tuple[str, Any], ...], list[str]]]:
    """Return what held before an edit, runs with the same values together."""
    groups: dict[str, tuple[tuple[tuple[str, Any], ...], list[str]]] = {}
    for run in last.of:
        values = []
        for name in last.set:
            replaced = last.after.get(run, {}).get(name, ())
            there = [current.edits.get(one) for one in sorted(replaced)]
            said = [one.set.get(name) if one else None for one in there]
            values.append((name, _value_before(name, said)))
        key = json.dumps(values)
        groups.setdefault(key, (tuple(values), []))[1].append(run)
    return list(groups.values())


def _write(
    session: "Session",
    run_ids: Sequence[str],
    changes: Mapping[str, Any],
    after: Mapping[str, Any],
    undoes: str | None,
) -> str:
    """Publish one edit; the file appears whole."""
    root = session.require_writable()
    now = session.clock.now()
    identity = new_id(now)
    fields = {
        "format": FORMAT,
        "id": identity,
        "time": now,
        "actor": actor(session),
        "kind": "dataset" if run_ids[0].startswith(DATASET) else "run",
        "of": list(run_ids),
        "set": dict(changes),
        "after": after,
        "undoes": undoes,
    }
    month = datetime.fromtimestamp(now, tz=UTC).strftime("%Y-%m")
    data = json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    try:
        write_once(root / EDITS / month / f"{identity}.json", data + b"\n", temp=root / TEMPORARY)
    except OSError as error:
        raise NotAllowedError(
            f"The edit could not be written to {root / EDITS}: {error.strerror or error}.",
            hint="Nothing was changed; check the disk and try again.",
        ) from None
    return identity


def _value_before(name: str, replaced: Sequence[Any]) -> Any:
    """Return the value that edits an edit replaced had put in force; None for the run's own."""
    if name == SENSITIVE and len(replaced) > 1:
        return all_sensitive(replaced)[0]
    return replaced[-1] if replaced else None


def _line(edit: Edit) -> EditLine:
    parts = []
    for field, value in edit.set.items():
        name = field.removeprefix(DATA)
        if name == "archived":
            parts.append("archived" if value else "brought back")
        elif value is None and edit.undoes:
            parts.append(f"{name} as before")
        elif value is None:
            parts.append(f"{name} taken away" if name.startswith(TAG) else f"{name} given back")
        else:
            parts.append(f"{name} = {', '.join(value) if isinstance(value, list) else value}")
    words = ", ".join(parts)
    datasets = [one.removeprefix(DATASET) for one in edit.of if one.startswith(DATASET)]
    runs = tuple(one for one in edit.of if not one.startswith(DATASET))
    return EditLine(
        edit.id, edit.time, edit.actor, runs, f"undo: {words}" if edit.undoes else words,
        dataset=datasets[0] if len(datasets) == 1 and not runs else "",
    )  # fmt: skip
