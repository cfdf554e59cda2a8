"""Which fields a filter can ask about, and how their names are written.

The attributes and their other names stand here, once. Whether a bare name is a param, a metric or
a tag is not known here, because that depends on the runs: see `names`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

from workbench.errors import FilterError
from workbench.filters.quoting import is_plain, quote, reads_as_number, reads_as_value
from workbench.filters.tree import Field, Kind, Part
from workbench.filters.tree import Sort as Sort  # noqa: PLC0414 - its other name here

ATTRIBUTES: Final[Mapping[str, Sort]] = {
    "id": "text",
    "name": "text",
    "experiment": "text",
    "status": "text",
    "started": "time",
    "ended": "time",
    "duration": "duration",
    "user": "text",
    "host": "text",
    "command": "text",
    "git": "text",
    "branch": "text",
    "dirty": "truth",
    "group": "text",
    "parent": "text",
    "note": "text",
    "archived": "truth",
    "format": "text",
    "path": "text",
    "faults": "number",
    "source": "text",
    "artifact_uri": "text",
    "error": "text",
    "size": "number",
}

# Too common as names of metrics and params to be taken from them; `attributes.` asks for these.
PREFIXED_ATTRIBUTES: Final = frozenset({"error", "size"})

OTHER_NAMES: Final[Mapping[str, str]] = {
    "run_id": "id",
    "run_name": "name",
    "run name": "name",
    "Run name": "name",
    "Run Name": "name",
    "start_time": "started",
    "created": "started",
    "Created": "started",
    "end_time": "ended",
    "user_id": "user",
    "commit": "git",
}

# What rules ask of a model version, and of the state of its source.
VERSION_ATTRIBUTES: Final[Mapping[str, Sort]] = {
    "version": "number",
    "format": "text",
    "rung": "text",
    "signature": "text",
    "size": "number",
    "files": "number",
    "author": "text",
    "description": "text",
    "manifest": "text",
    "run": "text",
    "experiment": "text",
    "python": "text",
    "platform": "text",
}
# What rules ask of the data a version was made from, as people say it of the datasets.
DATA_FACTS: Final[Mapping[str, Sort]] = {
    "retention_due": "truth",
    "purpose_allowed": "truth",
    "personal": "text",
}
# What rules ask of the newest checks of drift that are about a version.
DRIFT_FACTS: Final[Mapping[str, Sort]] = {
    "severe": "number",
    "drifted": "number",
    "score": "number",
    "alerts": "number",
    "age_days": "number",
}
GIT_FACTS: Final[Mapping[str, Sort]] = {
    "commit": "text",
    "branch": "text",
    "dirty": "truth",
    "remote": "text",
}

PREFIXES: Final[Mapping[str, Kind]] = {
    "metrics": "metric",
    "metric": "metric",
    "params": "param",
    "param": "param",
    "parameters": "param",
    "parameter": "param",
    "tags": "tag",
    "tag": "tag",
    "attributes": "attribute",
    "attribute": "attribute",
    "attr": "attribute",
    "run": "attribute",
    "datasets": "dataset",
    "dataset": "dataset",
}

DATASET_NAMES: Final[Mapping[str, str]] = {
    "name": "name",
    "digest": "digest",
    "context": "context",
    "hash": "digest",
    "role": "context",
}

PARTS: Final[tuple[Part, ...]] = get_args(Part)
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "personal": ("none", "pseudonymous", "personal", "special"),
}
"""The only values of a fact of data: any other word would never be equal, and nobody would see."""
_OF_VERSIONS: Final[Mapping[Kind, Mapping[str, Sort]]] = {
    "git": GIT_FACTS,
    "data": DATA_FACTS,
    "drift": DRIFT_FACTS,
    "version": VERSION_ATTRIBUTES,
}
_SPELLED: Final[Mapping[Kind, str]] = {
    "metric": "metrics.",
    "param": "params.",
    "tag": "tags.",
    "dataset": "datasets.",
    "git": "git.",
    "data": "data.",
    "drift": "drift.",
}
# Settings read from nested files make params such as `run.seed` and `dataset.path`; plain names
# that begin like this and are no attribute are left for `names` to look up.
_OPEN_PREFIXES: Final = frozenset({"run", "dataset"})


def sort_of(field: Field) -> Sort:
    """Return what kind of values the field has; "any" where a run decides."""
    if field.kind == "column":
        return field.sort
    if field.kind == "attribute":
        return ATTRIBUTES[field.name]
    if field.kind in _OF_VERSIONS:
        return _OF_VERSIONS[field.kind][field.name]
    if field.kind == "metric" or field.part is not None:
        return "number"
    return "text" if field.kind == "dataset" else "any"


def plain_field(text: str, column: int) -> Field:
    """Return the field a name written without quotes means."""
    prefix, dot, name = text.partition(".")
    if dot and prefix in PREFIXES:
        found = _known(PREFIXES[prefix], name, column)
        if found is None and name and prefix in _OPEN_PREFIXES:
            return Field("bare", text, column=column)
        return found or _no_such(prefix, name, column)
    if reads_as_number(text):
        raise FilterError(
            f"Expected a name, not the number {text}.",
            text="",
            column=column,
            hint="Write the name first, then the operator and the value.",
        )
    return quoted_field(text, column)


def quoted_field(name: str, column: int) -> Field:
    """Return the field a name between backticks or double quotes means."""
    if not name:
        raise FilterError("A name cannot be empty.", text="", column=column)
    known = None if name in PREFIXED_ATTRIBUTES else _known("attribute", name, column)
    return known or Field("bare", name, column=column)


def prefixed_field(prefix: str, name: str, column: int) -> Field:
    """Return the field that ``prefix`` and a quoted ``name`` mean together."""
    if prefix not in PREFIXES:
        raise FilterError(
            f"'{prefix}.' is no kind of field.",
            text="",
            column=column,
            hint="Write metrics., params., tags., attributes. or datasets. before the name.",
        )
    return _known(PREFIXES[prefix], name, column) or _no_such(prefix, name, column)


def part_of(field: Field, part: Part) -> Field:
    """Return the part of a metric that a function such as ``min`` asks for."""
    if field.kind not in {"metric", "bare"}:
        raise FilterError(
            f"{part}() is asked of a metric, and {write_field(field)} is none.",
            text="",
            column=field.column,
        )
    return replace(field, part=part)


def write_field(field: Field) -> str:
    """Return the field as it is written in a filter."""
    name = field.name if is_plain(field.name) else quote(field.name, "`")
    if field.kind == "column":
        return quote(field.name, "`") if reads_as_value(field.name) else name
    if field.kind == "bare":
        name = _bare(field)
    text = _prefix(field) + name
    return (
        text if field.part in {None, "last"} and not _asks_last(field) else f"{field.part}({text})"
    )


def _prefix(field: Field) -> str:
    if field.kind == "attribute" and field.name in PREFIXED_ATTRIBUTES:
        return "attributes."
    return (field.owner and f"{field.owner}.") + _SPELLED.get(field.kind, "")


def _asks_last(field: Field) -> bool:
    return field.kind == "bare" and field.part == "last"


def _bare(field: Field) -> str:
    prefix, dot, name = field.name.partition(".")
    owned = dot and prefix in PREFIXES and not _is_left_open(prefix, name)
    if is_plain(field.name) and not owned and not reads_as_number(field.name):
        return field.name
    return quote(field.name, "`")


def _is_left_open(prefix: str, name: str) -> bool:
    return bool(name) and prefix in _OPEN_PREFIXES and _known(PREFIXES[prefix], name, 0) is None


def _known(kind: Kind, name: str, column: int) -> Field | None:
    if kind == "attribute":
        name = OTHER_NAMES.get(name, name)
        return Field(kind, name, column=column) if name in ATTRIBUTES else None
    if kind == "dataset":
        name = DATASET_NAMES.get(name, "")
    if not name:
        return None
    return Field(kind, name, "last" if kind == "metric" else None, column)


def _no_such(prefix: str, name: str, column: int) -> Field:
    if not name:
        raise FilterError(f"Expected a name after '{prefix}.'.", text="", column=column)
    allowed = ATTRIBUTES if PREFIXES[prefix] == "attribute" else DATASET_NAMES
    raise FilterError(
        f"There is no {PREFIXES[prefix]} called '{name}'.",
        text="",
        column=column,
        hint=f"Write one of {', '.join(allowed)}.",
    )
