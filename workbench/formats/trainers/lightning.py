"""Lightning's `CSVLogger`: ``version_N/metrics.csv`` with gaps, and ``hparams.yaml``.

When a metric comes up that was not there before, Lightning writes the whole file
anew in place, with another header. A blank cell says that a metric was not logged
then. Its TensorBoard logger leaves the same ``hparams.yaml`` beside the event files,
whose params are read here and whose curves are not.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from workbench.errors import FormatError
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.tables import followed_tables
from workbench.formats.tables.state import Roles
from workbench.formats.trainers import trainer_folders

TABLE, PARAMS = "metrics.csv", "hparams.yaml"
_VERSION = re.compile(r"version_[0-9]+\Z")
_EVENTS = "events.out.tfevents."
_ROLES = Roles(steps=("step",), times=(), aside=("epoch",))
_FIRST = 1 << 16
RUNS_WHILE = 600.0
"""Seconds of silence that are usual: the logger writes every hundred steps."""


class LightningReader:
    """Runs as folders that Lightning's loggers wrote."""

    name: ClassVar[str] = "lightning"
    title: ClassVar[str] = "Lightning CSV logger"
    live: ClassVar[str] = "with every flush of the logger, each 100 steps"
    verified: ClassVar[str] = "folders of Lightning 2.6, against its own reading of them"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether the names in ``folder`` are those of a logger's version."""
        return _may_be_version(folder)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a version; of one by another name its table must have steps."""
        del path
        if before is None and not is_version(folder):
            return None
        only_params = TABLE not in folder.files
        return trainer_folders.claim_of(folder, (TABLE, PARAMS), overlay=only_params, memory=True)

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether a table is a version's."""
        return name == TABLE and is_version(folder, first)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        listed = trainer_folders.listed(root, key)
        if not {TABLE, PARAMS} & listed.files:
            raise FormatError(f"{key!r} is not a run: Lightning left nothing in it.")
        folder = str(listed.path)
        notes = followed_tables.notes_in(progress)
        faults: list[Fault] = []
        tables = [TABLE] if TABLE in listed.files else []
        shown = trainer_folders.shown_as(key)
        metrics = followed_tables.follow(folder, shown, tables, notes, faults, _ROLES)
        notes.params = trainer_folders.written_params(
            folder, PARAMS, key, notes.params, now, faults
        )
        dates = trainer_folders.dates_of(folder, (TABLE, PARAMS), now, RUNS_WHILE)
        epoch = followed_tables.last_aside(notes, "epoch")
        epoch = int(epoch) if epoch is not None and epoch.is_integer() else epoch
        card = RunCard(
            run_id="",
            name=listed.path.name,
            experiment=trainer_folders.experiment_of(listed.path),
            status=dates.status,
            inferred=True,
            started=dates.started,
            ended=dates.ended,
            params=notes.params,
            metrics=metrics,
            facts={**trainer_folders.DATES, **({} if epoch is None else {"epoch": epoch})},
            faults=tuple(faults),
        )
        return Reading(card, msgspec.json.encode(notes))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        listed = trainer_folders.listed(root, key)
        tables = [TABLE] if TABLE in listed.files else []
        return followed_tables.curves(str(listed.path), tables, metrics, progress, _ROLES)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        return trainer_folders.file_at(root, key, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: Lightning keeps no output."""
        del root, key
        return {}


def _may_be_version(folder: Folder) -> bool:
    numbered = _VERSION.match(folder.path.name) is not None
    if PARAMS not in folder.files:
        return numbered and TABLE in folder.files
    events = any(name.startswith(_EVENTS) for name in folder.files)
    return numbered or events or TABLE in folder.files


def is_version(folder: Folder, first: bytes | None = None) -> bool:
    """Say whether a folder is a logger's: by its name, event files, or a table over steps."""
    if not _may_be_version(folder):
        return False
    if _VERSION.match(folder.path.name) or TABLE not in folder.files:
        return True
    if first is None:
        first = first_bytes(f"{folder.path}/{TABLE}", _FIRST)
    header = first.partition(b"\n")[0]
    return b"step" in header.strip().split(b",")
