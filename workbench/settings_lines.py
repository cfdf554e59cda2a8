"""Where in ``workbench.toml`` a thing stands: the parser gives values and forgets lines.

Only for text that is known to be TOML. Read once from top to bottom, in time proportional to its
length, whatever is in it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Keys from the top, with the number of an element where there are several."""

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}]|\n|[^\"'\#\[\]{}\n]+|.",
    re.DOTALL,
)
_HEADER: Final = re.compile(r"\s*(\[\[?)(.*?)\]\]?\s*(?:#[^\n]*)?\Z", re.DOTALL)
_KEY: Final = re.compile(r"""\s*((?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^="'#\n])+)=""")


class Lines:
    """The statements of a settings file by what they set, with the line each begins in."""

    def __init__(self, text: str) -> None:
        self._statements = list(_statements(text))
        self._found = _index(self._statements)

    def of(self, place: Place, containing: str = "") -> int:
        """Return the line, from 1, of a place or of the nearest thing around it; 0 if unknown.

        Args:
            place: Keys from the top.
            containing: What the line says, for a value inside a longer statement.
        """
        for length in range(len(place), 0, -1):
            at = self._found.get(place[:length])
            if at is not None:
                line, text = self._statements[at]
                before = text.find(containing) if containing and length < len(place) else -1
                return line + text.count("\n", 0, max(before, 0))
        return 0


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement and the line it begins in; one may go over several lines."""
    line, start, depth, parts = 1, 1, 0, list[str]()
    for token in _TOKEN.finditer(text.replace("\r\n", "\n")):
        piece = token[0]
        if piece == "\n" and depth <= 0:
            yield start, "".join(parts)
            parts, start, depth = [], line + 1, 0
        else:
            parts.append(piece)
            depth += (piece in "[{") - (piece in "]}") if len(piece) == 1 else 0
        line += piece.count("\n")
    yield start, "".join(parts)


def _index(statements: list[tuple[int, str]]) -> dict[Place, int]:
    """Return which statement sets each place first."""
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    inside: Place = ()
    for number, (_, text) in enumerate(statements):
        header = _HEADER.match(text)
        if header is not None and not _KEY.match(text):
            inside = _place(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[inside] = counts.get(inside, -1) + 1
                inside = (*inside, counts[inside])
            _note(found, inside, number)
        elif (key := _KEY.match(text)) is not None:
            _note(found, (*inside, *_keys(key[1])), number)
    return found


def _note(found: dict[Place, int], place: Place, number: int) -> None:
    """Note a place, and what is around it where that has no statement of its own."""
    for length in range(len(place), 0, -1):
        found.setdefault(place[:length], number)


def _place(keys: tuple[str, ...], counts: Mapping[Place, int]) -> Place:
    """Return the place a header means: inside the newest element of each list on the way."""
    place: Place = ()
    for key in keys[:-1]:
        place = (*place, key)
        if place in counts:
            place = (*place, counts[place])
    return (*place, *keys[-1:])


def _keys(written: str) -> tuple[str, ...]:
    """Return the keys of a dotted key, as the parser reads them."""
    try:
        table: object = tomllib.loads(f"{written.strip()} = 0")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    keys = []
    while isinstance(table, dict):
        key, table = next(iter(table.items()))
        keys.append(key)
    return tuple(keys)
