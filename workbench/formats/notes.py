"""What a reader noted at its last look, if it is this version's.

Notes are stored, and outlive the program that wrote them. So each kind has a number of
its version, and notes of another one are as good as none.
"""

from typing import Protocol, TypeVar

import msgspec


class Versioned(Protocol):
    """Notes that say of which version they are; made without arguments they are empty."""

    version: int

    def __init__(self) -> None: ...


_N = TypeVar("_N", bound=Versioned)


def noted(progress: bytes, decoder: "msgspec.json.Decoder[_N]") -> _N:
    """Return the notes that ``msgspec.json.encode`` put away, or empty ones."""
    empty = decoder.type()
    if not progress:
        return empty
    try:
        found = decoder.decode(progress)
    except msgspec.MsgspecError:
        return empty
    return found if found.version == empty.version else empty
