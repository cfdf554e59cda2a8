"""Evaluation logs of XGBoost and LightGBM, as scripts save them: ``evals_result*.json``.

The library hands over ``{dataset: {metric: [value of each round]}}`` and the script
writes it once, at the end. So there is nothing to follow and no word on the status.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import FormatError
from workbench.formats import plain_config, signs
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.series import Series
from workbench.formats.tables.json_lines import number_in
from workbench.formats.trainers import trainer_folders
from workbench.opening import read_small
from workbench.runfolder import UNKNOWN

_NAME = re.compile(r"(?:evals?_results?|evals_log)(?P<which>[\w.-]*)\.json\Z", re.ASCII)
_BEGINNING = re.compile(rb'\s*\{\s*"[^"]*"\s*:\s*[\{\[]')
_LARGEST = 32 * 1024 * 1024
MOST_FILES = 32
"""Logs read in one folder: the folds of a cross-validation."""


class BoostingReader:
    """Runs as folders with evaluation logs."""

    name: ClassVar[str] = "boosting"
    title: ClassVar[str] = "XGBoost or LightGBM evaluation log"
    live: ClassVar[str] = "when the script saves the log, at the end"
    verified: ClassVar[str] = "logs of xgboost 3.2 and lightgbm 4.7, against the values in memory"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether a file in ``folder`` is called like an evaluation log."""
        return bool(_candidates(folder.files))

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a folder with a log."""
        del path
        known = before if isinstance(before, frozenset) else frozenset()
        logs = [
            name
            for name in _candidates(folder.files)
            if name in known or _begins_like_a_log(f"{folder.path}/{name}")
        ]
        if not logs:
            return None
        configs = [name for name in plain_config.NAMES if name in folder.files]
        return trainer_folders.claim_of(folder, (*logs, *configs), memory=frozenset(logs))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        del progress
        listed = trainer_folders.listed(root, key)
        folder, logs = str(listed.path), _candidates(listed.files)
        if not logs:
            raise FormatError(f"{key!r} is not a run: it has no evaluation log.")
        faults: list[Fault] = []
        series = _series(folder, logs, key, faults)
        configs = [name for name in plain_config.NAMES if name in listed.files]
        dates = trainer_folders.dates_of(folder, (*logs, *configs), now, 0.0)
        shown = trainer_folders.shown_as(key)
        card = RunCard(
            run_id="",
            name="/".join(listed.path.absolute().parts[-2:]).lstrip("/"),
            experiment=trainer_folders.experiment_of(listed.path),
            status=UNKNOWN,
            inferred=True,
            started=dates.started,
            ended=dates.ended,
            params=plain_config.read_params(folder, configs, shown, now, faults),
            metrics=series.metrics(),
            facts=trainer_folders.DATES,
            faults=tuple(faults),
        )
        return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        listed = trainer_folders.listed(root, key)
        folder, logs = str(listed.path), _candidates(listed.files)
        facts = [(name, signs.facts_of(f"{folder}/{name}")) for name in logs]
        return trainer_folders.past(
            facts, metrics, progress, lambda: _series(folder, logs, key, [])
        )

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        return trainer_folders.file_at(root, key, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: these libraries keep no output."""
        del root, key
        return {}


def _candidates(files: frozenset[str]) -> list[str]:
    return sorted(name for name in files if _NAME.match(name))[:MOST_FILES]


def _begins_like_a_log(path: str) -> bool:
    return _BEGINNING.match(first_bytes(path, 1 << 12)) is not None


def _series(folder: str, logs: list[str], key: str, faults: list[Fault]) -> Series:
    series = Series()
    for name in logs:
        shown = trainer_folders.named(key, name)
        try:
            found = plain_config.load(name, read_small(f"{folder}/{name}", _LARGEST))
        except (FormatError, OSError) as problem:
            faults.append(Fault(shown, f"cannot be read: {problem}"))
            continue
        match = _NAME.match(name)
        which = match["which"].strip("_.-") if match else ""
        for metric, values in _curves(found, f"{which}/" if which else ""):
            _add(series, metric, values, shown, faults)
    if series.left_out:
        faults.append(Fault(key, f"{series.left_out:,} points are too many to be read"))
    return series


def _curves(found: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[Any]]]:
    for name, value in found.items():
        if isinstance(value, list):
            yield f"{prefix}{name}", value
        elif isinstance(value, Mapping):
            for metric, values in value.items():
                if isinstance(values, list):
                    yield f"{prefix}{name}/{metric}", values


def _add(series: Series, name: str, values: list[Any], shown: str, faults: list[Fault]) -> None:
    for step, value in enumerate(values):
        number = number_in(value)
        if number is not None:
            series.add(name, number, step)
        else:
            faults.append(Fault(shown, f"{name}: round {step} is not a number; the rest is left"))
            return
