"""What of a workspace a git repository around it should not keep: advice, never written."""

from pathlib import Path

from workbench.operations.git import ask
from workbench.runfolder import RUNS

_LEFT_OUT = (f"{RUNS}/", "registry/", "predictions/", "deploy/", "trash/", ".workbench/")
"""Runs, models and predictions grow without end and are read in place; the rest is of this
machine alone."""


def advice(root: Path) -> str:
    """Return what to add to .gitignore for a workspace in a work tree; nothing where all is well.

    Args:
        root: The folder of the workspace.
    """
    root = root.resolve()
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return ""
    ignored = ask(root, "check-ignore", "--", *_LEFT_OUT).data.decode("utf-8", "replace").split()
    missing = [name for name in _LEFT_OUT if name not in ignored]
    if not missing:
        return ""
    within = root.relative_to(top).as_posix()
    anchor = "/" if within == "." else f"/{within}/"
    *first, last = [f"{anchor}{name}" for name in missing]
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"It is inside the git repository {top}: add {listed} to its .gitignore."
