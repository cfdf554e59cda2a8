"""Events: what one record says, as far as it is of use to a table of runs.

A summary's value is a number if it is one by itself or by what its plugin says;
everything else (pictures, histograms, graphs) is known by its kind alone.
"""

import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

from workbench.formats import wire

SCALARS, TEXT, HPARAMS = "scalars", "text", "hparams"
HISTOGRAMS, IMAGES, AUDIO, TENSORS, GRAPHS = "histograms", "images", "audio", "tensors", "graphs"
_START = 1
"""The status of a session log that says a writer began again at a step."""
_SCALAR_CLASS = 1
_LONGEST_TEXT = 1 << 20
_FLOAT, _DOUBLE, _STRING, _BOOL, _BFLOAT16, _HALF = 1, 2, 7, 10, 14, 19
_PACKED = {
    _FLOAT: "f", _DOUBLE: "d", 3: "i", 4: "B", 5: "h", 6: "b", 9: "q", _BOOL: "?",
    17: "H", _HALF: "e", 22: "I", 23: "Q",
}  # fmt: skip
"""How numbers of a type lie in a tensor's content."""


class Value(NamedTuple):
    """One value of a summary."""

    tag: str
    kind: str
    """Empty where there is a name and nothing else."""
    number: float | None = None
    """Exactly as it is in the file; a tensor's counts only if its tag is known for a scalar's."""
    content: memoryview | None = None
    """What a plugin keeps with it, where that is `HPARAMS`."""
    text: str | None = None


class Event(NamedTuple):
    """What one record says."""

    wall: float
    """Seconds since 1970."""
    step: int
    values: tuple[Value, ...] = ()
    begins_again: bool = False


class _Tensor(NamedTuple):
    number: float | None
    text: str | None


def read_event(data: bytes | memoryview) -> Event:
    """Return what a record says.

    Raises:
        FormatError: It is no event.
    """
    wall, step, values, again = math.nan, 0, [], False
    for number, value in wire.fields(data):
        if number == 1 and isinstance(value, int):
            wall = wire.double(value)
        elif number == 2 and isinstance(value, int):  # noqa: PLR2004 - numbers of fields
            step = wire.signed(value)
        elif isinstance(value, int):
            continue
        elif number in (4, 9):
            values.append(Value("graph", GRAPHS))
        elif number == 5:  # noqa: PLR2004
            values += _values(value)
        elif number == 7:  # noqa: PLR2004
            again = any(field == (1, _START) for field in wire.fields(value))
    return Event(wall, step, tuple(values), again)


def _values(summary: memoryview) -> Iterator[Value]:
    for number, value in wire.fields(summary):
        if number == 1 and isinstance(value, memoryview):
            yield _value(value)


_KINDS = {3: HISTOGRAMS, 4: IMAGES, 5: HISTOGRAMS, 6: AUDIO}
"""By the number of the field that holds it."""


def _value(data: memoryview) -> Value:
    tag, kind, number = "", "", None
    tensor, metadata = None, None
    for field, value in wire.fields(data):
        if isinstance(value, int):
            if field == 2:  # noqa: PLR2004
                kind, number = SCALARS, wire.single(value)
        elif field == 1:
            tag = wire.text(value)
        elif field in _KINDS:
            kind = _KINDS[field]
        elif field == 8:  # noqa: PLR2004
            tensor = value
        elif field == 9:  # noqa: PLR2004
            metadata = value
    plugin, content, is_scalar = ("", None, False) if metadata is None else _metadata(metadata)
    if tensor is not None:
        return _of_tensor(tag, tensor, plugin, is_scalar=is_scalar)
    if plugin == HPARAMS:
        return Value(tag, HPARAMS, content=content)
    return Value(tag, kind, number)


def _of_tensor(tag: str, tensor: memoryview, plugin: str, *, is_scalar: bool) -> Value:
    found = _tensor(tensor)
    if plugin == SCALARS or is_scalar:
        return Value(tag, SCALARS if found.number is not None else TENSORS, found.number)
    if plugin == TEXT:
        return Value(tag, TEXT, text=found.text)
    if plugin in (HISTOGRAMS, IMAGES, AUDIO):
        return Value(tag, plugin)
    return Value(tag, TENSORS, found.number)


def _metadata(data: memoryview) -> tuple[str, memoryview | None, bool]:
    """Return the plugin of a value, what it keeps there, and whether it is of the scalar class."""
    plugin, content, is_scalar = "", None, False
    for number, value in wire.fields(data):
        if number == 1 and isinstance(value, memoryview):
            for inner, part in wire.fields(value):
                if inner == 1 and isinstance(part, memoryview):
                    plugin = wire.text(part)
                elif inner == 2 and isinstance(part, memoryview):  # noqa: PLR2004
                    content = part
        elif number == 4:  # noqa: PLR2004
            is_scalar = value == _SCALAR_CLASS
    return plugin, content, is_scalar


def _tensor(data: memoryview) -> _Tensor:
    """Return the only number or the first text of a tensor."""
    kind, number, text = 0, None, None
    listed: list[int | memoryview] = []
    content: memoryview | None = None
    for field, value in wire.fields(data):
        if field == 1 and isinstance(value, int):
            kind = value
        elif field == 4 and isinstance(value, memoryview):  # noqa: PLR2004
            content = value
        elif field == 8 and isinstance(value, memoryview) and text is None:  # noqa: PLR2004
            text = wire.text(value[:_LONGEST_TEXT])
        elif field in (5, 6, 7, 10, 11, 13, 16, 17):
            listed.append(value)
    if kind != _STRING and content is not None and not listed:
        number = _unpacked(content, kind)
    elif len(listed) == 1:
        number = _listed(listed[0], kind)
    return _Tensor(number, text)


def _unpacked(content: memoryview, kind: int) -> float | None:
    if kind == _BFLOAT16 and len(content) == 2:  # noqa: PLR2004 - bytes
        return wire.single(int.from_bytes(content, "little") << 16)
    letter = _PACKED.get(kind)
    if letter is None or len(content) != struct.calcsize(f"<{letter}"):
        return None
    return float(struct.unpack(f"<{letter}", content)[0])


def _listed(value: int | memoryview, kind: int) -> float | None:
    """Return the number that a tensor's list of one holds, packed or not."""
    if kind in (_FLOAT, _DOUBLE):
        if isinstance(value, memoryview):
            return _unpacked(value, kind)
        return wire.single(value & 0xFFFF_FFFF) if kind == _FLOAT else wire.double(value)
    if isinstance(value, memoryview):
        bits, end = wire.varint(value, 0)
        if end != len(value):
            return None
    else:
        bits = value
    if kind in (_HALF, _BFLOAT16):
        return _unpacked(memoryview((bits & 0xFFFF).to_bytes(2, "little")), kind)
    return float(bits if kind == 23 else wire.signed(bits)) if kind in _PACKED else None  # noqa: PLR2004
