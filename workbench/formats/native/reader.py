"""Our own run folder, read from a workspace; ``docs/formats/run-folder.md`` is the contract."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Folder, Reading, Survey
from workbench.formats.native import curves, run, survey
from workbench.opening import inside, is_plain_file
from workbench.runfolder import (
    ARTIFACTS,
    CONSOLE,
    ENVIRONMENT,
    RUNS,
    SOURCE_DIFF,
    WORKSPACE_CARD,
    WRITERS,
)

_PARTS_OF_KEY = 3


class NativeReader:
    """Runs of a workspace; the root is the workspace, not its `runs/`."""

    name: ClassVar[str] = "native"
    title: ClassVar[str] = "Workbench run folder"
    live: ClassVar[str] = "with every line written"
    verified: ClassVar[str] = "by the logging client's own tests and by docs/formats/run-folder.md"

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return the folder itself if it is a workspace."""
        there = ".workbench" in folder.folders and (folder.path / WORKSPACE_CARD).is_file()
        return (".",) if there else ()

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of the workspace, cheaply."""
        return survey.survey(str(root), memory)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        return run.read_run(str(root), _checked(key), progress, now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` over all writers."""
        return curves.read_points(f"{root}/{_checked(key)}", metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where an artifact is."""
        try:
            return inside(root / _checked(key) / ARTIFACTS, path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return the newest writer's console output, the diff and the environment."""
        folder = f"{root}/{_checked(key)}"
        writers = [f"{folder}/{WRITERS}/{n}/{CONSOLE}" for n in run.writers_of(folder)]
        wanted = [("console", path) for path in writers]
        wanted += [("diff", f"{folder}/{SOURCE_DIFF}"), ("environment", f"{folder}/{ENVIRONMENT}")]
        return {role: Path(path) for role, path in wanted if is_plain_file(path)}


def _checked(key: str) -> str:
    """Return ``key`` if it can be the key of a run.

    Raises:
        FormatError: It cannot.
    """
    parts = key.split("/")
    if len(parts) != _PARTS_OF_KEY or parts[0] != RUNS or os.sep in "".join(parts):
        raise FormatError(f"{key!r} is not the key of a run.")
    if any(part.startswith(".") or not part for part in parts):
        raise FormatError(f"{key!r} is not the key of a run.")
    return key
