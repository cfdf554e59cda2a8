"""Names as MLflow takes them, each a file of its own in a store of files."""

import os
import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from workbench.ids import slug

MOST_OF_PARAM: Final = 6_000
MOST_OF_TAG: Final = 8_000
"""Characters of a value; more are refused by MLflow."""
_LONGEST: Final = 250
_LONGEST_PART: Final = 200
_LONGEST_RUN_ID: Final = 32
"""What the column of MLflow's database holds; its file store would take 256."""
_BAD: Final = re.compile(r"[^/\w.\- ]" if os.name == "nt" else r"[^/\w.\- :]")
_RUN_ID: Final = re.compile(r"[a-zA-Z0-9][\w\-]*\Z", re.ASCII)


def keys(names: Iterable[str]) -> dict[str, str]:
    """Return the name in MLflow of each name: no two share a file, none is a file and a folder.

    Names that differ only in case would be one file on macOS and Windows.
    """
    found: dict[str, str] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for name in sorted(names, key=lambda one: (_fit(one) != one, one)):  # unchanged names first
        fit = _fit(name)
        if _collides(fit.casefold(), files, folders):
            fit = f"{fit.replace('/', '_')[: _LONGEST_PART - 9]}-{_mark(name)}"
        found[name] = fit
        files.add(fit.casefold())
        folders.update(_parents(fit.casefold()))
    return found


def _fit(name: str) -> str:
    parts = [_part(part) for part in _BAD.sub("_", name).split("/")]
    fit = "/".join(part for part in parts if part) or "_"
    if len(fit) <= _LONGEST:
        return fit
    return f"{fit[: _LONGEST_PART - 9].replace('/', '_')}-{_mark(name)}"


def _part(part: str) -> str:
    if part in (".", ".."):
        return part.replace(".", "_")
    if len(part.encode("utf-8", "replace")) > _LONGEST_PART:
        return f"{part[: _LONGEST_PART // 4]}-{_mark(part)}"
    return part


def _collides(fit: str, files: set[str], folders: set[str]) -> bool:
    return fit in files or fit in folders or any(parent in files for parent in _parents(fit))


def _parents(fit: str) -> list[str]:
    parts = fit.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _mark(name: str) -> str:
    return blake2b(name.encode("utf-8", "backslashreplace"), digest_size=4).hexdigest()


def run_id(ours: str) -> str:
    """Return the id of a run in MLflow: ours where MLflow takes it."""
    if _RUN_ID.match(ours) and len(ours) <= _LONGEST_RUN_ID:
        return ours
    return blake2b(ours.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def experiment_id(name: str) -> str:
    """Return the id of an experiment: 18 digits, always the same of one name."""
    digest = blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return str(10**17 + int.from_bytes(digest, "big") % (9 * 10**17))


def model_name(name: str) -> str:
    """Return the folder of a model, which is its name."""
    return slug(name)
