"""Prediction files that hold rows of a dataset: their ids, their labels, what was said of them."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from workbench.datasets import predictions
from workbench.errors import FormatError
from workbench.ids import is_path_name


def predicted(root: Path, name: str, hashes: Collection[str]) -> tuple[str, ...]:
    """Return the files with predictions of a dataset's rows, relative to the workspace, by name.

    A file that names the dataset and no hash may be of it and is one of them; one that cannot be
    read says nothing.

    Args:
        root: The workspace.
        name: Of the dataset.
        hashes: Of its content, and of its files.
    """
    return tuple(_of(root, name, frozenset(hashes)))


def _of(root: Path, name: str, hashes: frozenset[str]) -> Iterator[str]:
    for model in _models(root):
        for path in predictions.files(root, model):
            if path.name.endswith(f".{predictions.PRODUCTION}.parquet"):
                continue  # said by its name: rows of no dataset, and there may be thousands
            try:
                about = predictions.read_about(path)
            except FormatError:
                continue
            unsaid = about.dataset == name and not about.dataset_hash
            if about.role == predictions.EVALUATION and (unsaid or about.dataset_hash in hashes):
                yield path.relative_to(root).as_posix()


def _models(root: Path) -> list[str]:
    try:
        found = os.listdir(root / predictions.FOLDER)  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return []
    return sorted(filter(is_path_name, found))
