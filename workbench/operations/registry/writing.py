"""A model in memory, written to a file: scikit-learn's with skops, else with the reason why not.

This runs in the script that trained the model; what is loaded back to try the file
is the object the script just had in its hands.
"""

import os
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.errors import NotFoundError, UsageError, WorkbenchError
from workbench.words import visible

SKOPS: Final = "model.skops"
JOBLIB: Final = "model.joblib"
_LONGEST_REASON: Final = 300


class Written(NamedTuple):
    """A model as files."""

    path: Path
    why_format: str = ""
    """Why it is not in the first choice of formats; empty when it is, or was written elsewhere."""


def is_estimator(model: Any) -> bool:
    """Say whether a model is scikit-learn's, or of a class made from one of its classes."""
    return any(one.__module__.partition(".")[0] == "sklearn" for one in type(model).__mro__)


def written(model: Any, folder: Path) -> Written:
    """Return a model's files: those a path names, or an estimator written into ``folder``.

    Raises:
        NotFoundError: There is nothing at the path.
        UsageError: It is neither a path nor an estimator.
        WorkbenchError: Neither skops nor joblib can write it.
    """
    if isinstance(model, str | os.PathLike):
        path = Path(model)
        if not path.exists():
            raise NotFoundError(f"There is no model at {path}.", hint="Log it once it is there.")
        return Written(path)
    if not is_estimator(model):
        raise UsageError(
            f"A {type(model).__name__} is not written by the workbench.",
            hint="Save it with its own library and pass the path of the file or folder.",
        )
    why_not = _with_skops(model, folder / SKOPS)
    if not why_not:
        return Written(folder / SKOPS)
    _with_joblib(model, folder / JOBLIB, why_not)
    return Written(folder / JOBLIB, f"Written with joblib, because {why_not}.")


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
