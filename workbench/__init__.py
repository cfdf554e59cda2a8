"""The workbench: log runs from a script, look at them in the terminal.

The package root is lazy: importing it loads nothing but this file, so that a
training script pays for what it calls and for nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.client import Run, active_run, define_metric, start_run
    from workbench.operations.datasets.log_dataset import log_dataset
    from workbench.operations.frames import get_run, runs_frame
    from workbench.operations.registry.consume import load_model, model_path
    from workbench.operations.registry.log_model import log_model
    from workbench.operations.registry.log_predictions import log_predictions

__version__ = "0.1.0"

_HOMES = {
    "start_run": "workbench.client",
    "active_run": "workbench.client",
    "log_dataset": "workbench.operations.datasets.log_dataset",
    "define_metric": "workbench.client",
    "Run": "workbench.client",
    "runs_frame": "workbench.operations.frames",
    "get_run": "workbench.operations.frames",
    "log_model": "workbench.operations.registry.log_model",
    "model_path": "workbench.operations.registry.consume",
    "load_model": "workbench.operations.registry.consume",
    "log_predictions": "workbench.operations.registry.log_predictions",
}

_BARE = {"log_dataset": "workbench.client"}
"""Where only the standard library is installed, as in many training environments: data is
recorded with its run, and registered later."""

__all__ = [
    "Run",
    "__version__",
    "active_run",
    "define_metric",
    "get_run",
    "load_model",
    "log_dataset",
    "log_model",
    "log_predictions",
    "model_path",
    "runs_frame",
    "start_run",
]


def __getattr__(name: str) -> object:
    """Import the module a public name lives in when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'workbench' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - the point of this function

    try:
        return getattr(import_module(home), name)
    except ModuleNotFoundError as error:
        if name not in _BARE or (error.name or "workbench").startswith("workbench"):
            raise
        return getattr(import_module(_BARE[name]), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
