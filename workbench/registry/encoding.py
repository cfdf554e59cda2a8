"""An event as bytes: one line of JSON, closed by a checksum over everything before it.

The only place that knows what an event looks like on disk; the contract with other programs is
docs/formats/registry.md. A line that was cut short, changed, or written in a later format is an
error here and never half an event.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from workbench.errors import FormatError, UsageError
from workbench.ids import is_stage_name
from workbench.opening import LARGEST_CARD
from workbench.registry.event import (
    APPROVED,
    DELETED,
    DESCRIBED,
    FORMAT,
    FROZEN,
    PROMOTED,
    REGISTERED,
    REINSTATED,
    REQUESTED,
    RETIRED,
    ROLLED_BACK,
    TICKED,
    UNFROZEN,
    WITHDRAWN,
    Draft,
    Event,
)
from workbench.words import visible

_SEAL: Final = b',"sha256":"'
_END: Final = b'"}\n'
_HEX: Final = 64
_SEALED: Final = len(_SEAL) + _HEX + len(_END)
_LATEST: Final = 253_402_300_800.0
"""The year 10,000: a time beyond it cannot be shown as a date."""
_MOST_SHOWN: Final = 80
"""Characters of a name that cannot be one."""
_OF_A_VERSION: Final = frozenset(
    (REGISTERED, PROMOTED, REQUESTED, WITHDRAWN, APPROVED, TICKED, RETIRED, REINSTATED, DELETED)
)
_OF_A_STAGE: Final = frozenset(
    (PROMOTED, ROLLED_BACK, REQUESTED, WITHDRAWN, APPROVED, TICKED, FROZEN, UNFROZEN)
)
_OF_NO_STAGE: Final = frozenset((REGISTERED, DESCRIBED, RETIRED, REINSTATED, DELETED))


class _Line(msgspec.Struct):
    """What stands in the file; fields not named here are of a later version and left alone."""

    format: int
    seq: int
    previous: str
    id: str
    kind: str
    model: str
    actor: str
    host: str
    time: float
    version: int | None = None
    stage: str = ""
    saw: dict[str, Any] = {}
    reason: str = ""
    details: dict[str, Any] = {}


_DECODER: Final = msgspec.json.Decoder(_Line)


def encode(draft: Draft, *, seq: int, model: str, previous: str) -> bytes:
    """Return the bytes of an event: a draft in its place in the journal.

    Numbers that JSON does not have are written as the strings NaN, Infinity and -Infinity.

    Args:
        draft: What is to be recorded.
        seq: Its number, from 1.
        model: Whose journal.
        previous: SHA-256 of the event before, in hexadecimal; empty for the first.

    Raises:
        UsageError: It would be larger than what a reader takes.
        ValueError: The draft does not say what its kind needs.
    """
    if unfit := _unfit(draft.kind, draft.version, draft.stage, draft.time):
        raise ValueError(unfit)
    body = msgspec.json.encode(
        {
            "format": FORMAT, "seq": seq, "previous": previous, "id": draft.id,
            "kind": draft.kind, "model": model, "version": draft.version,
            "stage": draft.stage, "saw": _plain(draft.saw), "actor": _text(draft.actor),
            "host": _text(draft.host), "time": draft.time, "reason": _text(draft.reason),
            "details": _plain(draft.details),
        }
    )[:-1]  # fmt: skip
    data = body + _SEAL + hashlib.sha256(body).hexdigest().encode() + _END
    if len(data) > LARGEST_CARD:
        raise UsageError(
            f"What is to be recorded has {len(data):,} bytes; an event has at most"
            f" {LARGEST_CARD:,}.",
            hint="Shorten the description, the input example or the tags.",
        )
    return data


def decode(data: bytes, *, previous_effective: float) -> Event:
    """Return the event that ``data`` is; an unknown kind is an event too.

    Args:
        data: A whole file.
        previous_effective: Effective time of the event before, seconds since 1970; 0 for the first.

    Raises:
        FormatError: It is cut short, its checksum does not fit, or it cannot be understood.
    """
    line = _understood(_unsealed(data))
    if line.format > FORMAT:
        raise FormatError(
            f"It has format {line.format}, which is newer than this program.",
            hint="Update the workbench.",
        )
    if unfit := _unfit(line.kind, line.version, line.stage, line.time):
        raise FormatError(unfit)
    return Event(
        seq=line.seq, model=line.model, id=line.id, kind=line.kind, actor=line.actor,
        host=line.host, time=line.time, reason=line.reason, version=line.version,
        stage=line.stage, saw=line.saw, details=line.details, previous=line.previous,
        hash=hashlib.sha256(data).hexdigest(), effective=max(line.time, previous_effective),
    )  # fmt: skip


def _unsealed(data: bytes) -> bytes:
    """Return the JSON object without its checksum, which was right."""
    if not data:
        raise FormatError("It is empty.")
    if not data.endswith(_END):
        raise FormatError("It is cut short: its end is missing.")
    body, seal = data[:-_SEALED], data[-_SEALED:]
    if not body or not seal.startswith(_SEAL):
        raise FormatError("It has no checksum.")
    if seal[len(_SEAL) : -len(_END)] != hashlib.sha256(body).hexdigest().encode():
        raise FormatError("Its checksum does not fit: it was changed or damaged.")
    return body + b"}"


def _understood(data: bytes) -> _Line:
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"It is not an event: {error}.") from error


def _unfit(kind: str, version: int | None, stage: str, time: float) -> str:
    """Return what is wrong with these fields, empty where nothing is."""
    if not 0 <= time < _LATEST:
        return f"Its time is {time!r}, which is no date."
    if version is not None and version < 1:
        return f"Its version is {version}; versions are counted from 1."
    if kind in _OF_A_VERSION and version is None:
        return f"It is {kind!r} and names no version."
    if kind in _OF_A_STAGE and not stage:
        return f"It is {kind!r} and names no stage."
    if kind in _OF_NO_STAGE and stage:
        return f"It is {kind!r} and names a stage."
    if stage and not is_stage_name(stage):
        return f"{visible(stage)[:_MOST_SHOWN]!r} cannot be the name of a stage."
    return ""


def _plain(value: Any) -> Any:
    """Return ``value`` as what JSON has."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {_text(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _text(text: str) -> str:
    """Return ``text`` as UTF-8 can hold it: half a character becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
