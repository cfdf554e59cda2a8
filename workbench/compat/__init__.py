"""The two dialects people already know, over the logging client.

``from workbench.compat import mlflow`` or ``from workbench.compat import wandb``
runs the usual script with that one line changed. What a dialect does not cover
says so; nothing is imitated halfway. Standard library only, as the client.
"""

from workbench.compat.missing import NotCoveredError, ignore_missing

__all__ = ["NotCoveredError", "ignore_missing"]
