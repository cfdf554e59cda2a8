"""The datasets an MLflow run names: a link in the run, a description in the experiment."""

import os
from pathlib import Path

from workbench.errors import FormatError, NotFoundError
from workbench.formats.artifacts import files_below
from workbench.formats.contract import Dataset
from workbench.formats.flat_yaml import read_flat
from workbench.formats.mlflow.described import dataset
from workbench.formats.mlflow.file_survey import META
from workbench.opening import inside, read_small

_LARGEST = 1 << 20


def datasets_of(root: str, folder: str, key: str) -> tuple[Dataset, ...]:
    """Return the datasets a run names under ``inputs/``, as the experiment describes them."""
    found = []
    experiment = key.partition("/")[0]
    for artifact in files_below(f"{folder}/inputs", depth=1):
        if not artifact.path.endswith(f"/{META}"):
            continue
        try:
            link = read_flat(
                read_small(f"{folder}/inputs/{artifact.path}", _LARGEST),
                frozenset(["source_id", "tags"]),
            )
            described = f"{root}/{experiment}/datasets/{link.get('source_id', '')}/{META}"
            told = read_flat(
                _inside(root, described), frozenset(["name", "digest", "source", "profile"])
            )
        except (FormatError, NotFoundError, OSError):
            continue
        tags = link.get("tags")
        role = tags.get("mlflow.data.context", "") if isinstance(tags, dict) else ""
        found.append(
            dataset(
                told.get("name"), role, told.get("source"), told.get("digest"), told.get("profile")
            )
        )
    return tuple(found)


def _inside(root: str, path: str) -> bytes:
    """Return a small file's bytes if it is below ``root``."""
    return read_small(str(inside(Path(root), os.path.relpath(path, root).replace(os.sep, "/"))))
