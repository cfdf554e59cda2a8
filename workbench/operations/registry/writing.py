"""A model in memory, written to a file: scikit-learn's with skops, else with the reason why not.

This runs in the script that trained the model; what is loaded back to try the file
is the object the script just had in its hands.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.errors import NotFoundError, UsageError, WorkbenchError
from workbench.registry.skops_types import extra_types
from workbench.words import plural, visible

SKOPS: Final = "model.skops"
JOBLIB: Final = "model.joblib"
_LONGEST_REASON: Final = 300
_SCRIPT: Final = "__main__"
_OF_THE_SCRIPT: Final = re.compile(rb"\x8c\x08__main__\x94\x8c.(\w+)\x94", re.DOTALL)
"""As pickles since protocol 4 name the first function or class of a module."""
_MOST_NAMED: Final = 5


class Written(NamedTuple):
    """A model as files."""

    path: Path
    why_format: str = ""
    """Why it is not in the first choice of formats; empty when it is, or was written elsewhere."""
    warning: str = ""
    """Why it can be loaded in this script alone; empty where it can be loaded elsewhere."""


def is_estimator(model: Any) -> bool:
    """Say whether a model is scikit-learn's, or of a class made from one of its classes."""
    return any(one.__module__.partition(".")[0] == "sklearn" for one in type(model).__mro__)


def written(model: Any, folder: Path) -> Written:
    """Return a model's files: those a path names, or an estimator written into ``folder``.

    Raises:
        NotFoundError: There is nothing at the path, or a folder without a file.
        UsageError: It is neither a path nor an estimator.
        WorkbenchError: Neither skops nor joblib can write it.
    """
    if isinstance(model, str | os.PathLike):
        path = Path(model)
        if not path.exists():
            raise NotFoundError(f"There is no model at {path}.", hint="Log it once it is there.")
        if path.is_dir() and not any(one.is_file() for one in path.rglob("*")):
            raise NotFoundError(f"There is no file in {path}.", hint="Log it once it is written.")
        return Written(path)
    if not is_estimator(model):
        raise UsageError(
            f"The workbench does not write models of type {type(model).__name__}.",
            hint="Save it with its own library and pass the path of the file or folder.",
        )
    why_not = _with_skops(model, folder / SKOPS)
    if not why_not:
        return Written(folder / SKOPS, warning=_bound_to_the_script(_named_in(folder / SKOPS)))
    _with_joblib(model, folder / JOBLIB, why_not)
    why = f"Written with joblib, because {why_not}."
    return Written(folder / JOBLIB, why, _bound_to_the_script(_named_in(folder / JOBLIB)))


def _bound_to_the_script(names: Iterable[str]) -> str:
    """Return which functions and classes of a model no other program has; empty if none."""
    own = sorted(names)
    if not own:
        return ""
    more = len(own) - _MOST_NAMED
    shown = ", ".join(own[:_MOST_NAMED]) + (f" and {plural(more, 'other')}" if more > 0 else "")
    what = (
        "are defined in the script; move them" if own[1:] else "is defined in the script; move it"
    )
    return f"{shown} {what} to a module of its own, or no other program can load the model."


def _named_in(file: Path) -> set[str]:
    """Return what of the script itself a file names, told from its bytes; nothing is loaded."""
    if file.name == JOBLIB:
        return {name.decode() for name in _OF_THE_SCRIPT.findall(file.read_bytes())}
    whole = (name.rpartition(f"{_SCRIPT}.") for name in extra_types(file))
    return {name for before, found, name in whole if found and not before}


def _with_skops(model: Any, file: Path) -> str:
    """Write an estimator with skops, or return why that cannot be."""
    from skops import io as skops

    try:
        data = skops.dumps(model)
    except Exception as error:  # noqa: BLE001 - any class may refuse in its own way; kept as the reason
        return f"skops cannot write it: {_said(error)}"
    try:
        types = skops.get_untrusted_types(data=data)
        back = skops.loads(data, trusted=types)
        same = type(back) is type(model) and types == skops.get_untrusted_types(
            data=skops.dumps(back)
        )
    except Exception as error:  # noqa: BLE001 - as above
        return f"what skops writes of it cannot be loaded again: {_said(error)}"
    if not same:
        return "what skops writes of it holds other types once it is loaded"
    file.write_bytes(data)
    return ""


def _with_joblib(model: Any, file: Path, why_not: str) -> None:
    import joblib  # noqa: PLC0415 - comes with scikit-learn

    try:
        joblib.dump(model, file)
    except Exception as error:
        raise WorkbenchError(
            f"The {type(model).__name__} cannot be written: {why_not}; joblib: {_said(error)}.",
            hint="Write it to a file yourself and pass its path.",
        ) from error


def _said(error: Exception) -> str:
    text = visible(str(error).partition("\n")[0]).strip() or type(error).__name__
    return text[:_LONGEST_REASON].rstrip(".")
