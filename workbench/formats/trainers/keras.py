"""Keras' `CSVLogger`: a table of any name whose first column is the epoch.

The callback sorts what it logs by name, writes `NA` for what an epoch did not give,
and a vector as a quoted cell. There is no marker but the header.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from workbench.errors import FormatError
from workbench.formats import plain_config
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.tables import followed_tables
from workbench.formats.tables.cells import header_of
from workbench.formats.tables.state import Roles
from workbench.formats.trainers import trainer_folders

_ENDINGS = (".csv", ".log", ".tsv", ".txt")
_STEMS = ("train", "log", "history", "metric", "result", "keras", "fit", "epoch")
_ROLES = Roles(steps=("epoch",), times=())
_FIRST = 1 << 14
MOST_TABLES = 16
"""Tables looked at in one folder; more are data."""
RUNS_WHILE = 600.0
"""Seconds of silence that are usual: one row is written an epoch."""


class KerasReader:
    """Runs as folders with a log of Keras' callback."""

    name: ClassVar[str] = "keras"
    title: ClassVar[str] = "Keras CSV logger"
    live: ClassVar[str] = "with every epoch"
    verified: ClassVar[str] = "logs of keras 3.15, against the values as csv"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether a file in ``folder`` may be a log."""
        return any(name.lower().endswith(_ENDINGS) for name in folder.files)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a folder in which a file has a log's header."""
        del path, before
        logs = _logs(folder)
        if not logs:
            return None
        configs = [name for name in plain_config.NAMES if name in folder.files]
        return trainer_folders.claim_of(folder, (*logs, *configs))

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether a table is a log."""
        del folder, name
        return is_log(first)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        listed = trainer_folders.listed(root, key)
        folder, logs = str(listed.path), _logs(listed)
        if not logs:
            raise FormatError(f"{key!r} is not a run: it has no log of Keras.")
        notes = followed_tables.notes_in(progress)
        faults: list[Fault] = []
        shown = trainer_folders.shown_as(key)
        if len(logs) == MOST_TABLES < len(_called_like_logs(listed.files)):
            faults.append(Fault(key, f"only {MOST_TABLES} logs are read; more may be there"))
        metrics = followed_tables.follow(folder, shown, logs, notes, faults, _ROLES)
        configs = [name for name in plain_config.NAMES if name in listed.files]
        dates = trainer_folders.dates_of(folder, (*logs, *configs), now, RUNS_WHILE)
        vectors = followed_tables.texts_in(notes)
        card = RunCard(
            run_id="",
            name=listed.path.name,
            experiment=trainer_folders.experiment_of(listed.path),
            status=dates.status,
            inferred=True,
            started=dates.started,
            ended=dates.ended,
            params=plain_config.read_params(folder, configs, shown, now, faults),
            metrics=metrics,
            facts={
                **trainer_folders.DATES,
                **({"non_scalar_columns": vectors} if vectors else {}),
            },
            faults=tuple(faults),
        )
        return Reading(card, msgspec.json.encode(notes))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        listed = trainer_folders.listed(root, key)
        logs = _logs(listed)
        return followed_tables.curves(str(listed.path), logs, metrics, progress, _ROLES)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        return trainer_folders.file_at(root, key, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: Keras keeps no output."""
        del root, key
        return {}


def _candidates(files: frozenset[str]) -> list[str]:
    """Return the files worth looking into; those called like a log come first."""
    found = _called_like_logs(files)
    found.sort(key=lambda name: (not name.lower().startswith(_STEMS), name))
    return sorted(found[:MOST_TABLES])


def _called_like_logs(files: frozenset[str]) -> list[str]:
    return [name for name in files if name.lower().endswith(_ENDINGS)]


def _logs(folder: Folder) -> list[str]:
    first = {n: first_bytes(f"{folder.path}/{n}", _FIRST) for n in _candidates(folder.files)}
    return [name for name, data in first.items() if is_log(data)]


def is_log(first: bytes) -> bool:
    """Say whether a file begins as the callback writes: epoch first, the rest sorted, a loss."""
    line, newline, _ = first.partition(b"\n")
    if not newline or not line.startswith((b"epoch", b'"epoch"')):
        return False
    try:
        names, _ = header_of(line)
    except csv.Error:
        return False
    rest = names[1:]
    if names[0] != "epoch" or "loss" not in rest or "step" in rest:  # Lightning's have a step
        return False
    return rest == sorted(rest)
