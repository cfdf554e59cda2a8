"""The checksum, against its definition and known values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tensorboard.encoding import checksum
from workbench.formats.tensorboard.crc32c import crc32c, masked, masked_rows


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (b"\0" * 32, 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_published_values_come_out(data: bytes, crc: int) -> None:
    """The check value of the polynomial and the examples of RFC 3720."""
    assert crc32c(data) == crc


@pytest.mark.parametrize("length", [1, 63, 64, 65, 1023, 1024, 1025, 4096, 70_001])
def test_any_length_fits_its_definition(length: int) -> None:
    """The fast ways for long messages give what the slow one does."""
    data = np.random.default_rng(length).bytes(length)
    assert masked(crc32c(data)) == checksum(data)


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_rows_have_each_its_own(width: int, count: int, seed: int) -> None:
    """Many at once are each by itself."""
    rows = np.random.default_rng(seed).integers(0, 256, (count, width), np.uint8)
    assert masked_rows(rows).tolist() == [checksum(row.tobytes()) for row in rows]
