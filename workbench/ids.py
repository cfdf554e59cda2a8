"""Names for things: sortable ids, and path names for what people type.

An id is a ULID in lower case: 48 bits of milliseconds, 80 random bits, so a
folder listing is in order of time and nobody has to ask anybody for a number.
"""

import re

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}\Z")
_OF_PLACE = re.compile(r"[0-9a-f]{12}\Z")
_FITS = re.compile(r"[a-z0-9_-](?:[a-z0-9._-]*[a-z0-9_-])?\Z")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10)]
)
LONGEST_NAME = 64


def new_id(now: float) -> str:
    """Return a new id that sorts after every id of an earlier millisecond.

    Args:
        now: Seconds since 1970.
    """
    from os import urandom  # noqa: PLC0415 - keeps this module free of side effects at import

    return id_of(now, urandom(10))


def id_of(now: float, mark: bytes) -> str:
    """Return the id of a time and a mark, always the same of both.

    Args:
        now: Seconds since 1970.
        mark: Ten bytes; `mark_of` finds them in the id as its last sixteen letters.
    """
    number = (int(now * 1000) << 80) | int.from_bytes(mark, "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def id_of_place(source: str, key: str) -> str:
    """Return the id of a run that has none but where it lies: 12 hexadecimal digits.

    Args:
        source: The source's root as seen from what was opened, ``.`` for that itself.
        key: The run's key in it. Two sources may hold runs of one key.
    """
    from hashlib import blake2b  # noqa: PLC0415 - rarely needed, costs at import

    text = key if source == "." else f"{source}\0{key}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def is_of_place(text: str) -> bool:
    """Say whether ``text`` could have come from `id_of_place`."""
    return _OF_PLACE.match(text) is not None


def mark_of(text: str) -> str:
    """Return the part of an id that is not its time."""
    return text[-16:]


def is_id(text: str) -> bool:
    """Say whether ``text`` could have come from `new_id`."""
    return _ID.match(text) is not None


def is_path_name(text: str) -> bool:
    """Say whether ``text`` may be a file name on every system we care for."""
    return (
        len(text) <= LONGEST_NAME
        and _FITS.match(text) is not None
        and text.partition(".")[0] not in _DEVICES
    )


def is_stage_name(text: str) -> bool:
    """Say whether ``text`` may name a stage: a path name that is not taken for a number."""
    return is_path_name(text) and text[0].isalpha()


def slug(text: str) -> str:
    """Return a path name for ``text``: itself if it fits, else a readable stem and a hash.

    Two texts that differ only in case get different names, because they would be
    one file on macOS and Windows.
    """
    if is_path_name(text):
        return text
    from hashlib import blake2b  # noqa: PLC0415 - rarely needed, costs at import

    mark = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    stem = re.sub(r"[^a-z0-9_]+", "-", text.casefold()).strip("-")[: LONGEST_NAME - 9].strip("-")
    return f"{stem}-{mark}" if stem else mark
