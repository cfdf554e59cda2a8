"""Where one writer of one run puts its files, and how it comes to that place.

A writer's number is claimed by making its folder: ``mkdir`` lets exactly one
process through, on network drives too. Nothing else in the client makes a run
folder; `workbench.client.spool` fills one later with what could not be written.
"""

import os
from pathlib import Path
from typing import NamedTuple

from workbench import durable
from workbench.errors import NotFoundError
from workbench.runfolder import (
    ALIVE,
    CARD,
    DONE,
    NEW_PREFIX,
    RUNS,
    TEMPORARY,
    UPDATES,
    WRITERS,
    alive_marker,
    done_marker,
    experiment_folder,
)


class Place(NamedTuple):
    """Where one writer writes."""

    run: Path
    """The run's folder, or what stands for it in the spool."""
    writer: Path
    """The folder of this process's line files."""
    temp: Path
    """Temporary files, on the same file system."""
    number: int
    """The writer's number; -1 while it is in the spool and has none."""

    @property
    def spooled(self) -> bool:
        """Say whether this is in the spool and not in a workspace."""
        return self.number < 0

    def mark_alive(self) -> None:
        """Touch the heartbeat; nothing to do in the spool."""
        if not self.spooled:
            _touch(self.run.parent / ALIVE / alive_marker(self.run.name, self.number))

    def mark_done(self, status: str) -> None:
        """Create the marker of the end, and take the heartbeat away."""
        if self.spooled:
            return
        _touch(self.run.parent / DONE / done_marker(self.run.name, self.number, status))
        alive = self.run.parent / ALIVE / alive_marker(self.run.name, self.number)
        alive.unlink(missing_ok=True)


def home(root: Path, run: Path, number: int) -> Place:
    """Return the place of a numbered writer in a workspace."""
    return Place(run, run / WRITERS / str(number), root / TEMPORARY, number)


def _touch(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()


def publish_run(root: Path, experiment: str, run_id: str, card: bytes, start: bytes) -> Place:
    """Make a new run appear whole, with its start card and writer 0.

    Raises:
        OSError: The workspace cannot be written.
    """
    folder = experiment_folder(root, experiment)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{NEW_PREFIX}{run_id}"
    first = draft / WRITERS / "0"
    first.mkdir(parents=True)
    _write_synced(draft / CARD, card)
    _write_synced(first / UPDATES, start)
    final = folder / run_id
    draft.rename(final)
    durable.sync_folder(folder)
    return home(root, final, 0)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def claim(root: Path, run: Path, start: bytes) -> Place:
    """Take the next free writer's number of an existing run.

    Raises:
        OSError: The run's folder is not there or cannot be written.
    """
    writers = run / WRITERS
    if not (run / CARD).is_file():
        raise FileNotFoundError(f"{run} is no run folder")
    writers.mkdir(exist_ok=True)
    number = next_number(writers)
    while True:
        try:
            (writers / str(number)).mkdir()
            _write_synced(writers / str(number) / UPDATES, start)
            return home(root, run, number)
        except FileExistsError:
            number += 1


def next_number(writers: Path) -> int:
    """Return the number after the highest one taken."""
    taken = [int(name) for name in os.listdir(writers) if name.isdigit()]  # noqa: PTH208 - names only
    return max(taken, default=-1) + 1


def find_run(root: Path, run_id: str, experiment: str | None = None) -> Path:
    """Return the folder of a run.

    Raises:
        NotFoundError: The workspace has no such run.
        OSError: The workspace cannot be read.
    """
    if experiment is not None:
        likely = experiment_folder(root, experiment) / run_id
        if (likely / CARD).is_file():
            return likely
    try:
        experiments = sorted(os.scandir(root / RUNS), key=lambda entry: entry.name)
    except FileNotFoundError:
        experiments = []
    for entry in experiments:
        folder = Path(entry.path) / run_id
        if (folder / CARD).is_file():
            return folder
    raise NotFoundError(
        f"There is no run {run_id} in {root}.",
        hint="Leave run_id out to start a new run; its id is made for you.",
    )
