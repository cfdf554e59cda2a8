"""Notes of the last look."""

import msgspec
import pytest
from msgspec import Struct

from workbench.formats.notes import noted


class _Noted(Struct):
    version: int = 2
    lines: int = 0


_DECODER = msgspec.json.Decoder(_Noted)


def test_notes_come_back() -> None:
    """What was put away is what the next look goes on from."""
    assert noted(msgspec.json.encode(_Noted(lines=3)), _DECODER).lines == 3


@pytest.mark.parametrize("notes", [b"", b"{", b"[]", b'{"lines":"x"}', b'{"version":1,"lines":3}'])
def test_notes_of_another_version_are_none(notes: bytes) -> None:
    """A file is read anew rather than on from a place that meant something else."""
    assert noted(notes, _DECODER) == _Noted()
