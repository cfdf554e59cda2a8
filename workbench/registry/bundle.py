"""One file that carries a version to another workspace: what may stand in it, and what not.

A bundle is a zip archive whose members are stored as they are, in one order, with one date, so
that the same version gives the same bytes everywhere, and none can grow when it is taken out.
Unpacked it is a small workspace: the journal and the files lie where `docs/formats/registry.md`
has them. Whoever unpacks takes nothing that is not listed with its hash.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

from workbench.durable import temp_name
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.ids import is_path_name
from workbench.registry.copying import MOST_FILES, why_not_path
from workbench.words import visible

FORMAT: Final = 1
CARD: Final = "bundle.json"
VERSION, LINEAGE, ENVIRONMENT, DIFF = (
    "version.json", "lineage.json", "environment.json", "source.diff",
)  # fmt: skip
_BESIDE: Final = frozenset((VERSION, LINEAGE, ENVIRONMENT, DIFF))
_EVENT: Final = re.compile(r"events/[0-9]{10}\.json\Z")
_FILES: Final = re.compile(r"files/[0-9a-f]{64}/(.+)\Z")
_HASH: Final = r"^[0-9a-f]{64}$"
_MOST_MEMBERS: Final = 2 * MOST_FILES
_LARGEST_CARD: Final = 64 << 20
_CHUNK: Final = 1 << 20
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED: Final = 1


@dataclass(frozen=True, slots=True)
class Member:
    """Something that goes into a bundle."""

    path: str
    content: bytes | Path
    """Bytes, or the file to copy."""
    size: int
    sha256: str
    """What it must turn out to be while it is copied; hexadecimal."""


class Card(msgspec.Struct, frozen=True):
    """``bundle.json``: what is carried, and the hash of everything beside it."""

    format: int
    model: str
    version: int
    manifest: str
    workspace: str
    event: str
    """SHA-256 of the registering event's file."""
    head: str
    """SHA-256 of the newest event's file."""
    members: list[tuple[str, int, str]]
    """Path, size and SHA-256 of every other member."""


_DECODER: Final = msgspec.json.Decoder(Card)


def member(path: str, content: bytes) -> Member:
    """Return bytes as a member."""
    return Member(path, content, len(content), sha256(content).hexdigest())


# -- writing -----------------------------------------------------------------------------


def write(target: Path, card: Card, members: Iterable[Member]) -> int:
    """Write a bundle, whole or not at all, and return its size in bytes.

    Raises:
        UsageError: There is such a file already, or no folder for it.
        FormatError: A file is not what it was registered as.
        OSError: It cannot be written.
    """
    if target.exists():
        raise UsageError(f"{target} is there already.", hint="Name a file that is not.")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is not a folder.", hint="Make it first.")
    draft = target.with_name(temp_name(os.urandom(8).hex()))
    try:
        with draft.open("xb") as out:
            with ZipFile(out, "w", ZIP_STORED) as archive:
                _put(archive, member(CARD, _encode(card)))
                for one in members:
                    _put(archive, one)
            out.flush()
            os.fsync(out.fileno())
        size = draft.stat().st_size
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return size


def listed(members: Iterable[Member]) -> list[tuple[str, int, str]]:
    """Return members as the card lists them."""
    return [(one.path, one.size, one.sha256) for one in members]


def _encode(card: Card) -> bytes:
    return msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"


def _put(archive: ZipFile, one: Member) -> None:
    info = ZipInfo(one.path, _DATE)
    info.create_system = 3  # Unix, whatever writes it: the same bytes everywhere
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = one.size
    with archive.open(info, "w") as out:
        found = _copied(_chunks(one.content), out)
    if found != (one.size, one.sha256):
        raise FormatError(
            f"{visible(one.path)} is not what was registered.",
            hint="Run `workbench doctor --registry`.",
        )


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _copied(chunks: Iterable[bytes], out: IO[bytes]) -> tuple[int, str]:
    digest, size = sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        out.write(chunk)
    return size, digest.hexdigest()


# -- reading -----------------------------------------------------------------------------


def unpack(source: Path, folder: Path) -> Card:
    """Take a bundle out into an empty folder, every hash verified, and return its card.

    Raises:
        NotFoundError: There is no such file.
        FormatError: It is no bundle, or not what its card says.
        NotAllowedError: Something in it is not taken.
        OSError: The folder cannot be written.
    """
    if not source.is_file():
        raise NotFoundError(f"There is no file {visible(str(source))}.", hint="Check the path.")
    try:
        with ZipFile(source) as archive:
            infos = archive.infolist()
            _refuse(infos, source.stat().st_size)
            card = _card(archive, {info.filename: info for info in infos})
            _require_listed(card, infos)
            known = {path: (size, hash_) for path, size, hash_ in card.members}
            for info in infos:
                if info.filename != CARD:
                    _take(archive, info, known[info.filename], folder)
    except (BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise FormatError(
            f"{visible(source.name)} is not a bundle: {visible(str(error))}"
        ) from None
    return card


def _refuse(infos: list[ZipInfo], size: int) -> None:
    """Refuse an archive by its listing, before anything is read of it."""
    if len(infos) > _MOST_MEMBERS:
        raise NotAllowedError(
            f"It has {len(infos):,} members; at most {_MOST_MEMBERS:,} are taken."
        )
    seen: set[str] = set()
    for info in infos:
        name = visible(info.filename)[:200]
        if info.filename.casefold() in seen:
            raise NotAllowedError(f"{name} stands in it twice.")
        seen.add(info.filename.casefold())
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise NotAllowedError(f"{name} is a link or a device, not a file.")
        if info.flag_bits & _ENCRYPTED:
            raise NotAllowedError(f"{name} is encrypted.")
        if info.compress_type != ZIP_STORED or info.compress_size != info.file_size:
            raise NotAllowedError(f"{name} is compressed; a bundle has its files as they are.")
    if sum(info.file_size for info in infos) > size:
        raise NotAllowedError("Its members claim more bytes than the file has.")


def _card(archive: ZipFile, infos: Mapping[str, ZipInfo]) -> Card:
    info = infos.get(CARD)
    if info is None:
        raise FormatError(f"It is not a bundle: it has no {CARD}.")
    if info.file_size > _LARGEST_CARD:
        raise FormatError(
            f"{CARD} has {info.file_size:,} bytes; at most {_LARGEST_CARD:,} are read."
        )
    try:
        card = _DECODER.decode(archive.read(info))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{CARD} cannot be read: {visible(str(error))[:200]}.") from None
    if card.format > FORMAT:
        raise FormatError(
            f"It has format {card.format}, newer than this program's {FORMAT}.",
            hint="Update the workbench.",
        )
    if not is_path_name(card.model) or card.version < 1:
        raise FormatError(f"{CARD} names no version of a model.")
    if not all(re.match(_HASH, one) for one in (card.manifest, card.event, card.head)):
        raise FormatError(f"{CARD} names no hashes.")
    return card


def _require_listed(card: Card, infos: list[ZipInfo]) -> None:
    """Refuse members that no bundle has, that the card does not list, or that are missing."""
    there = {info.filename for info in infos} - {CARD}
    known = {path for path, _, _ in card.members}
    for path in sorted(there):
        why_not = _why_not(path, card.model)
        if why_not:
            raise NotAllowedError(f"{visible(path)[:200]!r} {why_not}.")
    odd = sorted(there ^ known)
    if odd:
        what = "is not listed" if odd[0] in there else "is missing"
        raise FormatError(f"{visible(odd[0])[:200]} {what} in the bundle.")


def _why_not(path: str, model: str) -> str:
    """Return why a member is not taken; empty if it is where a bundle has one."""
    if path in _BESIDE:
        return ""
    home = f"registry/{model}/"
    rest = path.removeprefix(home)
    if not path.startswith(home) or not (_EVENT.match(rest) or _FILES.match(rest)):
        return "is not a place where a bundle has a file"
    file = _FILES.match(rest)
    return why_not_path(file.group(1)) if file else ""


def _take(archive: ZipFile, info: ZipInfo, listed_as: tuple[int, str], folder: Path) -> None:
    target = folder.joinpath(*info.filename.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as inner, target.open("xb") as out:
        found = _copied(iter(lambda: inner.read(_CHUNK), b""), out)
    if found != listed_as:
        raise FormatError(f"{visible(info.filename)} is not what the bundle lists: it was changed.")
