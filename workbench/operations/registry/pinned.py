"""Whether a version could be made again: which of code, data and environment are not pinned."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.registry.checks import Check, Outcome, Result
from workbench.registry.state import Version
from workbench.words import visible

REQUIRED = "commit, changes, data and packages all recorded"


def reproducible(check: Check, version: Version) -> Result:
    """Return whether everything a version was made from is recorded; each missing piece is named.

    What nobody recorded fails. What was recorded as not known is undecided.
    """
    details = version.event.details
    missing = (
        *_code(_mapping(details.get("git"))),
        *_data(details.get("datasets") or ()),
        *_environment(_mapping(details.get("environment"))),
    )
    unknown = _unknown(_mapping(details.get("git")))
    outcome: Outcome = "fails" if missing else "undecided" if unknown else "holds"
    lacking = (*missing, *unknown)
    return Result(
        check,
        outcome,
        f"{len(lacking)} missing" if lacking else "all recorded",
        REQUIRED,
        f"Not pinned: {'; '.join(lacking)}." if lacking else "",
    )


def _mapping(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _code(git: Mapping[str, Any]) -> tuple[str, ...]:
    if not git.get("commit"):
        return ("the git commit",)
    if git.get("dirty") is True and not git.get("diff_hash"):
        return ("the uncommitted changes, which were not captured",)
    return ()


def _unknown(git: Mapping[str, Any]) -> tuple[str, ...]:
    if git.get("commit") and not isinstance(git.get("dirty"), bool):
        return ("whether there were uncommitted changes",)
    return ()


def _data(datasets: Sequence[Any]) -> tuple[str, ...]:
    if not datasets:
        return ("the data, as no dataset is named",)
    return tuple(
        f"the content hash of dataset {visible(str(_mapping(one).get('name', '?')))}"
        for one in datasets
        if not _mapping(one).get("hash")
    )


def _environment(environment: Mapping[str, Any]) -> tuple[str, ...]:
    missing = []
    if not environment.get("python"):
        missing.append("the version of Python")
    if not environment.get("packages"):
        missing.append("the installed packages")
    return tuple(missing)
