"""The records of a run folder: typed when they are right, field by field when not.

One wrong field must not hide the others. So a record is decoded at once, which
is fast, and only if that fails each field is tried alone and the wrong ones
become faults.
"""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from workbench.formats.contract import Dataset, Fault, Rule
from workbench.runfolder import FORMAT, Summary, decode_number

Whole = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Number = float | str
MOST_FAULTS = 20
"""Faults told one by one of a file; the rest is counted."""


class Git(Struct, gc=False):
    """Where the source came from."""

    commit: str | None = None
    branch: str | None = None
    remote: str | None = None
    dirty: bool | None = None
    folder: str | None = None


class Card(Struct, gc=False):
    """``run.json``."""

    format: Whole = FORMAT
    id: str = ""
    name: str = ""
    experiment: str = ""
    started: float | None = None
    group: str | None = None
    parent: str | None = None
    params: dict[str, Any] | None = None
    tags: dict[str, str | None] | None = None
    note: str | None = None
    command: list[str] | None = None
    invocation: list[str] | None = None
    script: str | None = None
    host: str | None = None
    user: str | None = None
    pid: Whole | None = None
    python: str | None = None
    program: str | None = None
    git: Git | None = None


class SummaryRecord(Struct, gc=False):
    """A metric's summary as the end card holds it."""

    last: Number
    min: Number
    max: Number
    first: Number
    count: Whole
    nans: Whole = 0
    step_of_min: Whole | None = None
    step_of_max: Whole | None = None
    first_step: Whole | None = None
    last_step: Whole | None = None

    def summary(self) -> Summary:
        """Return the summary.

        Raises:
            ValueError: A text stands for no number.
        """
        last, low, high, first = self.last, self.min, self.max, self.first
        if not type(last) is type(low) is type(high) is type(first) is float:
            last, low = decode_number(last), decode_number(low)
            high, first = decode_number(high), decode_number(first)
        return Summary(
            last, low, high, first, self.count, self.nans,
            self.step_of_min, self.step_of_max, self.first_step, self.last_step,
        )  # fmt: skip


class RuleRecord(Struct, gc=False):
    """A metric's rule."""

    goal: str | None = None
    summary: str | None = None
    step_metric: str | None = None

    def rule(self) -> Rule:
        """Return the rule."""
        return Rule(self.goal, self.summary, self.step_metric)


class DatasetRecord(Struct, gc=False):
    """A dataset a run used."""

    name: str
    role: str | None = None
    path: str | None = None
    hash: str | None = None
    rows: Whole | None = None
    columns: list[tuple[str, str]] | None = None

    def dataset(self) -> Dataset:
        """Return the dataset."""
        return Dataset(
            self.name, self.role or "", self.path, self.hash, self.rows, tuple(self.columns or ())
        )


class Bytes(Struct, gc=False):
    """The sizes of the line files when the end card was written."""

    metrics: int = -1
    updates: int = -1


class Final(Struct, gc=False):
    """``final.json``."""

    format: Whole = FORMAT
    status: str = ""
    inferred: bool = False
    """The status is a conclusion, of a run copied from a tool that records none."""
    started: float | None = None
    ended: float | None = None
    error: list[str] | None = None
    metrics: dict[str, SummaryRecord] | None = None
    params: dict[str, Any] | None = None
    tags: dict[str, str | None] | None = None
    note: str | None = None
    name: str | None = None
    rules: dict[str, RuleRecord] | None = None
    artifacts: list[tuple[str, Whole]] | None = None
    datasets: list[DatasetRecord] | None = None
    facts: dict[str, Any] | None = None
    bytes: Bytes | None = None


class Update(Struct, gc=False):
    """A line of ``updates.jsonl``, of any kind."""

    kind: str
    time: float = 0.0
    pid: Whole | None = None
    host: str | None = None
    user: str | None = None
    params: dict[str, Any] | UnsetType = UNSET
    tags: dict[str, str | None] | UnsetType = UNSET
    note: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    metric: str | UnsetType = UNSET
    goal: str | None = None
    summary: str | None = None
    step_metric: str | None = None
    path: str | None = None
    size: Whole = 0
    role: str | None = None
    hash: str | None = None
    rows: Whole | None = None
    columns: list[tuple[str, str]] | None = None
    facts: dict[str, Any] | UnsetType = UNSET


_Record = TypeVar("_Record", Card, Final)
_CARDS = msgspec.json.Decoder(Card)
_FINALS = msgspec.json.Decoder(Final)


def decode_card(data: bytes, path: str, faults: list[Fault]) -> Card | None:
    """Return the start card, or None if there is no sense in it; ``faults`` grows."""
    return _decode(_CARDS, Card, data, path, faults)


def decode_final(data: bytes, path: str, faults: list[Fault]) -> Final | None:
    """Return the end card, or None if there is no sense in it; ``faults`` grows."""
    return _decode(_FINALS, Final, data, path, faults)


def _decode(
    decoder: "msgspec.json.Decoder[_Record]",
    kind: type[_Record],
    data: bytes,
    path: str,
    faults: list[Fault],
) -> _Record | None:
    record: _Record | None
    try:
        record = decoder.decode(data)
    except msgspec.ValidationError:
        record = _by_field(kind, data, path, faults)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        faults.append(Fault(path, f"is not JSON: {problem}"))
        return None
    if record is not None and record.format > FORMAT:
        reason = f"was written by a newer program (format {record.format}); shown as far as known"
        faults.append(Fault(path, reason))
    return record


def _by_field(kind: type[_Record], data: bytes, path: str, faults: list[Fault]) -> _Record | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        faults.append(Fault(path, f"is not JSON: {problem}"))
        return None
    if not isinstance(found, dict):
        faults.append(Fault(path, f"holds {type(found).__name__}, not an object"))
        return None
    right: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.name in found:
            _one_field(field, found[field.name], right, path, faults)
    return kind(**right)


def _one_field(
    field: msgspec.structs.FieldInfo,
    value: object,
    right: dict[str, Any],
    path: str,
    faults: list[Fault],
) -> None:
    """Take a field if it is right, its right members if it is a collection."""
    try:
        right[field.name] = msgspec.convert(value, field.type)
    except msgspec.ValidationError as problem:
        faults.append(Fault(path, f"{field.name}: {problem}"))
    else:
        return
    members: list[tuple[object, object]]
    if isinstance(value, dict):
        members = [(name, {name: member}) for name, member in value.items()]
    elif isinstance(value, list):
        members = [(None, [member]) for member in value]
    else:
        return
    kept: list[Any] = []
    for _, member in members:
        try:
            kept.append(msgspec.convert(member, field.type))
        except msgspec.ValidationError:
            continue  # told above
    if kept and isinstance(kept[0], dict):
        right[field.name] = {name: value for one in kept for name, value in one.items()}
    elif kept and isinstance(kept[0], list):
        right[field.name] = [value for one in kept for value in one]
