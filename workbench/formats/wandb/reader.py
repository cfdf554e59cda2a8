"""Runs of Weights & Biases as folders: ``wandb/offline-run-*`` and ``wandb/run-*``."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats import signs
from workbench.formats.contract import Claim, Curves, Folder, Reading
from workbench.formats.walking import folder_at
from workbench.formats.wandb import places
from workbench.formats.wandb.curves import read_points
from workbench.formats.wandb.run import read_run
from workbench.opening import inside, is_plain_file

_LIVE_FOR = 10_800.0
"""Seconds without a change after which only the regular round looks at a run again."""


class WandbReader:
    """Runs as folders that wandb wrote, offline or online, anywhere below the opened folder."""

    name: ClassVar[str] = "wandb"
    title: ClassVar[str] = "Weights & Biases run"
    live: ClassVar[str] = "in blocks: wandb buffers 32 KiB before it writes"
    verified: ClassVar[str] = (
        "logs of wandb 0.22 and 0.31, against wandb's own reader and what scripts logged"
    )
    lists_files: ClassVar[bool] = True

    def detect(self, folder: Folder) -> bool:
        """Say whether there is a log in ``folder``, or it is called as wandb calls runs."""
        if places.logs(folder.files, folder.path.name):
            return True
        return places.is_folder(folder.path.name) and places.FILES in folder.folders

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return what tells that the run changed; one that was resumed has several folders."""
        del before
        home, found = str(folder.path), places.logs(folder.files, folder.path.name)
        watched = [*found, *places.WATCHED] if found else [places.CONFIG, places.SUMMARY]
        seen = [(name, signs.facts_of(f"{home}/{name}")) for name in watched]
        if not found and not any(facts for _, facts in seen):
            return None
        newest = max((facts[2] for _, facts in seen if facts), default=0) / 1e9
        return Claim(
            signs.stamp(seen),
            changed=newest,
            live_for=_LIVE_FOR,
            closed=places.is_closed(folder),
            identity=places.identity(found[0] if found else "", folder.path.name),
            joins=places.started_in(path),
        )

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        folder = folder_at(root, key)
        return read_run(str(folder), key, _logs(folder), progress, now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        folder = folder_at(root, key)
        log = next(iter(_logs(folder)), "")
        return read_points(str(folder), key, log, metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            folder = folder_at(root, key)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None
        if not path.startswith(f"{places.FILES}/"):
            raise NotFoundError(f"{path!r} is not a file of the run.")
        return inside(folder, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return what was printed, the uncommitted changes and the packages."""
        folder = folder_at(root, key)
        if not places.has_files(str(folder)):
            return {}
        wanted = [("environment", name) for name in reversed(places.ENVIRONMENTS)]
        wanted += [("console", places.CONSOLE), ("diff", places.DIFF)]
        return {role: folder / name for role, name in wanted if is_plain_file(f"{folder}/{name}")}


def _logs(folder: Path) -> list[str]:
    """Return the names of the logs in a folder, the run's own first."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    return places.logs(names, folder.name)
