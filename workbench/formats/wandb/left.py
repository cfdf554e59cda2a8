"""What an online run leaves beside its log: configuration and summary, without curves."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from workbench.errors import FormatError
from workbench.formats import plain_config
from workbench.formats.contract import Fault
from workbench.formats.walking import HERE
from workbench.formats.wandb import places
from workbench.formats.wandb.telling import numbers_in
from workbench.opening import read_small

_LARGEST = 1 << 20
_NO_PARAMS = ("_wandb", "wandb_version")


class Left(NamedTuple):
    """A run's files in the place of its log."""

    params: Mapping[str, Any]
    values: Mapping[str, float]
    """The summary's numbers by name."""


def left_behind(folder: str, key: str, faults: list[Fault]) -> Left:
    """Return what the files say; the missing log is a fault.

    Raises:
        FormatError: There are no such files.
    """
    shown = "" if key == HERE else f"{key}/"
    faults.append(Fault(key, "has lost its log, run-*.wandb: the summary's values, no curves"))
    config = _loaded(folder, shown, places.CONFIG, faults)
    summary = _loaded(folder, shown, places.SUMMARY, faults)
    if config is None and summary is None:
        raise FormatError(f"{key!r} is not a run: it has neither a log nor a summary.")
    return Left(
        _params(config or {}, f"{shown}{places.CONFIG}", faults),
        dict(numbers_in(summary or {})),
    )


def _loaded(folder: str, shown: str, name: str, faults: list[Fault]) -> Mapping[str, Any] | None:
    """Return what is in a file; None if there is no such file."""
    if not places.has_files(folder):
        return None
    try:
        return plain_config.load(name, read_small(f"{folder}/{name}", _LARGEST))
    except FileNotFoundError:
        return None
    except (FormatError, OSError) as problem:
        faults.append(Fault(f"{shown}{name}", f"cannot be read: {problem}"))
        return {}


def _params(config: Mapping[str, Any], shown: str, faults: list[Fault]) -> dict[str, Any]:
    """Return the params, each of which is a value with a description."""
    found = {
        name: said["value"] if isinstance(said, Mapping) and "value" in said else said
        for name, said in config.items()
        if name not in _NO_PARAMS
    }
    try:
        return plain_config.flat(found)
    except FormatError as problem:
        faults.append(Fault(shown, f"cannot be read: {problem}"))
        return {}
