"""What MLflow says of a dataset, as it says it in files and in databases alike."""

import msgspec

from workbench.formats.contract import Dataset


def dataset(name: object, role: object, source: object, digest: object, profile: object) -> Dataset:
    """Return a dataset that a run names.

    Args:
        name: As the script called it.
        role: What it was used for, if that was said.
        source: JSON that says where it came from.
        digest: MLflow's own.
        profile: JSON that may say how many rows it has.
    """
    return Dataset(
        str(name or "dataset"), str(role or ""), _source(source),
        None if digest is None else str(digest), _rows(profile),
    )  # fmt: skip


def _source(text: object) -> str | None:
    """Return where a dataset came from, if its description says more than which script made it."""
    try:
        told = msgspec.json.decode(str(text))
    except (msgspec.DecodeError, RecursionError):
        return None if text is None else str(text)
    if isinstance(told, dict):
        for name in ("uri", "url", "path"):
            if isinstance(told.get(name), str):
                return str(told[name])
        return None
    return str(text)


def _rows(text: object) -> int | None:
    try:
        told = msgspec.json.decode(str(text))
    except (msgspec.DecodeError, RecursionError):
        return None
    rows = told.get("num_rows") if isinstance(told, dict) else None
    return rows if isinstance(rows, int) else None
