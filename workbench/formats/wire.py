"""Protocol buffers by hand: a message as its fields, nothing of what they mean.

Two tools log in this encoding. Their own libraries weigh hundreds of megabytes,
and the encoding is a page. Nothing here trusts a length: one that leads out of
the message is a FormatError, and no message is ever copied to be looked at.
"""

import struct
from collections.abc import Iterator
from functools import partial

from workbench.errors import FormatError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 70
"""Bits after which a varint should have ended: ten bytes of seven."""
_U64 = 0xFFFF_FFFF_FFFF_FFFF
_U32 = 0xFFFF_FFFF
_SIGN = 1 << 63
_unpack_64 = partial(struct.Struct("<Q").unpack_from)
_unpack_32 = partial(struct.Struct("<I").unpack_from)
_double, _single = struct.Struct("<d"), struct.Struct("<f")


def fields(data: bytes | memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield each field of a message: its number, and an int or the bytes of it.

    Fixed numbers come as the unsigned int of their bits; see `double` and `single`.

    Raises:
        FormatError: It is not a message: cut short, a length too long, or a type not in use.
    """
    view = memoryview(data)
    at, end = 0, len(view)
    while at < end:
        key, at = varint(view, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise FormatError("A field has the number 0.")
        if kind == _VARINT:
            value, at = varint(view, at)
            yield number, value
            continue
        if kind == _BYTES:
            size, at = varint(view, at)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise FormatError(f"A field has the type {kind}, which is not in use.")
        if size > end - at:
            raise FormatError("A field is longer than what holds it.")
        yield number, _value(view, at, kind, size)
        at += size


def _value(view: memoryview, at: int, kind: int, size: int) -> int | memoryview:
    if kind == _BYTES:
        return view[at : at + size]
    unpacked: int = (_unpack_64 if kind == _FIXED64 else _unpack_32)(view, at)[0]
    return unpacked


def varint(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """Return the number of variable length at ``at``, and where it ends.

    Raises:
        FormatError: The data ends within it, or it does not end in ten bytes.
    """
    value = shift = 0
    try:
        while (byte := data[at]) >= 0x80:  # noqa: PLR2004 - the sign that more follows
            value |= (byte & 0x7F) << shift
            shift += 7
            at += 1
            if shift >= _LONGEST_VARINT:
                raise FormatError("A number does not end.")
    except IndexError:
        raise FormatError("It ends within a number.") from None
    return (value | byte << shift) & _U64, at + 1


def signed(value: int) -> int:
    """Return a varint's bits as the signed 64-bit number they are."""
    return (value ^ _SIGN) - _SIGN


def double(bits: int) -> float:
    """Return the 64-bit float of these bits."""
    number: float = _double.unpack(bits.to_bytes(8, "little"))[0]
    return number


def single(bits: int) -> float:
    """Return the 32-bit float of these bits, as the double that is exactly it.

    Raises:
        FormatError: There are more of them: the field was of another type.
    """
    if bits > _U32:
        raise FormatError("A number has more bits than its type.")
    number: float = _single.unpack(bits.to_bytes(4, "little"))[0]
    return number


def text(data: memoryview) -> str:
    """Return bytes as text; what is not UTF-8 becomes signs."""
    return bytes(data).decode("utf-8", "replace")
