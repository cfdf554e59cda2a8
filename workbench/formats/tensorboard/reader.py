"""TensorBoard's runs: folders with event files, anywhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Claim, Curves, Folder, Reading
from workbench.formats.signs import facts_of, stamp
from workbench.formats.tensorboard.curves import read_points
from workbench.formats.tensorboard.family import MARK, event_files, is_only_above, whole_of
from workbench.formats.tensorboard.reading import read_run
from workbench.formats.walking import folder_at
from workbench.opening import inside


class TensorboardReader:
    """Runs as folders with event files."""

    name: ClassVar[str] = "tensorboard"
    title: ClassVar[str] = "TensorBoard event files (PyTorch, TensorFlow, tensorboardX)"
    live: ClassVar[str] = (
        "when the writer flushes: every 120 seconds unless the script says otherwise; "
        "without a change for 180 seconds a run is not taken to go on"
    )
    verified: ClassVar[str] = (
        "files of PyTorch 2.13, tensorboardX 2.6 and TensorBoard's own writer 2.21, "
        "against EventAccumulator"
    )
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether there is an event file in ``folder``."""
        return any(name.startswith(MARK) for name in folder.files)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:  # noqa: ARG002 - what was looked at is remembered by the files' state
        """Return a run, or which run above it is a part of; see `family`."""
        files = event_files(folder.files)
        seen = [(name, facts_of(f"{folder.path}/{name}")) for name in files]
        there = [facts[2] for _, facts in seen if facts]
        if not there or is_only_above(folder.path, path, files):
            return None
        return Claim(
            stamp(seen),
            changed=max(there) / 1e9,
            part_of=whole_of(folder.path, path, files),
        )

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key`` with the folders that are parts of it."""
        return read_run(root, key, progress, now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        return read_points(root, key, metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:  # noqa: ARG002 - the seam's
        """Return nothing: what is worth showing is among the facts."""
        return {}
