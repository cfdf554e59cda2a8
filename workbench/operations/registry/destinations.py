"""The two places a stage is deployed to: its pointer in the workspace, and ``deploy_to``.

Each can be brought up to what the journal says, in two steps: `prepare` puts the files where
they must be, `point` then changes the pointer in one step. Which pointer is right is decided in
`workbench.operations.registry.deploying` alone.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from workbench import durable
from workbench.errors import ConflictError, FormatError, NotAllowedError
from workbench.opening import read_small, require_inside
from workbench.operations.registry.agreed import agree, require_agreed
from workbench.operations.session import Session
from workbench.registry import manifest as manifests
from workbench.registry import pointer as pointers
from workbench.registry.patience import Patience
from workbench.registry.placing import place
from workbench.registry.pointer import CURRENT, Pointer
from workbench.runfolder import TEMPORARY
from workbench.words import visible

_USED: Final = "deployed-to.json"
"""In this person's own state: the folders something was ever deployed to from here."""

_OWN: Final = frozenset(
    {
        *(".workbench", "registry", "deploy", "runs", "trash", "index"),
        *("edits", "datasets", "predictions", "views", "alerts", "reports"),
    }
)
"""Folders of a workspace that hold what is written by this program alone."""


class Destination(Protocol):
    """Where a pointer lies, and perhaps a copy of the files it points at."""

    @property
    def patience(self) -> Patience:
        """Return how long to wait for somebody who holds the pointer open."""

    @property
    def file(self) -> Path:
        """Return where the pointer is."""

    def meant(self, pointer: Pointer) -> Pointer:
        """Return a pointer as it must be written here: with a path relative to this place."""

    def needed(self, pointer: Pointer) -> tuple[Path, ...]:
        """Return files that must be there for consumers, the pointer first."""

    def prepare(self, pointer: Pointer) -> str:
        """Put the files where the pointer will lead; return what a person should know of it."""

    def point(self, pointer: Pointer) -> None:
        """Write the pointer in one step."""


@dataclass(frozen=True, slots=True)
class InWorkspace:
    """``deploy/<stage>/<model>.json``; the files are in the registry already."""

    root: Path
    model: str
    stage: str
    patience: Patience

    @property
    def file(self) -> Path:
        """Return where the pointer is."""
        return self.root / pointers.pointer_path(self.stage, self.model)

    def meant(self, pointer: Pointer) -> Pointer:
        """Return the pointer as it is."""
        return pointer

    def needed(self, pointer: Pointer) -> tuple[Path, ...]:  # noqa: ARG002 - the protocol's
        """Return the pointer alone."""
        return (self.file,)

    def prepare(self, pointer: Pointer) -> str:  # noqa: ARG002 - the protocol's
        """Do nothing: a version is registered after its files are in place."""
        return ""

    def point(self, pointer: Pointer) -> None:
        """Write the pointer in one step.

        Raises:
            NotAllowedError: The folder leads out of the workspace.
        """
        require_inside(self.root, self.file.parent.relative_to(self.root), TEMPORARY)
        data = pointers.encode(pointer)
        self.patience(lambda: durable.replace(self.file, data, temp=self.root / TEMPORARY))


@dataclass(frozen=True, slots=True)
class Outside:
    """``<deploy_to>/<model>/``: numbered copies, and CURRENT.json that names one of them."""

    session: Session
    folder: Path
    model: str
    stage: str
    patience: Patience

    @property
    def file(self) -> Path:
        """Return where the pointer is."""
        return self.folder / self.model / CURRENT

    def meant(self, pointer: Pointer) -> Pointer:
        """Return the pointer with a path relative to CURRENT.json."""
        return replace(pointer, path="" if pointer.version is None else str(pointer.version))

    def needed(self, pointer: Pointer) -> tuple[Path, ...]:
        """Return CURRENT.json, and the manifest of the copy it names."""
        if pointer.version is None:
            return (self.file,)
        return self.file, self.file.with_name(str(pointer.version)) / manifests.NAME

    def prepare(self, pointer: Pointer) -> str:
        """Put a verified copy beside CURRENT.json.

        Raises:
            NotAllowedError: The folder is not there, or nobody here agreed to it.
            ConflictError: It belongs to another stage or workspace.
            FormatError: The version's files are damaged.
            OSError: The folder cannot be written.
        """
        require_agreed(self.session, self.folder)
        self._require_there()
        ours = self._require_ours(pointer)
        if pointer.version is None:
            return ""
        root = self.session.root
        manifest = manifests.read(root, self.model, pointer.manifest)
        source = manifests.folder_of(root, self.model, pointer.manifest)
        placed = place(source, manifest, self.file.parent, pointer.version, clears=ours)
        if not placed.damaged:
            return ""
        return (
            f"The copy of {self.model}@{pointer.version} in {visible(str(self.folder))} was "
            f"damaged; it was replaced, and kept as {placed.damaged}."
        )

    def point(self, pointer: Pointer) -> None:
        """Write CURRENT.json in one step."""
        data = pointers.encode(self.meant(pointer))
        self.patience(lambda: durable.replace(self.file, data))
        _remember(self.session, self.folder)

    def _require_there(self) -> None:
        """Refuse a folder that is missing, or empty though it was used: a drive not mounted.

        Refuse one, too, whose part for this model is a link: where it leads was never agreed to.
        """
        shown = visible(str(self.folder))
        if (self.folder / self.model).is_symlink():
            raise NotAllowedError(
                f"{visible(str(self.folder / self.model))} is a link.", hint="Take the link away."
            )
        if not self.folder.is_dir():
            raise NotAllowedError(f"{shown} is not there.", hint="Mount its drive, or create it.")
        if str(self.folder) in _remembered(self.session) and not any(self.folder.iterdir()):
            raise NotAllowedError(
                f"{shown} is empty, and versions were deployed to it before.",
                hint=f"Mount its drive, or create {self.model} in it.",
            )

    def _require_ours(self, pointer: Pointer) -> bool:
        """Say whether what stands there follows this model; refuse what follows another stage."""
        try:
            there = self.patience(lambda: pointers.read(self.file))
        except FormatError:
            return False  # torn or changed by hand: it is derived, and written anew
        if there and (there.workspace, there.stage) != (pointer.workspace, pointer.stage):
            raise ConflictError(
                f"{visible(str(self.file))} follows {there.model}@{visible(there.stage)} of "
                f"{'this' if there.workspace == pointer.workspace else 'another'} workspace.",
                hint="Give each stage a folder of its own, or move that file away.",
            )
        return there is not None and there.model == self.model


def folder_of(root: Path, deploy_to: str) -> Path:
    """Return the folder that ``deploy_to`` means: absolute, below the home, or the workspace's.

    Raises:
        NotAllowedError: It begins with ``~`` and there is no such home, or the workbench keeps
            its own files there.
    """
    try:
        folder = root / Path(deploy_to).expanduser()
    except RuntimeError:
        raise NotAllowedError(
            f"{visible(deploy_to)} means no folder here.", hint="Write the whole path."
        ) from None
    home, there = Path(os.path.realpath(root)), Path(os.path.realpath(folder))
    below = there.relative_to(home).parts[:1] if there.is_relative_to(home) else ("",)
    if not below or below[0].casefold() in _OWN:
        raise NotAllowedError(
            f"{visible(deploy_to)} is where the workspace keeps its own files.",
            hint="Name a folder of its own in deploy_to.",
        )
    return folder


def agree_to(session: Session, deploy_to: str) -> None:
    """Remember that a person who was shown ``deploy_to`` wants it written from this machine."""
    if deploy_to:
        with suppress(NotAllowedError):  # deploying says why
            agree(session, folder_of(session.root, deploy_to))


def _remembered(session: Session) -> frozenset[str]:
    try:
        said = json.loads(read_small(str(session.state / _USED), 1 << 20))
    except (OSError, ValueError, FormatError):
        return frozenset()
    return (
        frozenset(one for one in said if isinstance(one, str))
        if isinstance(said, list)
        else frozenset()
    )


def _remember(session: Session, folder: Path) -> None:
    """Keep that a folder was used; not knowing it later costs a warning, nothing else."""
    known = _remembered(session)
    if str(folder) in known:
        return
    try:
        data = json.dumps(sorted({*known, str(folder)})).encode()
        durable.replace(session.state / _USED, data)
    except OSError:
        return
