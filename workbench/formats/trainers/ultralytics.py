"""Ultralytics' training folders: ``args.yaml`` at the start, a row of ``results.csv`` an epoch.

Nothing says how a training ended. One with as many rows as it was to have epochs is
taken to be finished; of one that stopped early on its own nobody can tell.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from workbench.errors import FormatError
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.tables import followed_tables
from workbench.formats.tables.state import Roles
from workbench.formats.trainers import trainer_folders
from workbench.runfolder import FINISHED, Summary

TABLE, PARAMS = "results.csv", "args.yaml"
_ROLES = Roles(steps=("epoch",), times=())
RUNS_WHILE = 600.0
"""Seconds of silence that are usual: an epoch on a large dataset takes minutes."""


class UltralyticsReader:
    """Runs as folders that Ultralytics wrote."""

    name: ClassVar[str] = "ultralytics"
    title: ClassVar[str] = "Ultralytics training"
    live: ClassVar[str] = "with every epoch"
    verified: ClassVar[str] = "folders of ultralytics 8.4, against the files as csv and yaml"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether the names in ``folder`` are those of a training."""
        return PARAMS in folder.files and (TABLE in folder.files or "weights" in folder.folders)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a training."""
        del path, before
        return trainer_folders.claim_of(folder, (TABLE, PARAMS))

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether a table is the training's."""
        del first
        return name == TABLE and PARAMS in folder.files

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        listed = trainer_folders.listed(root, key)
        if PARAMS not in listed.files:
            raise FormatError(f"{key!r} is not a run: it has no {PARAMS}.")
        folder = str(listed.path)
        notes = followed_tables.notes_in(progress)
        faults: list[Fault] = []
        tables = [TABLE] if TABLE in listed.files else []
        shown = trainer_folders.shown_as(key)
        metrics = followed_tables.follow(folder, shown, tables, notes, faults, _ROLES)
        notes.params = trainer_folders.written_params(
            folder, PARAMS, key, notes.params, now, faults
        )
        rows = sum(table.state.rows for table in notes.tables.values())
        epochs = notes.params.get("epochs")
        finished = _has_all(metrics, rows, epochs)
        within = 0.0 if finished else RUNS_WHILE
        dates = trainer_folders.dates_of(folder, (TABLE, PARAMS), now, within)
        counted = f"{rows}/{epochs} epochs in {TABLE}"
        facts = {"raw_status": counted} if epochs else {}
        if finished:
            facts["concluded"] = counted
        card = RunCard(
            run_id="",
            name=listed.path.name,
            experiment=trainer_folders.experiment_of(listed.path),
            status=FINISHED if finished else dates.status,
            inferred=True,
            started=dates.started,
            ended=dates.ended,
            params=notes.params,
            metrics=metrics,
            facts={**trainer_folders.DATES, **facts},
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
        """Return nothing: Ultralytics keeps no output."""
        del root, key
        return {}


def _has_all(metrics: Mapping[str, Summary], rows: int, epochs: object) -> bool:
    """Say whether there is a row for every epoch; a resumed training may write some twice."""
    if isinstance(epochs, bool) or not isinstance(epochs, int) or epochs <= 0 or rows < epochs:
        return False
    last = max((s.last_step for s in metrics.values() if s.last_step is not None), default=-1)
    return last >= epochs - 1
