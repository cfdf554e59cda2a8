"""Writing the small files of a store: YAML cards, and one file for each param and tag."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

CARD: Final = "meta.yaml"


def write_card(folder: Path, fields: Mapping[str, Any]) -> None:
    """Write ``meta.yaml``.

    Raises:
        OSError: It cannot be written.
    """
    import yaml  # noqa: PLC0415 - only where something is exported

    text = yaml.safe_dump(dict(fields), allow_unicode=True, default_flow_style=False)
    write(folder / CARD, text)


def write_values(folder: Path, values: Mapping[str, str]) -> None:
    """Write each value to the file of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in values.items():
        write(folder / name, value)


def write(path: Path, text: str) -> None:
    """Write a small file, line ends as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(text.encode("utf-8", "backslashreplace"))
        file.flush()
        os.fsync(file.fileno())


def milliseconds(seconds: float | None) -> int | None:
    """Return a time as MLflow has it."""
    return None if seconds is None else max(0, round(seconds * 1000))


def uri(path: Path) -> str:
    """Return where something is as MLflow says it."""
    return path.resolve().as_uri()
