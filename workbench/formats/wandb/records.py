"""What a record of wandb's log says: its kind, and the names with values in it.

The numbers of the fields are those of ``wandb_internal.proto``; tests hold them
against the library. Values are JSON in the log and stay bytes here: most are
numbers, and Python reads those from bytes as they are.
"""

import json
import math
import re
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.formats import wire

KINDS = {
    2: "history", 3: "summary", 4: "output", 5: "config", 6: "files", 7: "stats", 8: "artifact",
    9: "tbrecord", 10: "alert", 11: "telemetry", 12: "metric", 13: "output_raw", 17: "run",
    18: "exit", 20: "final", 21: "header", 22: "footer", 23: "preempting",
    24: "noop_link_artifact", 25: "use_artifact", 26: "environment", 27: "output_logger",
    100: "request",
}  # fmt: skip
"""Fields of a record that say what it is."""
_KEYS = (0x0A, 0x12)
"""The signs before a name: of one part, and before each part of one that has several."""
_SHORT = 0x80
_BYTES = 2
_NESTED, _JSON = 2, 16
_NANOS = 1e9

_NAME, _NUMBER = rb"[\n\x12][\x00-\x7f]{1,127}", rb"[-+0-9.eEInfityNa]{1,127}"
_ITEM = rb"\n[\x00-\x7f](%b)\x82\x01[\x00-\x7f](%b)(?=[\n\x12\xc2]|\Z)" % (_NAME, _NUMBER)
_ITEMS, _ONE_ITEM = re.compile(b"(?:%b)*+" % _ITEM), re.compile(_ITEM)
"""Items as nearly all are: a name of ASCII, a number. In ASCII nothing else looks like a value's
sign, and in a number nothing like a field's; what does not match is taken apart byte by byte."""

Item = tuple[bytes, bytes]
"""The bytes that name a value, to be given to `name_of`, and the value as JSON."""


class History(NamedTuple):
    """One call of ``log``."""

    items: list[Item]
    step: int | None
    media: bool
    """There may be images, tables or histograms among the items."""


def kind_of(record: memoryview | bytes) -> tuple[str, memoryview | bytes]:
    """Return what a record is, and its body; an empty kind where this program knows none.

    Raises:
        FormatError: It is no record.
    """
    at, end = 0, len(record)
    while at < end:
        key, at = wire.varint(record, at)
        if key & 7 == _BYTES:
            size, at = wire.varint(record, at)
            if size > end - at:
                raise FormatError("A field is longer than its record.")
            if key >> 3 in KINDS:
                return KINDS[key >> 3], record[at : at + size]
            at += size
        elif key & 7 == 0:
            _, at = wire.varint(record, at)
        else:
            raise FormatError(f"A record has a field of the type {key & 7}.")
    return "", b""


def items_of(body: bytes) -> tuple[list[Item], int]:
    """Return the items that a body begins with, and where the rest of it begins.

    Raises:
        FormatError: An item is none.
    """
    items: list[Item] = []
    at, end = 0, len(body)
    try:
        while at < end and body[at] == _KEYS[0]:
            simple = _ITEMS.match(body, at)
            if simple and simple.end() > at:
                items += _ONE_ITEM.findall(body, at, simple.end())
                at = simple.end()
                continue
            size, start = wire.varint(body, at + 1)
            at = start + size
            if at > end:
                raise FormatError("An item is longer than its record.")
            items.append(_item(body[start:at]))
    except IndexError:
        raise FormatError("It ends within an item.") from None
    return items, at


def _item(data: bytes) -> Item:
    """Return an item of any form: a name in parts, a value of its own kind, in any order."""
    name, value = b"", b"null"
    for number, found in wire.fields(data):
        if number <= _NESTED and not isinstance(found, int):
            name += bytes([_KEYS[number - 1]]) + _sized(bytes(found))
        elif number == _JSON and not isinstance(found, int):
            value = bytes(found)
        else:
            value = _typed(number, found, value)
    return name, value


def _sized(text: bytes) -> bytes:
    size, count = b"", len(text)
    while count >= _SHORT:
        size, count = size + bytes([count & 0x7F | 0x80]), count >> 7
    return size + bytes([count]) + text


def _typed(number: int, found: int | memoryview, before: bytes) -> bytes:
    """Return a value that has a field of its own kind, as JSON."""
    if isinstance(found, int):
        if number == 4:  # noqa: PLR2004 - the numbers of the fields
            return b"true" if found else b"false"
        if number == 5:  # noqa: PLR2004
            return str(found >> 1 ^ -(found & 1)).encode()
        if number == 6:  # noqa: PLR2004
            return repr(wire.double(found)).encode()
    elif number == 7:  # noqa: PLR2004
        return json.dumps(wire.text(found)).encode()
    elif number == 8:  # noqa: PLR2004
        return bytes(found)
    return before


def name_of(raw: bytes) -> str:
    """Return the name in an item; the parts of one that has several are joined with dots."""
    parts: dict[int, list[str]] = {1: [], 2: []}
    for number, found in wire.fields(raw):
        if number in parts and not isinstance(found, int):
            parts[number].append(wire.text(found))
    return ".".join(parts[2] or parts[1])


def history(body: memoryview | bytes) -> History:
    """Return what one call of ``log`` wrote.

    Raises:
        FormatError: It does not decode.
    """
    data = bytes(body)
    items, rest = items_of(data)
    step = None
    for number, found in wire.fields(data[rest:]):
        if isinstance(found, int):
            continue
        if number == 1:
            items.append(_item(bytes(found)))
        elif number == _NESTED:
            step = _number(found, 1)
    return History(items, step, b"_type" in data)


def changes(body: memoryview | bytes) -> tuple[list[Item], list[Item]]:
    """Return what a summary or a configuration sets, and what it takes away.

    Raises:
        FormatError: It does not decode.
    """
    data = bytes(body)
    items, rest = items_of(data)
    gone: list[Item] = []
    for number, found in wire.fields(data[rest:]):
        if number <= _NESTED and not isinstance(found, int):
            (items if number == 1 else gone).append(_item(bytes(found)))
    return items, gone


def stats(body: memoryview | bytes) -> tuple[list[Item], float]:
    """Return what the machine was doing, and when; NaN where that is not said.

    Raises:
        FormatError: It does not decode.
    """
    found = list(wire.fields(body))
    items = [_item(bytes(v)) for n, v in found if n == 3 and not isinstance(v, int)]  # noqa: PLR2004
    times = [seconds(v) for n, v in found if n == _NESTED and not isinstance(v, int)]
    return items, times[-1] if times else math.nan


def _number(body: memoryview, field: int) -> int:
    """Return a number in a message, 0 where it is left out."""
    found = 0
    for number, value in wire.fields(body):
        if number == field and isinstance(value, int):
            found = wire.signed(value)
    return found


def seconds(body: memoryview) -> float:
    """Return the time in a message of seconds and nanoseconds, since 1970.

    Raises:
        FormatError: It does not decode.
    """
    return _number(body, 1) + _number(body, 2) / _NANOS
