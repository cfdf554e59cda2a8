"""A pointer: which version of a model holds a stage, in one small file for whoever serves it.

A pointer is derived from the journal and carries the ``seq`` of the event it was made from, so
that anybody can tell an old one and write it anew. Nothing is ever decided by what a pointer says.
Two exist of the same form: ``deploy/<stage>/<model>.json`` in the workspace, and
``<model>/CURRENT.json`` in the folder a stage is deployed to.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.ids import is_path_name, is_stage_name
from workbench.opening import read_small
from workbench.registry import manifest as manifests
from workbench.registry.patience import Patience
from workbench.registry.state import State
from workbench.words import visible

FORMAT: Final = 1
FOLDER: Final = "deploy"
CURRENT: Final = "CURRENT.json"
LARGEST: Final = 1 << 20
"""Bytes of a pointer that are read; one is a few hundred, and a reason may be long."""
_LARGEST_MANIFEST: Final = 64 << 20
_SEAL: Final = b',"sha256":"'
_END: Final = b'"}\n'
_DIGITS: Final = 64
_MOST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Pointer:
    """What holds a stage, and which event put it there."""

    model: str
    stage: str
    version: int | None
    """None: the stage was emptied. The pointer stays and says so."""
    manifest: str
    """SHA-256 of the version's MANIFEST.json in hexadecimal; empty for an emptied stage."""
    path: str
    """The version's folder, with ``/``, below the workspace or the pointer's own folder."""
    seq: int
    """Number of the event in the model's journal that put the version there."""
    event: str
    """Id of that event."""
    time: float
    """When, by its author's clock. Seconds since 1970."""
    actor: str
    reason: str
    workspace: str
    """Id of the workspace whose journal this follows."""


_FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "model": (str,), "stage": (str,), "version": (int, type(None)), "manifest": (str,),
    "path": (str,), "seq": (int,), "event": (str,), "time": (int, float), "actor": (str,),
    "reason": (str,), "workspace": (str,),
}  # fmt: skip


def pointer_path(stage: str, model: str) -> str:
    """Return where the pointer of a model's stage lies, relative to the workspace.

    Raises:
        FormatError: Model or stage cannot be a name there.
    """
    if not is_path_name(model) or not is_stage_name(stage):
        raise FormatError(f"{visible(f'{model}@{stage}')[:_MOST_SHOWN]!r} has no pointer.")
    return f"{FOLDER}/{stage}/{model}.json"


def files_path(model: str, manifest: str) -> str:
    """Return where a version's files lie, relative to the workspace."""
    return f"registry/{model}/files/{manifest}"


def of(state: State, stage: str, workspace: str) -> Pointer | None:
    """Return what the pointer of a stage must say, or None where nothing was ever promoted."""
    holding = state.stage(stage).holding
    if holding is None:
        return None
    version, event = holding.version, holding.event
    known = state.versions.get(version) if version is not None else None
    manifest = known.manifest if known else ""
    path = files_path(state.model, manifest) if manifest else ""
    return Pointer(
        state.model, stage, version, manifest, path,
        event.seq, event.id, event.time, event.actor, event.reason, workspace,
    )  # fmt: skip


def encode(pointer: Pointer) -> bytes:
    """Return a pointer as one JSON object on one line, closed by a checksum over all before it."""
    said = {"format": FORMAT, **asdict(pointer)}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    body = text.encode("utf-8", "surrogatepass")[:-1]
    return body + _SEAL + sha256(body).hexdigest().encode() + _END


def decode(data: bytes) -> Pointer:
    """Return the pointer in a file's bytes.

    Raises:
        FormatError: It is torn, changed, or of a form this program does not know.
    """
    body, seal, digest = data.rpartition(_SEAL)
    if not seal or not data.endswith(_END) or len(digest) != _DIGITS + len(_END):
        raise FormatError("This pointer is torn: it does not end with its checksum.")
    if sha256(body).hexdigest().encode() != digest[:_DIGITS]:
        raise FormatError("This pointer was changed: its checksum does not fit.")
    try:
        said = json.loads(body + b"}")
    except (ValueError, RecursionError):
        raise FormatError("This pointer is not JSON.") from None
    return _checked(said)


def _checked(said: Mapping[str, Any]) -> Pointer:
    if said.get("format") != FORMAT:
        raise FormatError(f"This pointer has format {said.get('format')!r}, not {FORMAT}.")
    for name, kinds in _FIELDS.items():
        value = said.get(name)
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise FormatError(f"This pointer's {name} is {value!r:.80}.")
    if said["path"] and not _stays(said["path"]):
        raise FormatError(f"This pointer's path leads out of its folder: {said['path']!r:.80}.")
    return Pointer(**{field.name: said[field.name] for field in fields(Pointer)})


def _stays(path: str) -> bool:
    """Say whether a path stays below the folder it is relative to, on every system."""
    parts = path.split("/")
    return all(parts) and not any(part == ".." or "\\" in part or ":" in part for part in parts)


def read(path: Path) -> Pointer | None:
    """Return the pointer in a file, or None if there is no such file.

    Raises:
        FormatError: It cannot be understood.
        OSError: It cannot be read.
    """
    try:
        return decode(read_small(str(path), LARGEST))
    except FileNotFoundError:
        return None


class Current(NamedTuple):
    """What a model is now in a folder a stage is deployed to."""

    pointer: Pointer
    folder: Path
    """The version's files, verified, and their MANIFEST.json."""
    path: Path
    """What to load: the single file, or the folder of several."""


def read_current(
    folder: str | Path, model: str, *, contents: bool = True, patience: Patience | None = None
) -> Current:
    """Return the version that is deployed in a folder, verified; for consumers anywhere.

    No workspace is needed, and nothing is loaded. Versions that were deployed before stay where
    they are, so what is returned can be read in peace whatever happens meanwhile.

    Args:
        folder: What ``deploy_to`` says.
        model: Name of the model.
        contents: Compare the hashes too, which reads every byte; else sizes only.
        patience: How long to wait for a pointer that is being replaced; default 5 s on Windows.

    Raises:
        NotFoundError: Nothing is deployed there, or the stage was emptied.
        FormatError: The pointer or a file is not what was deployed.
        OSError: It cannot be read.
    """
    patience = patience or Patience()
    home = Path(folder) / model
    try:
        return _verified(home, patience(lambda: _current(home)), contents=contents)
    except FormatError:  # a damaged copy may have been replaced just now: look once more
        return _verified(home, patience(lambda: _current(home)), contents=contents)


def _current(home: Path) -> Pointer:
    pointer = read(home / CURRENT)
    if pointer is None:
        raise NotFoundError(f"Nothing is deployed in {home}.", hint="Check the folder's name.")
    if pointer.version is None:
        raise NotFoundError(
            f"{pointer.model}@{pointer.stage} is empty: {pointer.actor} emptied it, "
            f"because {visible(pointer.reason)}"
        )
    if pointer.model != home.name or pointer.path != str(pointer.version):
        raise FormatError(f"{CURRENT} in {home} does not belong there.")
    return pointer


def _verified(home: Path, pointer: Pointer, *, contents: bool) -> Current:
    there = home / str(pointer.version)
    name = f"{pointer.model}@{pointer.version} in {visible(str(home))}"
    again = f"Deploy it again from the workspace: workbench deploy {pointer.model} --all."
    try:
        manifest = manifests.decode(read_small(str(there / manifests.NAME), _LARGEST_MANIFEST))
    except FileNotFoundError:
        raise FormatError(f"{name} has no {manifests.NAME}.", hint=again) from None
    if manifest.hash != pointer.manifest:
        raise FormatError(f"{name} is not the version that was deployed.", hint=again)
    wrong = manifests.check_folder(there, manifest, contents=contents)
    if wrong:
        raise FormatError(f"{name} is damaged: {wrong[0]}", hint=again)
    only = len(manifest.files) == 1
    return Current(pointer, there, there / manifest.files[0].path if only else there)
