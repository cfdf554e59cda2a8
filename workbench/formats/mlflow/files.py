"""MLflow's file store (``mlruns/``), 2.x and 3.x, read without MLflow.

One file per param, tag and metric; ``meta.yaml`` per run and experiment. MLflow
itself refuses to open these folders since 3.18, so this may be the only reader
somebody has left.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Folder, Points, Reading, Survey
from workbench.formats.mlflow import file_survey
from workbench.formats.mlflow.file_lines import decode
from workbench.formats.mlflow.file_models import folders_of, models_of
from workbench.formats.mlflow.file_registry import registry_of
from workbench.formats.mlflow.file_run import read_run
from workbench.formats.mlflow.file_survey import META, RESERVED
from workbench.formats.mlflow.file_values import LARGEST_VALUE, files_of
from workbench.formats.mlflow.places import artifact_in
from workbench.formats.points import concatenated
from workbench.formats.registered import Registry
from workbench.opening import read_small
from workbench.tail import START, Place, read_tail


class MlflowFilesReader:
    """Runs of an MLflow file store; the root holds the experiments' folders."""

    name: ClassVar[str] = "mlflow"
    title: ClassVar[str] = "MLflow file store"
    live: ClassVar[str] = "with every log call"
    verified: ClassVar[str] = "stores written by MLflow 2.22 and 3.18, against MlflowClient"

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return the folder itself if an experiment lies in it."""
        for name in sorted(folder.folders):
            if name.isdecimal() and _is_experiment(f"{folder.path}/{name}/{META}"):
                return (".",)
        return ()

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of the store, cheaply."""
        return file_survey.survey(str(root), memory)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        return read_run(str(root), _checked(key), progress, now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``, each metric from its own file."""
        folder = f"{root}/{_checked(key)}"
        if not os.path.isdir(folder):  # noqa: PTH112 - strings all along
            raise FileNotFoundError(f"There is no run at {folder}.")
        places = progress if isinstance(progress, _Places) else _Places({})
        found = _past(folder, metrics, places)
        if found is None:
            again = _past(folder, metrics, _Places({}))
            found = (again or Curves({}, _Places({})))._replace(restarted=True)
        return found

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where an artifact of the run, or of a model it logged, is."""
        try:
            checked = _checked(key)
            models = models_of(str(root), checked) if path.startswith("models/") else ()
            return artifact_in(folders_of(str(root), checked, models), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: the store keeps no texts beside the artifacts."""
        del root, key
        return {}

    def registry(self, root: Path) -> Registry:
        """Return the registered models of the store."""
        return registry_of(root)


def _checked(key: str) -> str:
    parts = key.split("/")
    if len(parts) != 2 or any(not part or part.startswith(".") for part in parts):  # noqa: PLR2004
        raise FormatError(f"{key!r} is not the key of a run.")
    if os.sep in "".join(parts) or parts[0] in RESERVED or parts[1] in RESERVED:
        raise FormatError(f"{key!r} is not the key of a run.")
    return key


def _is_experiment(path: str) -> bool:
    try:
        return b"experiment_id:" in read_small(path, LARGEST_VALUE)
    except (FormatError, OSError):
        return False


class _Places(NamedTuple):
    files: Mapping[str, Place]


def _past(folder: str, metrics: frozenset[str] | None, places: _Places) -> Curves | None:
    """Return the points past ``places``; None if a file is not the one it was."""
    found: dict[str, Points] = {}
    after: dict[str, Place] = {}
    for name, path in files_of(f"{folder}/metrics"):
        if metrics is not None and name not in metrics:
            continue
        pieces: list[Points] = []
        place, more = places.files.get(name, START), True
        while more:
            tail = read_tail(path, place)
            if tail.restarted:
                return None
            place, more = tail.place, tail.more
            if tail.data:
                pieces.append(decode(tail.data).points())
        after[name] = place
        pieces = [piece for piece in pieces if piece.values]
        if pieces:
            found[name] = concatenated(pieces)
    gone = places.files.keys() - after.keys()
    return None if gone else Curves(found, _Places(after))
