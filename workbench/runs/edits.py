"""What people changed afterwards: from single edits to what is in force.

An edit is an immutable file that names the edits it replaces. The edits of a field
nobody has replaced are in force; where there are two, the later id is shown and
the field is contested; of columns to be masked those of all of them count. The
result depends on which files are there, not on the order they arrived in.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from workbench.errors import FormatError
from workbench.runfolder import ENDS

FIELDS = ("name", "note", "archived", "status")
TAG = "tags."
DATA = "data."
"""Before what people say of a dataset, such as ``data.owner``: a text, a list of texts, or None."""
SENSITIVE = f"{DATA}sensitive"
"""The columns to be masked: of rivals all count, so that nobody's word shows what another hid."""
DATASET = "datasets:/"
"""Before a dataset's name where an edit says what it is of."""


class Edit(NamedTuple):
    """One change to one field or more of one run or many."""

    id: str
    time: float
    actor: str
    of: tuple[str, ...]
    """Run ids, or ``datasets:/<name>``."""
    set: Mapping[str, Any]
    """Field to value; None gives the field back to the run, or takes a tag away."""
    after: Mapping[str, Mapping[str, Sequence[str]]]
    """Run id and field to the ids of the edits this one replaces."""
    undoes: str | None = None


class Held(NamedTuple):
    """What is in force for a field of a run."""

    value: Any
    edits: tuple[str, ...]
    """Ids of the edits in force, latest last; more than one means contested."""
    own: bool = False
    """The field is the run's own again; ``value`` is None then, or what rivals add to it."""


def read_edit(fields: Mapping[str, Any]) -> Edit:
    """Return the edit a file holds.

    Raises:
        FormatError: A part is missing or of the wrong kind.
    """
    try:
        of, values = fields["of"], fields["set"]
        if not isinstance(of, list) or not isinstance(values, dict):
            raise FormatError("'of' must be a list and 'set' an object")
        return Edit(
            str(fields["id"]),
            _finite(fields["time"]),
            str(fields.get("actor", "")),
            tuple(str(run) for run in of),
            {
                name: value
                for name, value in values.items()
                if is_field(name, value) or is_data_field(name, value)
            },
            _after(fields.get("after") or {}),
            _undoes(fields.get("undoes")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"not an edit: {error!r}") from None


def _finite(time: object) -> float:
    if isinstance(time, int | float) and isfinite(time):
        return float(time)
    raise FormatError("'time' must be a number of seconds")


def _after(named: object) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return the edits an edit replaces, seen to be ids: one bad file must not stop the fold."""
    if not isinstance(named, dict):
        raise FormatError("'after' must be an object")
    for fields in named.values():
        if not isinstance(fields, dict):
            raise FormatError("'after' must name fields of runs")
        for ids in fields.values():
            if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
                raise FormatError("'after' must list ids of edits")
    return named


def _undoes(named: object) -> str | None:
    if named is None or isinstance(named, str):
        return named
    raise FormatError("'undoes' must be the id of an edit")


def is_field(name: str, value: object) -> bool:
    """Say whether an edit may set ``name`` to ``value``; others are kept in the file, unread."""
    if value is None:
        return name in FIELDS or name.startswith(TAG)
    if name == "archived":
        return isinstance(value, bool)
    if name == "status":
        return value in ENDS
    return isinstance(value, str) and (name in ("name", "note") or name.startswith(TAG))


def is_data_field(name: str, value: object) -> bool:
    """Say whether an edit of a dataset may set ``name`` to ``value``."""
    if not name.startswith(DATA) or name == DATA:
        return False
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return value is None or isinstance(value, str)


def fold(edits: Iterable[Edit]) -> dict[str, dict[str, Held]]:
    """Return what is in force, by run id and field."""
    by_field: dict[tuple[str, str], list[Edit]] = {}
    known = {edit.id: edit for edit in edits}
    for edit in sorted(known.values(), key=lambda edit: edit.id):
        for run in edit.of:
            for name in edit.set:
                by_field.setdefault((run, name), []).append(edit)
    held: dict[str, dict[str, Held]] = {}
    for (run, name), rivals in by_field.items():
        replaced = {old for edit in rivals for old in edit.after.get(run, {}).get(name, ())}
        heads = [edit for edit in rivals if edit.id not in replaced] or rivals[-1:]
        value = heads[-1].set[name]
        own = value is None and (
            not name.startswith(TAG) or standing(heads[-1], run, name, known) is None
        )
        if name == SENSITIVE and len(heads) > 1:
            value, own = all_sensitive([edit.set[name] for edit in heads])
        held.setdefault(run, {})[name] = Held(value, tuple(edit.id for edit in heads), own)
    return held


def all_sensitive(rivals: Sequence[Any]) -> tuple[list[str] | None, bool]:
    """Return every column one of the rivals masks, and whether one gives the field back."""
    listed = [[one] if isinstance(one, str) else one or [] for one in rivals]
    own = None in rivals
    columns = list(dict.fromkeys(column for one in listed for column in one if column))
    return (columns or None if own else columns), own


def standing(edit: Edit, run: str, name: str, known: Mapping[str, Edit]) -> Edit | None:
    """Return the edit whose word on a field ``edit`` puts in force; None for the run's own word.

    Of an undo it is what the undone edit had replaced, however often that was undone and done
    again. Where a link of the chain is missing, the last one that is there stands.
    """
    passed: set[str] = set()
    while edit.undoes is not None and edit.id not in passed:
        passed.add(edit.id)
        undone = known.get(edit.undoes)
        if undone is None:
            break
        replaced = undone.after.get(run, {}).get(name, ())
        if not replaced:
            return None
        before = known.get(max(replaced))
        if before is None or name not in before.set:
            break
        edit = before
    return edit


def contested(held: Mapping[str, Held]) -> tuple[str, ...]:
    """Return the fields two people changed without knowing of each other."""
    return tuple(sorted(name for name, one in held.items() if len(one.edits) > 1))
