"""What a consumer asks for: the files of a version, verified, and the model in them.

Resolved from the journal, never from a catalogue, and nothing is written: a consumer
may hold the workspace read-only. Loading happens in the caller's own process and
nowhere else in the workbench; a format that runs code needs the caller's word.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from workbench.clock import SYSTEM, Clock
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.operations.moments import moment_at
from workbench.operations.registry.names import parse, resolve
from workbench.operations.registry.rooted import Here
from workbench.registry import ladder, manifest
from workbench.registry.manifest import Manifest, ManifestFile
from workbench.settings import find_workspace, is_workspace
from workbench.words import visible

_MOST_TYPES: Final = 8
Trust: TypeAlias = Literal["code"] | Sequence[str] | None


class Resolved(NamedTuple):
    """A version's files as they stand in the registry, whole."""

    name: str
    """``churn@3``, whatever was asked for."""
    folder: Path
    manifest: Manifest

    @property
    def path(self) -> Path:
        """Return the single file, or the folder of several."""
        if len(self.manifest.files) == 1:
            return self.folder / self.manifest.files[0].path
        return self.folder


def model_path(
    model: str,
    at: float | str | date | None = None,
    workspace: str | Path | None = None,
    *,
    clock: Clock = SYSTEM,
) -> Path:
    """Return where a version's files are: its single file, or the folder of several.

    Size and hash of every file are verified before; an older version than asked for is never
    given instead.

    Args:
        model: ``churn@production``, ``churn@3``, or the same as ``models:/churn@production``.
        at: As it was then: seconds since 1970, a date, or its text such as ``2026-08-14``.
        workspace: Default the one near.
        clock: The time.

    Raises:
        UsageError: It is no name of a version, or no moment.
        NotFoundError: There is no such workspace, model or version, or nothing holds the stage.
        FormatError: The files are not those that were registered, or the journal cannot be read
            as far as it would have to be to tell what holds the stage.
    """
    return _resolved(model, at, workspace, clock).path


def load_model(
    model: str,
    at: float | str | date | None = None,
    trust: Trust = None,
    workspace: str | Path | None = None,
    *,
    clock: Clock = SYSTEM,
) -> Any:
    """Return a version's model, loaded in this process.

    A skops file of known scikit-learn types is loaded as it is. Anything that would run code of
    its author's choosing is loaded only on your word.

    Args:
        model: As of `model_path`.
        at: As of `model_path`.
        trust: ``"code"`` loads pickle, joblib and the like, and skops files whatever types they
            name; names of types load skops files that name these beside the known ones.
        workspace: Default the one near.
        clock: The time.

    Raises:
        NotAllowedError: It would run code, or names further types, and that was not allowed.
        UsageError: The workbench does not load this format; its path is to be taken.
        NotFoundError: As of `model_path`; or the library that loads it is not installed.
        FormatError: The files are not those that were registered.
    """
    _check_trust(trust)
    found = _resolved(model, at, workspace, clock)
    file = _only_model(found)
    look = ladder.look(found.folder / file.path)
    if look.format == "skops":
        _require_known_types(found, look, trust)
        return _skops(found, manifest.content(found.folder, file), look)
    if look.format in ("joblib", "pickle", "pt"):
        _require_trust(found, look, trust)
        return _code(found, manifest.content(found.folder, file), look)
    raise UsageError(
        f"{found.name} is of the format {look.format}, which the workbench does not load.",
        hint=f"Load it with its own library from workbench.model_path({model!r}).",
    )


def _resolved(
    model: str, at: float | str | date | None, workspace: str | Path | None, clock: Clock
) -> Resolved:
    if not isinstance(model, str):
        raise UsageError(
            f"A version is named by text, not by {visible(repr(model))[:80]}.",
            hint="Write churn@production or churn@3.",
        )
    root = _workspace(workspace)
    state, version = resolve(Here(root), parse(model), _moment(at, clock))
    name = f"{state.model}@{version.number}"
    if version.deleted is not None:
        raise NotFoundError(f"{name} was deleted.", hint="Restore it, or use another version.")
    problems = manifest.check(root, state.model, version.manifest)
    if problems:
        raise FormatError(
            f"{name} is not as it was registered: {problems[0]}",
            hint="Run `workbench doctor --registry`, or roll back to a version that is whole.",
        )
    whole = manifest.read(root, state.model, version.manifest)
    return Resolved(name, manifest.folder_of(root, state.model, whole.hash), whole)


def _check_trust(trust: object) -> None:
    """Do nothing if this is a word a caller can give.

    Raises:
        UsageError: It is none.
    """
    named = isinstance(trust, Sequence) and all(isinstance(one, str) for one in trust)
    if trust is not None and not named:
        raise UsageError(
            f"{visible(repr(trust))[:80]} says nothing of what to trust.",
            hint='Pass trust="code" for everything, or the names of types in a list.',
        )


def _workspace(given: str | Path | None) -> Path:
    root = find_workspace(Path.cwd()) if given is None else Path(given).expanduser()
    if root is None or not is_workspace(root):
        raise NotFoundError(
            f"{root or 'No folder here or above'} is not a workspace.",
            hint="Name one with workspace=, or in $WORKBENCH_WORKSPACE.",
        )
    return root.resolve()


def _moment(at: float | str | date | None, clock: Clock) -> float | None:
    """Return seconds since 1970; a date without a time means its end."""
    if at is None or isinstance(at, int | float):
        return at
    if isinstance(at, datetime):
        return at.timestamp()
    return moment_at(at.isoformat() if isinstance(at, date) else at, clock.now())


def _only_model(found: Resolved) -> ManifestFile:
    """Return the one file of a version that is a model."""
    models = [
        one
        for one in found.manifest.files
        if ladder.look(found.folder / one.path).format != "files"
    ]
    if len(models) != 1:
        raise UsageError(
            f"{found.name} has {len(models)} files that could be loaded.",
            hint=f"Load what you need from workbench.model_path({found.name!r}).",
        )
    return models[0]


# -- loading -----------------------------------------------------------------------------
# What is loaded are the very bytes whose hash was compared: the file may be another by then.


def _require_known_types(found: Resolved, look: ladder.Format, trust: Trust) -> None:
    """Refuse types that neither the workbench knows nor the caller named."""
    if look.rung == "unknown":
        raise FormatError(f"{found.name} cannot be loaded: {look.why}")
    named = (trust,) if isinstance(trust, str) else tuple(trust or ())
    allowed = look.types if trust == "code" else named
    unknown = [name for name in look.types if name not in allowed]
    if unknown:
        shown = ", ".join(map(visible, unknown[:_MOST_TYPES]))
        more = f" and {len(unknown) - _MOST_TYPES} more" if len(unknown) > _MOST_TYPES else ""
        raise NotAllowedError(
            f"{found.name} names types beyond the known ones: {shown}{more}.",
            hint=f"If you know where it comes from, pass trust={list(look.types)!r}.",
        )


def _skops(found: Resolved, data: bytes, look: ladder.Format) -> Any:
    from skops import io as skops

    try:
        return skops.loads(data, trusted=list(look.types))
    except (TypeError, ValueError, KeyError, AttributeError, ImportError) as error:
        raise _not_here(found, error) from error


def _require_trust(found: Resolved, look: ladder.Format, trust: Trust) -> None:
    """Refuse to run what the caller did not allow to run."""
    if trust != "code":
        raise NotAllowedError(
            f"{found.name} is {look.format}: loading it runs whatever code its author put in.",
            hint='If you know who wrote it, pass trust="code".',
        )


def _code(found: Resolved, data: bytes, look: ladder.Format) -> Any:
    if look.format == "pt":
        return _torch(found).load(BytesIO(data), weights_only=False)
    import joblib  # noqa: PLC0415 - comes with scikit-learn; reads plain pickles too

    try:
        return joblib.load(BytesIO(data))
    except (AttributeError, ImportError) as error:
        raise _not_here(found, error) from error


def _torch(found: Resolved) -> Any:
    """Return the caller's own library; it is not a dependency."""
    try:
        return import_module("torch")
    except ModuleNotFoundError as error:
        raise NotFoundError(
            f"{found.name} is a file of torch, and {error.name} is not installed here.",
            hint=f"Install it: pip install {error.name}",
        ) from error


def _not_here(found: Resolved, error: Exception) -> FormatError:
    """Return what this program lacks to load a version."""
    said = visible(str(error).partition("\n")[0])
    own = re.search("attribute '([^']+)'", said) if "__main__" in said else None
    if own is None:
        return FormatError(
            f"{found.name} cannot be loaded here: {said}",
            hint="Use the packages it was registered with; its page lists them.",
        )
    return FormatError(
        f"{found.name} cannot be loaded here: {own[1]} is defined in the script that made it.",
        hint="Define it here too, or register the model anew with it in a module of its own.",
    )
