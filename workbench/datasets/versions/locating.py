r"""Where a file is on this machine, and how its path is written so that others find it too.

A stored path is relative to the workspace where it is below it, ``<root>:path`` below a named
root of ``[roots]``, else absolute; always with forward slashes. A root is one place with as many
names as there are systems: ``S:\ml`` here, ``/mnt/s/ml`` there.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from workbench.errors import NotFoundError
from workbench.words import visible

Roots: TypeAlias = Mapping[str, tuple[str, ...]]
"""Name of a root to the places it may be, the likeliest first."""

ROOT_NAME: Final = re.compile(r"[a-z0-9_][a-z0-9_.-]+\Z")
"""Two letters at least: a single one is a drive of Windows."""
_ROOTED: Final = re.compile(r"([a-z0-9_][a-z0-9_.-]+):(.*)\Z", re.DOTALL)
_DRIVE: Final = re.compile(r"[A-Za-z]:(/|\Z)")
_LONGEST: Final = 4096


def written(path: Path, workspace: Path, roots: Roots) -> str:
    """Return a path as it is stored: what a link leads out of the workspace is not below it."""
    full, home = os.path.abspath(path), os.path.abspath(workspace)  # noqa: PTH100 - links stay
    real, real_home = os.path.realpath(path), os.path.realpath(workspace)
    if _below(_slashed(real), _slashed(real_home)) is None:
        return apart(path, workspace, roots)
    inside = _below(_slashed(full), _slashed(home))
    below = inside if inside is not None else _below(_slashed(real), _slashed(real_home))
    return f"./{below}" if not below or _ROOTED.match(below) else below


def apart(path: Path, workspace: Path, roots: Roots) -> str:
    """Return a path as it is stored below a root, else absolute, wherever the workspace is."""
    full, real = os.path.abspath(path), os.path.realpath(path)  # noqa: PTH100
    for name, places in roots.items():
        for place in places:
            for here in dict.fromkeys((full, real)):
                below = _below(_slashed(here), _normal(place, workspace))
                if below is not None:
                    return f"{name}:{below}"
    home = os.path.abspath(workspace)  # noqa: PTH100
    return _slashed(full if _below(_slashed(full), _slashed(home)) is None else real)


def name_below(stored: str, base: str) -> str | None:
    """Return the name of a stored file below a stored folder; None where it cannot be.

    Args:
        stored: The path of the file.
        base: The folder; empty for the workspace itself.
    """
    start = base if not base or base.endswith(("/", ":")) else f"{base}/"
    name = stored[len(start) :] if start else stored.removeprefix("./")
    leads = not stored.startswith(start) or (not start and needs_roots(stored))
    strange = os.name == "nt" and ("\\" in name or ":" in name)  # a drive, or another folder
    return None if leads or strange or {"", ".", ".."} & set(name.split("/")) else name


def candidates(stored: str, workspace: Path, roots: Roots) -> tuple[Path, ...]:
    """Return where a stored path may be on this machine, the likeliest first.

    Raises:
        NotFoundError: It is no path, or leads out of where it says it is.
    """
    climbs = ".." in re.split("[/:]", stored)
    if not stored or "\0" in stored or len(stored) > _LONGEST or climbs:
        raise NotFoundError(f"{visible(stored)[:200]!r} is no path of a dataset.")
    rooted = _ROOTED.match(stored)
    if rooted is not None and rooted[1] in roots:
        return tuple(_joined(_normal(place, workspace), rooted[2]) for place in roots[rooted[1]])
    if rooted is not None and not stored.startswith("./"):
        raise NotFoundError(
            f"{visible(stored)[:200]} is below the root {visible(rooted[1])!r}, which is not named "
            "here.",
            hint=f"Say in workbench.toml where it is: [roots] {visible(rooted[1])} = [...]",
        )
    if not is_absolute(stored):
        return (workspace / stored,)
    return tuple(dict.fromkeys((*_elsewhere(stored, workspace, roots), *_as_it_is(stored))))


def found(stored: str, workspace: Path, roots: Roots) -> Path:
    """Return where a stored path is on this machine.

    Raises:
        NotFoundError: It is not there; says where it was looked for.
    """
    places = candidates(stored, workspace, roots)
    for place in places:
        if place.exists():
            return place
    if not places:
        raise NotFoundError(
            f"{visible(stored)[:200]} is a path of another system.",
            hint="Name its drive in workbench.toml under [roots], with the place it has here.",
        )
    where = " nor at ".join(visible(str(place)) for place in places[:4])
    raise NotFoundError(
        f"There is nothing at {where}.", hint="Bring it back, or connect the drive."
    )


def meant(said: str, workspace: Path, roots: Roots) -> Path:
    """Return the path a person means in the settings; there or not, perhaps a pattern.

    Unlike a stored path it may begin with ``~`` or lead out of the workspace with ``..``.

    Raises:
        NotFoundError: It can be none on this machine.
    """
    slashed = said.replace("\\", "/")
    if slashed.startswith("~"):
        slashed = _slashed(os.path.expanduser(slashed))  # noqa: PTH111 - a string all along
    if ".." in slashed.split("/") and not _ROOTED.match(slashed) and not is_absolute(slashed):
        return Path(os.path.normpath(workspace / slashed))
    places = candidates(slashed, workspace, roots)
    if not places:
        return found(slashed, workspace, roots)  # says why there are none
    return next((one for one in places if _fixed(one).exists()), places[0])


def _fixed(path: Path) -> Path:
    """Return the part of a path before the first sign of a pattern."""
    parts = path.parts
    signs = (k for k, part in enumerate(parts) if set("*?[") & set(part))
    return Path(*parts[: next(signs, len(parts))])


def needs_roots(stored: str) -> bool:
    """Say whether the named roots tell where a stored path is; below the workspace they do not."""
    return is_absolute(stored) or _ROOTED.match(stored) is not None


def is_absolute(stored: str) -> bool:
    """Say whether a stored path is absolute, on this system or another."""
    return stored.startswith("/") or _DRIVE.match(stored) is not None


def _elsewhere(stored: str, workspace: Path, roots: Roots) -> Iterator[Path]:
    """Yield the other places of a root that an absolute path is below; the path itself last."""
    for places in roots.values():
        normal = [_normal(place, workspace) for place in places]
        for base in normal:
            below = _below(stored, base)
            if below is not None:
                yield from (_joined(other, below) for other in normal if _is_of_here(other))


def _as_it_is(stored: str) -> tuple[Path, ...]:
    return (Path(stored),) if _is_of_here(stored) else ()


def _is_of_here(path: str) -> bool:
    """Say whether this system could have an absolute path."""
    return os.name == "nt" or not _DRIVE.match(path)


def _normal(place: str, workspace: Path) -> str:
    """Return a place of a root as an absolute path with forward slashes and none at its end."""
    if _DRIVE.match(place.replace("\\", "/")) or place.startswith("\\\\"):
        return place.replace("\\", "/").rstrip("/")
    home = os.path.expanduser(place)  # noqa: PTH111 - strings all along
    return _slashed(os.path.abspath(os.path.join(workspace, home))).rstrip("/")  # noqa: PTH100, PTH118


def _slashed(path: str) -> str:
    return path.replace("\\", "/") if os.name == "nt" else path


def _joined(base: str, below: str) -> Path:
    return Path(f"{base}/{below}" if below else base or "/")


def _below(path: str, base: str) -> str | None:
    """Return what follows ``base`` in a path, None where it is not below; drives ignore case."""
    base = base.rstrip("/")
    loose = _DRIVE.match(base) is not None or base.startswith("//")
    one, other = (path.casefold(), base.casefold()) if loose else (path, base)
    if one == other:
        return ""
    return path[len(base) + 1 :] if one.startswith(other + "/") else None
