"""A profile as bytes: JSON in gzip, the same bytes for the same profile.

Shares are written as counts: of whole numbers that rise evenly a packer leaves next to nothing,
and nothing is rounded. docs/formats/profile.md is the contract.
"""

import gzip
import zlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import msgspec

from workbench.datasets.damage import why_unread
from workbench.datasets.profile import FORMAT, Profile
from workbench.datasets.profiling.possible import impossible
from workbench.errors import FormatError

_LARGEST: Final = 256_000_000
"""Bytes of JSON that are read: some 20,000 columns."""
_LEVEL: Final = 9
_UNREAD: Final = (
    msgspec.MsgspecError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError,
    RecursionError,
)  # fmt: skip
"""What taking anything apart as a profile raises."""
_TOO_LARGE: Final = "too many columns for their distributions to be stored"


def encode(profile: Profile) -> bytes:
    """Return a profile as it is written to disk.

    Of more columns than a reader takes in, the distributions are left out, and a fault says so.
    """
    plain = msgspec.to_builtins(profile)
    for column in plain["columns"]:
        for facts in _distributed(column):
            facts["quantiles"] = _in_counts(facts["quantiles"], column["n"])
    text = msgspec.json.encode(plain)
    if len(text) > _LARGEST:
        text = msgspec.json.encode(_leaner(plain))
    return gzip.compress(text, _LEVEL, mtime=0)


def _distributed(column: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the facts of a column that have a distribution."""
    found = (column.get("numbers"), column.get("moments"))
    return [facts for facts in found if facts and facts.get("quantiles")]


def _leaner(plain: dict[str, Any]) -> dict[str, Any]:
    """Return a profile without its distributions, frequent values and pairs."""
    for column in plain["columns"]:
        for facts in _distributed(column):
            del facts["quantiles"]
        column["other"] = column.get("other", 0) + sum(n for _, n in column.pop("top", ()))
        column.pop("buckets", None)
    plain.pop("pairs", None)
    return plain | {"pairs_left_out": _TOO_LARGE, "faults": [*plain.get("faults", ()), _TOO_LARGE]}


def _in_counts(quantiles: Mapping[str, Any], n: int) -> dict[str, Any]:
    below, upto = ([round(share * n) for share in quantiles[name]] for name in ("below", "upto"))
    found = {
        "at": quantiles["at"],
        "upto": upto,
        "equal": [high - low for low, high in zip(below, upto, strict=True)],
    }
    return found | ({"within": quantiles["within"]} if quantiles.get("within") else {})


def decode(data: bytes) -> Profile:
    """Return the profile that was written.

    Raises:
        FormatError: It is none, is damaged, is unreasonably large, can be of no table, or is of a
            newer format.
    """
    try:
        plain = msgspec.json.decode(_unpacked(data))
        if not isinstance(plain, dict):
            raise FormatError("The profile cannot be read: it is no JSON object.")
        _check_format(plain.get("format", FORMAT))
        for column in plain.get("columns", ()):
            for facts in _distributed(column):
                _in_shares(facts["quantiles"], column)
        found = msgspec.convert(plain, Profile)
    except _UNREAD as error:
        raise FormatError(f"The profile cannot be read: {why_unread(error)}.") from None
    wrong = impossible(found)
    if wrong:
        raise FormatError(f"The profile cannot be read: {wrong}.")
    return found


def _unpacked(data: bytes) -> bytes:
    packed = zlib.decompressobj(wbits=31)
    try:
        text = packed.decompress(data, _LARGEST)
    except zlib.error:
        raise FormatError("The profile cannot be read: it is not gzip, or damaged.") from None
    if packed.unconsumed_tail:
        raise FormatError("The profile cannot be read: it is larger than any profile is.")
    if not packed.eof:
        raise FormatError("The profile cannot be read: its end is missing.")
    return text


def _check_format(number: object) -> None:
    if not isinstance(number, int) or number < 1:
        raise FormatError("The profile cannot be read: it names no format.")
    if number > FORMAT:
        raise FormatError(
            f"The profile is of format {number}; this program reads up to {FORMAT}.",
            hint="Use a newer workbench.",
        )


def _in_shares(quantiles: dict[str, Any], column: Mapping[str, Any]) -> None:
    """Write a column's counts as shares, in place, and refuse what is no distribution."""
    n, at, upto = column["n"], quantiles["at"], quantiles["upto"]
    below = [high - count for high, count in zip(upto, quantiles.pop("equal"), strict=True)]
    steps = [0, *(one for pair in zip(below, upto, strict=True) for one in pair), n]
    rising = all(one <= following for one, following in pairwise(steps))
    ascending = all(one < following for one, following in pairwise(at))
    if len(at) != len(upto) or not (rising and ascending):
        raise ValueError(f"the points of {column.get('name')!r:.80} are in no order")
    quantiles["below"] = [count / n for count in below]
    quantiles["upto"] = [count / n for count in upto]
