"""Messages taken apart: what they hold comes out, and nothing malformed gets through."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.formats import wire

_U64 = st.integers(0, 2**64 - 1)
_NUMBERS = st.integers(1, 2**29 - 1)


def varint(value: int) -> bytes:
    """Return a number of variable length."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


@given(st.lists(st.tuples(_NUMBERS, st.one_of(_U64, st.binary(max_size=300)))))
def test_fields_come_back(written: list[tuple[int, int | bytes]]) -> None:
    """Numbers and bytes come out as they were put in, in their order."""
    data = b"".join(
        varint(n << 3) + varint(v)
        if isinstance(v, int)
        else varint(n << 3 | 2) + varint(len(v)) + v
        for n, v in written
    )
    read = [(n, v if isinstance(v, int) else bytes(v)) for n, v in wire.fields(data)]
    assert read == written


@given(st.floats(), st.floats(width=32))
def test_floats_come_back(double: float, single: float) -> None:
    """Fixed numbers come as bits, and the bits as the floats they are."""
    data = varint(1 << 3 | 1) + struct.pack("<d", double)
    data += varint(2 << 3 | 5) + struct.pack("<f", single)
    (_, one), (_, two) = wire.fields(data)
    assert isinstance(one, int)
    assert isinstance(two, int)
    for seen, wanted in ((wire.double(one), double), (wire.single(two), single)):
        assert seen == wanted or (math.isnan(seen) and math.isnan(wanted))


def test_a_float_of_too_many_bits_is_refused() -> None:
    """A field may have another type than it should."""
    with pytest.raises(FormatError):
        wire.single(2**32)


@given(st.integers(-(2**63), 2**63 - 1))
def test_signs_come_back(value: int) -> None:
    """A negative number is its bits in 64."""
    assert wire.signed(value & (2**64 - 1)) == value


@pytest.mark.parametrize(
    "data",
    [
        b"\x80",
        b"\x08",
        b"\x08" + b"\xff" * 11,
        b"\x0a\x05abcd",
        b"\x0a" + varint(2**63),
        b"\x09abcdefg",
        b"\x0dabc",
        b"\x0b",
        b"\x0e",
        b"\x00\x00",
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    """A message that is cut, leads out of itself or uses an unknown type is an error."""
    with pytest.raises(FormatError):
        list(wire.fields(data))


@given(st.binary(max_size=200))
def test_anything_is_read_or_refused(data: bytes) -> None:
    """Any bytes are fields within them, or a FormatError."""
    try:
        held = sum(len(v) for _, v in wire.fields(data) if not isinstance(v, int))
    except FormatError:
        return
    assert held <= len(data)
