"""What is needed to run a run again: source, packages, data, command.

Everything comes from what the run recorded. What it did not record is said, because a
repetition that quietly differs is worse than none.
"""

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.client.capture import packages as installed
from workbench.client.datasets import hash_of_path
from workbench.durable import replace
from workbench.errors import NotAllowedError
from workbench.formats.contract import Dataset
from workbench.operations import run_detail
from workbench.operations.repository import is_commit
from workbench.operations.session import Session
from workbench.runfolder import SOURCE_DIFF
from workbench.settings import VARIABLE
from workbench.words import plural, visible

AS_IT_WAS, CHANGED, GONE, UNKNOWN = "as it was", "changed", "missing", "not recorded"
TOO_LARGE = "not looked at"

_MOST_FILES, _MOST_BYTES = 100_000, 64 << 30
"""Of data that is read again: some minutes. A card may name any folder, that of all included."""
_PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*\Z")
"""A package's name or version; anything else in a requirements file may be an option of pip."""


class Data(NamedTuple):
    """A dataset the run used, and what is there now."""

    name: str
    role: str
    path: str
    hash: str
    state: str


class Package(NamedTuple):
    """A package of then and of now; None where it was or is not installed."""

    name: str
    then: str | None
    now: str | None

    @property
    def pinned(self) -> bool:
        """Say whether an installer can be told of it."""
        return bool(_PINNED.match(self.name) and self.then and _PINNED.match(self.then))


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is known of how to run a run again."""

    record: RunRecord
    folder: Path
    """The run's own folder."""
    command: tuple[str, ...]
    """``python`` and its arguments; empty when it was not recorded."""
    work_folder: str | None
    """Where the command was started, below the repository's root."""
    patch: Path | None
    """The uncommitted changes as a patch file."""
    python: str
    packages: tuple[Package, ...]
    data: tuple[Data, ...]
    missing: tuple[str, ...]
    """What was not recorded or is no longer there, in sentences."""

    @property
    def differing(self) -> tuple[Package, ...]:
        """Return the packages of then that are others now."""
        return tuple(one for one in self.packages if one.then != one.now)

    @property
    def requirements(self) -> tuple[str, ...]:
        """Return the packages of then as the lines of a requirements file."""
        return tuple(f"{one.name}=={one.then}" for one in self.packages if one.pinned)


def plan(session: Session, run: int, *, data: bool = True) -> Plan:
    """Return what is needed to run a run again.

    Args:
        session: Where.
        run: Its number.
        data: Read all data again, to say whether it is what it was; else nothing is said of it.

    Raises:
        NotFoundError: It is no longer there.
    """
    found = run_detail.detail(session, run)
    record, facts = found.record, found.record.facts
    patch = found.folder / SOURCE_DIFF
    found_data = tuple(_data(session, one) for one in record.datasets) if data else ()
    packages = _packages(found.environment)
    invocation = facts.get("invocation")
    command = tuple(map(str, invocation)) if isinstance(invocation, list) else ()
    missing = _missing(record, command, packages, has_patch=bool(found.diff))
    work_folder = facts.get("folder")
    return Plan(
        record,
        found.folder,
        command,
        work_folder if isinstance(work_folder, str) and _is_below(work_folder) else None,
        patch if found.diff and patch.is_file() else None,
        str(facts.get("python") or found.environment.get("python") or ""),
        packages,
        found_data,
        (*missing, *(_missing_data(found_data) if data else ())),
    )


def steps(of: Plan, *, tree: str = "again", root: Path | None = None) -> tuple[str, ...]:
    """Return the commands a person types to run it again, one a line.

    Args:
        of: The plan.
        tree: Folder for the checked out source.
        root: The workspace, to name the changes from ``$WORKBENCH_WORKSPACE`` on, wherever that
            is; without it their whole path.
    """
    lines = []
    if is_commit(of.record.commit):
        lines.append(f"git worktree add --detach {shlex.quote(tree)} {of.record.commit}")
        if of.patch is not None:
            patch = _patch_words(of.patch, root)
            lines.append(f"git -C {shlex.quote(tree)} apply --whitespace=nowarn {patch}")
        lines.append(f"cd {shlex.quote(_joined(tree, of.work_folder))}")
    if of.command:
        lines.append(shlex.join(of.command))
    return tuple(lines)


def _patch_words(patch: Path, root: Path | None) -> str:
    """Return how a shell is told where the changes are."""
    if root is not None and patch.is_relative_to(root):
        return f'"${VARIABLE}"/{shlex.quote(patch.relative_to(root).as_posix())}'
    return shlex.quote(str(patch))


def _is_below(folder: str) -> bool:
    """Say whether a folder named in a run's card stays below the repository."""
    path = Path(folder)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in folder


def _joined(tree: str, folder: str | None) -> str:
    return tree if folder in (None, "", ".") else f"{tree}/{folder}"


def _packages(environment: Mapping[str, Any]) -> tuple[Package, ...]:
    then = environment.get("packages")
    if not isinstance(then, dict):
        return ()
    now = installed()
    return tuple(
        Package(name, str(version), now.get(name)) for name, version in sorted(then.items())
    )


def _data(session: Session, dataset: Dataset) -> Data:
    path, known = dataset.path or "", dataset.hash or ""
    return Data(dataset.name, dataset.role, path, known, _state(session, path, known))


def _state(session: Session, path: str, known: str) -> str:
    if not path or not known or "://" in path:
        return UNKNOWN
    try:
        if _is_too_large(session.root / path):
            return TOO_LARGE
        now = hash_of_path(session.root / path)
    except OSError:
        return GONE
    return AS_IT_WAS if now == known else CHANGED


def _is_too_large(path: Path) -> bool:
    sizes = list(islice(_sizes(path), _MOST_FILES + 1))
    return len(sizes) > _MOST_FILES or sum(sizes) > _MOST_BYTES


def _sizes(path: Path) -> Iterator[int]:
    if not path.is_dir():
        yield path.stat().st_size
    for folder, _, names in os.walk(path):
        for name in names:
            yield Path(folder, name).lstat().st_size


def _missing(
    record: RunRecord, command: tuple[str, ...], packages: tuple[Package, ...], *, has_patch: bool
) -> list[str]:
    """Return in sentences what a repetition cannot know."""
    said = []
    if not command:
        said.append("How the run was started was not recorded.")
    if not record.commit:
        said.append("The run was not started inside a git repository: its source is not known.")
    elif not is_commit(record.commit):
        said.append(f"The commit of the run, {visible(record.commit[:80])}, is not a whole id.")
    elif record.dirty and not has_patch:
        said.append("There were uncommitted changes, and they were not kept.")
    elif record.dirty is None and not has_patch:
        said.append("Whether there were uncommitted changes was not recorded.")
    if record.facts.get("diff_cut"):
        said.append("The uncommitted changes were too large to be kept whole.")
    if not packages:
        said.append("The packages it ran with were not recorded.")
    strange = sum(not one.pinned for one in packages)
    if strange:
        said.append(f"The name or version of {plural(strange, 'package')} is none pip would take.")
    return said


def _missing_data(data: tuple[Data, ...]) -> Iterator[str]:
    if not data:
        yield "The run named no dataset."
    for one in data:
        if one.state != AS_IT_WAS:
            yield f"The data {visible(one.name)} {_SAID[one.state]}."


_SAID = {
    CHANGED: "is no longer what it was",
    GONE: "is no longer at its place",
    UNKNOWN: "has no recorded content to compare with",
    TOO_LARGE: "is too large to be read again",
}


def as_fields(of: Plan) -> dict[str, Any]:
    """Return the plan as JSON-able fields."""
    record = of.record
    return {
        "run": record.run_id,
        "name": record.name,
        "commit": record.commit,
        "patch": str(of.patch) if of.patch else None,
        "folder": of.work_folder,
        "command": list(of.command),
        "python": of.python,
        "packages": [one._asdict() for one in of.packages],
        "data": [one._asdict() for one in of.data],
        "steps": list(steps(of)),
        "missing": list(of.missing),
    }


def write(of: Plan, folder: Path) -> None:
    """Write what is needed into a folder: patch, requirements, steps.

    Raises:
        NotAllowedError: It cannot be written.
    """
    said = [f"# ! {sentence}" for sentence in of.missing]
    files = {
        "requirements.txt": "\n".join((*of.requirements, "")),
        "steps.sh": "\n".join((*steps(of), *said, "")),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if of.patch is not None:
            replace(folder / "source.patch", of.patch.read_bytes())
        for name, text in files.items():
            replace(folder / name, text.encode("utf-8", "replace"))
    except OSError as error:
        raise NotAllowedError(
            f"{folder} cannot be written: {error.strerror or error}.",
            hint="Name another folder with --out.",
        ) from None
