"""Registering from a run's artifacts: which of them is the model, and what was said of it."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.formats.contract import Reader
from workbench.formats.detect import reader_named
from workbench.opening import read_small
from workbench.operations.registry.log_model import CARD
from workbench.operations.registry.register import About, Registered, place_of, record, source_of
from workbench.operations.session import Session
from workbench.words import visible

_MODELS: Final = (
    ".skops", ".onnx", ".safetensors", ".joblib", ".pkl", ".pickle", ".pt", ".pth", ".keras",
    ".h5", ".cbm", ".ubj", ".gguf", ".tflite", ".pb", ".ckpt",
)  # fmt: skip
_WHOLE_FOLDERS: Final = frozenset(("MLmodel", "saved_model.pb", "config.json"))
"""Files that say of their folder: all of this is one model."""
_MOST_CARD: Final = 4 << 20
_MOST_NAMED: Final = 12


def register_run(
    session: Session,
    run: str,
    model: str,
    artifact: str = "",
    *,
    description: str = "",
    tags: Mapping[str, str] | None = None,
) -> Registered:
    """Register an artifact of a run as the next version of a model.

    Args:
        session: Where, and who.
        run: Id, a unique part of it, or a unique name.
        model: The model's name; the first version makes it.
        artifact: A file or folder among the run's artifacts; default the one that is a model.
        description: For people; default what the script said.
        tags: Name to text, beside those of the script.

    Raises:
        NotFoundError: There is no such run or artifact.
        UsageError: Several artifacts could be meant, or the name cannot be.
        NotAllowedError: Nothing can be written here, or something in the files is not taken.
    """
    from workbench.operations.select import select  # noqa: PLC0415 - as `source_of` does

    place, found = place_of(session), select(session, run)
    reader = reader_named(found.reader)
    root = (session.root / found.root).resolve()
    names = [one.path for one in found.artifacts]
    chosen = _chosen(names, artifact)
    files = _located(reader, root, found.key, names, chosen)
    said = _said_of(reader, root, found.key, chosen)
    about = About(
        description or said.description, {**said.tags, **(tags or {})}, said.signature,
        said.example, said.why_format, importance=said.importance,
    )  # fmt: skip
    return record(place, model, files, source_of(session, found.run_id), about)


def model_artifacts(names: Sequence[str]) -> tuple[str, ...]:
    """Return the artifacts of a run that look like models: files, or folders that are one."""
    found: dict[str, None] = {}
    for name in sorted(names):
        if not name.lower().endswith(_MODELS):
            continue
        folder = name.rpartition("/")[0]
        whole = folder and any(f"{folder}/{one}" in names for one in _WHOLE_FOLDERS)
        found[folder if whole else name] = None
    return tuple(found)


def _chosen(names: Sequence[str], artifact: str) -> str:
    """Return the artifact that is meant.

    Raises:
        NotFoundError: There is none of that name.
        UsageError: None was named, and not exactly one looks like a model.
    """
    wanted = artifact.strip("/")
    if wanted:
        if wanted in names:
            return wanted
        if any(name.startswith(f"{wanted}/") for name in names):
            return _beside_card(names, wanted)
        raise NotFoundError(
            f"The run has no artifact {visible(wanted)!r}.", hint=_hint(model_artifacts(names))
        )
    found = model_artifacts(names)
    if len(found) == 1:
        return found[0]
    what = "Several artifacts of the run look" if found else "No artifact of the run looks"
    raise UsageError(f"{what} like a model.", hint=_hint(found or names))


def _beside_card(names: Sequence[str], folder: str) -> str:
    """Return what a script's card in a folder speaks of; the folder itself where there is none."""
    if f"{folder}/{CARD}" not in names:
        return folder
    below = (name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/"))
    beside = {name.partition("/")[0] for name in below} - {CARD}
    return f"{folder}/{beside.pop()}" if len(beside) == 1 else folder


def _hint(names: Sequence[str]) -> str:
    if not names:
        return "Log the model's files in the run, or register them by their path."
    shown = ", ".join(visible(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return f"Name one with --artifact: {shown}{more}."


def _located(reader: Reader, root: Path, key: str, names: Sequence[str], chosen: str) -> Path:
    """Return where an artifact is, never outside of the run."""
    if chosen in names:
        return reader.artifact(root, key, chosen)
    inner = next(name for name in names if name.startswith(f"{chosen}/"))
    depth = inner.removeprefix(f"{chosen}/").count("/")
    return reader.artifact(root, key, inner).parents[depth]


def _said_of(reader: Reader, root: Path, key: str, chosen: str) -> About:
    """Return what the script said of a model it could not register; nothing if it said nothing."""
    folder = chosen.rpartition("/")[0]
    try:
        path = reader.artifact(root, key, f"{folder}/{CARD}" if folder else CARD)
        fields = json.loads(read_small(os.fspath(path), _MOST_CARD))
    except (NotFoundError, FormatError, OSError, ValueError, RecursionError):
        return About()
    return _about(fields) if isinstance(fields, dict) else About()


def _about(fields: Mapping[str, Any]) -> About:
    """Return a card's fields as far as they are what they must be."""
    tags = fields.get("tags")
    texts = {str(name): str(text) for name, text in tags.items()} if isinstance(tags, dict) else {}
    return About(
        _of(fields, "description", str, ""), texts, _of(fields, "signature", dict, None),
        _of(fields, "example", dict, None), _of(fields, "why_format", str, ""),
        importance=_of(fields, "importance", dict, None),
    )  # fmt: skip


def _of(fields: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = fields.get(name)
    return value if isinstance(value, kind) else default
