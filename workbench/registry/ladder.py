"""How far a version's files can be looked into before they are loaded: the format ladder.

*data* loads without running code of the file's choosing; *data with extra types*
names classes beyond the known ones; *code* runs whatever its author put in. The
rung is told from names and from bytes that say what they are. Nothing is loaded.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from workbench.errors import FormatError
from workbench.opening import open_plain
from workbench.registry.manifest import NAME
from workbench.registry.skops_types import extra_types
from workbench.words import plural, visible

Rung: TypeAlias = Literal["data", "data with extra types", "code", "unknown"]
FileFormat: TypeAlias = Literal[
    "skops", "onnx", "safetensors", "joblib", "pickle", "pt", "keras", "files"
]
RUNGS: Final[tuple[Rung, ...]] = ("data", "data with extra types", "unknown", "code")
"""From the first to the last."""
_FIRST_BYTES = 16
_FIRST_MEMBERS = 1 << 16
"""Bytes of a zip in which torch's first member begins."""
_ZIP, _TORCH = b"PK\x03\x04", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
_LARGEST_HEADER = 100_000_000
"""Of safetensors; the format's own limit."""
_MOST_FILES = 10_000
_CODE: Final[dict[str, FileFormat]] = {
    ".joblib": "joblib", ".pkl": "pickle", ".pickle": "pickle", ".p": "pickle", ".dill": "pickle",
    ".cloudpickle": "pickle", ".pt": "pt", ".pth": "pt", ".ckpt": "pt",
    ".keras": "keras", ".h5": "keras", ".hdf5": "keras", ".py": "files", ".pyc": "files",
    ".so": "files", ".dll": "files", ".dylib": "files", ".sh": "files", ".exe": "files",
    ".jar": "files", ".mar": "pt", ".npy": "files", ".npz": "files", ".pb": "files",
}  # fmt: skip
_PLAIN = frozenset(
    (".json", ".txt", ".md", ".yaml", ".yml", ".toml", ".csv", ".tsv", ".ini", ".model", ".vocab",
     ".png", ".jpg", ".svg", ".parquet", "")
)  # fmt: skip
"""Beside a model of a known format these change nothing."""


@dataclass(frozen=True, slots=True)
class Format:
    """Where a version stands on the ladder, and why."""

    rung: Rung
    format: FileFormat
    types: tuple[str, ...] = ()
    """Types beyond the known ones, as the file names them."""
    why: str = ""
    """One sentence for people; empty where the format says all."""


def look(folder: Path) -> Format:
    """Return the rung of the files in a folder, or of one file; the worst of them counts."""
    looks = [_look_at(file) for file in _files(folder)]
    models = [one for one in looks if one is not None]
    if not models:
        return Format("unknown", "files", why="No file in it is of a known format.")
    return max(models, key=lambda one: RUNGS.index(one.rung))


def belied(folder: Path, recorded: object, *, unknown: bool = True) -> str:
    """Return a sentence if files stand further up the ladder than was recorded; else nothing.

    Whoever can write to the registry can write an event that says anything of the files. What is
    recorded as higher than it looks stays so: the list of known types grows.

    Args:
        folder: Of the version.
        recorded: What its event says.
        unknown: Also if nobody can tell what the files are.
    """
    rung = next((one for one in RUNGS if one == recorded), None)
    if rung is None:
        return ""
    found = look(folder)
    if RUNGS.index(found.rung) <= RUNGS.index(rung) or (found.rung == "unknown" and not unknown):
        return ""
    return f"It is recorded as {rung}, and its files are {found.rung}. {found.why}".strip()


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return [folder]
    found: list[Path] = []
    for parent, _, names in os.walk(folder):
        found += (Path(parent, name) for name in sorted(names))
        if len(found) > _MOST_FILES:
            break
    return [file for file in found if file != folder / NAME]


def _look_at(file: Path) -> Format | None:
    """Return what a file is, None for one that says nothing of the model."""
    suffix = file.suffix.lower()
    name = visible(file.name)
    try:
        start = _start(file)
        torch = start.startswith(_TORCH) or (start.startswith(_ZIP) and _has_torch_in_it(file))
    except (OSError, FormatError):
        return Format("unknown", "files", why=f"{name} cannot be looked at.")
    if suffix == ".skops":
        return _skops(file)
    if suffix == ".safetensors" and _is_safetensors(start):
        return Format("data", "safetensors")
    if suffix in _CODE:
        return _code(name, _CODE[suffix])
    if torch:
        return _code(name, "pt")
    if _is_pickle(start):
        return _code(name, "pickle")
    if suffix == ".onnx":
        return Format("data", "onnx")
    return (
        None
        if suffix in _PLAIN
        else Format("unknown", "files", why=f"{name} is of no known format.")
    )


def _start(file: Path, length: int = _FIRST_BYTES) -> bytes:
    fd = open_plain(str(file))
    try:
        return os.read(fd, length)
    finally:
        os.close(fd)


def _has_torch_in_it(file: Path) -> bool:
    return b"/data.pkl" in _start(file, _FIRST_MEMBERS)


def _is_pickle(start: bytes) -> bool:
    """Say whether bytes begin as pickle protocol 2 and later do, or compressed as joblib does."""
    return (
        start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")
    ) or start.startswith((b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e"))


def _code(name: str, format_: FileFormat) -> Format:
    return Format("code", format_, why=f"Loading {name} runs whatever code its author put in.")


def _is_safetensors(start: bytes) -> bool:
    """Say whether bytes begin with the length of a JSON header, and the header."""
    length = int.from_bytes(start[:8], "little")
    return start[8:9] == b"{" and 0 < length <= _LARGEST_HEADER


def _skops(file: Path) -> Format:
    try:
        types = extra_types(file)
    except FormatError as error:
        return Format("unknown", "skops", why=error.message)
    if not types:
        return Format("data", "skops")
    return Format(
        "data with extra types",
        "skops",
        types,
        f"It names {plural(len(types), 'type')} beyond the known ones.",
    )
