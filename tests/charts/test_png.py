"""PNG files become pixels whatever filter packed them; what cannot be drawn says why."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from workbench.charts.png import decode, describe

RNG_SEED = 7


def pixels(mode: str) -> Image.Image:
    """Return a picture in which neighbours are alike, so that every filter is worth using."""
    steps = np.random.default_rng(RNG_SEED).integers(0, 9, (40, 60, 4))
    return Image.fromarray(np.cumsum(steps, axis=1).astype(np.uint8), "RGBA").convert(mode)


def on_white(image: Image.Image) -> NDArray[np.int16]:
    """Return what another decoder says, laid over white."""
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return np.asarray(paper.convert("RGB")).astype(np.int16)


def packed(rows: list[tuple[int, bytes]], width: int) -> bytes:
    """Return a grey PNG of rows that are already filtered."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(bytes([kind]) + data for kind, data in rows))
    parts = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + b"\0\0\0\0" for kind, data in parts
    )


@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated")
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_every_kind_is_read_as_another_decoder_reads_it(tmp_path: Path, mode: str) -> None:
    """Colour, grey and palette, with and without transparency, differ by rounding only."""
    image = pixels(mode)
    image.save(tmp_path / "a.png")
    read = decode(tmp_path / "a.png")
    assert not isinstance(read, str)
    assert np.abs(read.astype(np.int16) - on_white(image)).max() <= 1


def test_all_five_filters_are_undone(tmp_path: Path) -> None:
    """None, left, up, mean and Paeth, computed by hand."""
    rows = [
        (0, bytes([10, 20, 30])),
        (1, bytes([5, 5, 5])),
        (2, bytes([1, 1, 1])),
        (3, bytes([2, 2, 2])),
        (4, bytes([3, 3, 3])),
    ]
    (tmp_path / "a.png").write_bytes(packed(rows, 3))
    read = decode(tmp_path / "a.png")
    assert not isinstance(read, str)
    assert read[..., 0].tolist() == [
        [10, 20, 30], [5, 10, 15], [6, 11, 16], [5, 10, 15], [8, 13, 18]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xd8\xff\xe0 JFIF", "Only PNG"),
        (packed([(0, b"abc")], 3)[:44], "damaged"),
        (packed([(9, b"abc")], 3), "damaged"),
        (packed([(0, b"abc")], 3).replace(b"IDAT", b"IDAX"), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"
         + struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0), "too large"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"
         + struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0), "not drawn here"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_why(tmp_path: Path, data: bytes, words: str) -> None:
    """Another format, damage, a size that would fill the memory, a rare kind: a sentence each."""
    (tmp_path / "a.png").write_bytes(data)
    read = decode(tmp_path / "a.png")
    assert isinstance(read, str)
    assert words in read


def test_the_size_is_known_without_unpacking(tmp_path: Path) -> None:
    """A PNG's header says how large it is; another file says nothing."""
    (tmp_path / "a.png").write_bytes(packed([(0, b"abc")], 3))
    (tmp_path / "b.jpg").write_bytes(b"\xff\xd8\xff")
    assert describe(tmp_path / "a.png") == "An image of 3x1. "
    assert describe(tmp_path / "b.jpg") == ""
