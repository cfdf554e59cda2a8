"""Names and values of other tools in the form ours may have, and what had to be changed for it.

Nothing is dropped for its name: it is spelled so that it fits, and the run's facts keep how it was
called.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any, Final

from workbench.client.checks import plain, whole_text
from workbench.errors import UsageError
from workbench.ids import slug
from workbench.runfolder import checked_name
from workbench.words import visible

_LONGEST: Final = 500
_LONGEST_PART: Final = 200
"""Bytes of one part of a file's name; file systems take 255, and some count differently."""
_UNFIT: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f]|[. ]\Z|\ufffd')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)


def named(things: Mapping[str, Any], what: str, changed: dict[str, str]) -> dict[str, Any]:
    """Return things under names that fit; ``changed`` gets those that did not, new to old."""
    found: dict[str, Any] = {}
    for name, thing in things.items():
        fit = _distinct(_fit(name, what), name, found.__contains__)
        if fit != name:
            changed[fit] = whole_text(name)
        found[fit] = thing
    return found


def fit_name(name: str, what: str, instead: str) -> str:
    """Return a name that a run or an experiment may have; ``instead`` where there is none."""
    return _fit(name, what) if name.strip() else instead


def _fit(name: str, what: str) -> str:
    try:
        return checked_name(whole_text(name), what)
    except UsageError:
        plain_ = visible(whole_text(name)).strip() or "unnamed"
    if len(plain_) > _LONGEST:
        mark = blake2b(name.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
        plain_ = f"{plain_[: _LONGEST - 10].rstrip()}-{mark}"
    return "".join(letter if letter.isprintable() else "�" for letter in plain_)


def _distinct(fit: str, name: str, taken: Callable[[str], bool]) -> str:
    """Return the name, with a mark where another thing has it already."""
    if not taken(fit):
        return fit
    mark = blake2b(name.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
    return f"{fit[: _LONGEST - 10]}-{mark}"


def values(params: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return params as JSON can hold them, and the names of those that only text could keep."""
    kept: dict[str, Any] = {}
    spelled: list[str] = []
    for name, value in params.items():
        try:
            kept[name] = plain(value, name)
        except UsageError:
            kept[name] = whole_text(repr(value))
            spelled.append(name)
    return kept, spelled


def texts(tags: Mapping[str, Any]) -> dict[str, str]:
    """Return tags as text that UTF-8 can hold."""
    return {name: whole_text(str(value)) for name, value in tags.items()}


def file_names(paths: Iterable[str]) -> dict[str, str]:
    """Return the names files get here, by those they have; every system can hold them side by side.

    A name that differs from another only in case is one file on macOS and Windows.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        fit = "/".join(_part(part) for part in path.split("/"))
        if fit.casefold() in taken:
            folder, _, last = fit.rpartition("/")
            stem, dot = os.path.splitext(last)  # noqa: PTH122 - a name, not a place
            mark = blake2b(path.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
            fit = f"{folder}/{stem}-{mark}{dot}" if folder else f"{stem}-{mark}{dot}"
        taken.add(fit.casefold())
        found[path] = fit
    return found


def _part(part: str) -> str:
    """Return one part of a path as every system can hold it."""
    if part in ("", ".", ".."):
        return "_"
    long = len(part.encode("utf-8", "backslashreplace")) > _LONGEST_PART
    if not long and not _UNFIT.search(part) and not _DEVICES.match(part) and part.isprintable():
        return part
    stem, dot = os.path.splitext(part)  # noqa: PTH122
    if not re.fullmatch(r"\.[A-Za-z0-9]{1,10}", dot):
        stem, dot = part, ""
    mark = blake2b(part.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()
    readable = slug(stem) if len(stem) < _LONGEST else mark
    return f"{readable}-{mark}{dot}" if readable == stem else f"{readable}{dot}"
