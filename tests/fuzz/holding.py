"""What must hold of a run whatever bytes it is made of."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbench.errors import FormatError
from workbench.formats.contract import FolderReader, Points

KEY = "run"
LATER = 1_900_000_000.0
OFTEN = 12
"""One kind of so many says its records often: that is slow, and another way to be read."""


class BrokenPromiseError(AssertionError):
    """A reader does what none may do."""


def hold(reader: FolderReader, root: Path, file: Path, data: bytes, pieces: int) -> None:
    """Let ``reader`` read a file whole, and again while it grows; both must come to the same.

    Raises:
        BrokenPromiseError: They do not, card and curves differ, or something was written.
    """
    before = sorted(root.rglob("*"))
    file.write_bytes(b"")
    curves: dict[str, Points] = {}
    progress, place, card = b"", None, None
    for number in range(1, pieces + 1):
        with file.open("ab") as out:
            out.write(data[out.tell() : len(data) * number // pieces])
        try:
            card, progress = reader.read(root, KEY, progress, LATER)
            news = reader.points(root, KEY, None, place)
        except FormatError:
            card, progress, place, curves = None, b"", None, {}
            continue
        place = news.progress
        if news.restarted:
            curves = {}
        _extend(curves, news.points)
    _require(sorted(root.rglob("*")) == before, "something was written")
    if card is None:
        return
    _require(
        {name: summary.count for name, summary in card.metrics.items()}
        == {name: len(points.values) for name, points in curves.items()},
        "card and curves differ",
    )
    whole = reader.points(root, KEY, None, None).points
    if not card.faults:
        _require(_text(whole) == _text(curves), "in pieces it is another curve")
    again = reader.read(root, KEY, b"", LATER).card
    if not card.faults and not again.faults:
        _require(_text(again.metrics) == _text(card.metrics), "in pieces it is another card")


def parts(data: bytes) -> Iterator[bytes]:
    """Yield records; a byte before each is its length."""
    at = 0
    while at < len(data):
        stop = at + 1 + data[at]
        yield data[at + 1 : stop]
        at = stop


def _extend(curves: dict[str, Points], news: Mapping[str, Points]) -> None:
    for name, points in news.items():
        _require(len({len(column) for column in points}) == 1, "columns differ in length")
        known = curves.setdefault(name, Points([], [], []))
        for column, more in zip(known, points, strict=True):
            column.extend(more)


def _text(found: Mapping[str, object]) -> str:
    """Return something by which two can be compared where NaN is NaN."""
    return repr(sorted(found.items()))


def _require(condition: bool, promise: str) -> None:
    if not condition:
        raise BrokenPromiseError(promise)
