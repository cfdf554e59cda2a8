"""What surrounds a run: packages, hardware, uncommitted changes.

Runs in a thread beside the script, so that a start waits for none of it. The
environment's variables are never looked at: they hold secrets.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from workbench.client import git
from workbench.client.keeper import Keeper
from workbench.client.notice import tell_once
from workbench.client.place import Place
from workbench.client.sampler import gpu_names
from workbench.durable import write_once
from workbench.runfolder import ENVIRONMENT, FORMAT, SOURCE_DIFF, encode_line


def record(keeper: Keeper) -> None:
    """Write environment and source diff of a run that has none, and say what was found."""
    place = keeper.open()
    if place is None or (place.run / ENVIRONMENT).exists():  # resumed, or a second rank
        return
    try:
        _record(keeper)
    except Exception as error:  # noqa: BLE001 - a training goes on without it; told, and kept as a fact
        tell_once("capture", f"what surrounds the run could not be recorded: {error!r}")
        keeper.fact("capture_failed", repr(error)[:500])


def _record(keeper: Keeper) -> None:
    gpus = gpu_names()
    keeper.attempt(_once(ENVIRONMENT, encode_line(environment(gpus))))
    facts: dict[str, Any] = {"cpus": os.cpu_count(), "gpus": gpus}
    repository = git.find_repository()
    changes = None if repository is None else git.uncommitted(repository.tree)
    if changes is not None:
        facts["dirty"] = bool(changes.diff)
        facts["diff_bytes"] = len(changes.diff)
        facts["diff_hash"] = _hash(changes.diff)
        facts["diff_cut"] = changes.cut
        if changes.diff:
            keeper.attempt(_once(SOURCE_DIFF, changes.diff))
    keeper.update("fact", facts=facts)


def _hash(diff: bytes) -> str:
    """Return what tells one set of uncommitted changes from another."""
    from hashlib import sha256  # noqa: PLC0415 - dear at import, and off the script's path here

    return sha256(diff).hexdigest()[:16] if diff else ""


def _once(name: str, data: bytes) -> Callable[[Place], None]:
    def write(place: Place) -> None:
        try:
            write_once(place.run / name, data, temp=place.temp)
        except FileExistsError:
            return  # another rank was first, with the same to say

    return write


def environment(gpus: list[str]) -> dict[str, Any]:
    """Return what the training ran on and with."""
    import platform  # noqa: PLC0415 - dear at import

    return {
        "format": FORMAT,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "memory_mb": total_memory_mb(),
        "gpus": gpus,
        "packages": packages(),
    }


def packages() -> dict[str, str]:
    """Return the version of every installed package, the first found on the path counting.

    Read from the names of the metadata folders: opening each costs a second in a
    large environment.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = sorted(os.listdir(folder or "."))  # noqa: PTH208 - names only
        except OSError:
            continue
        for name in names:
            stem, dot, suffix = name.rpartition(".")
            package, dash, version = stem.partition("-")
            if dot and dash and suffix in ("dist-info", "egg-info"):
                plain = package.lower().replace("_", "-")
                found.setdefault(plain, version.partition("-py")[0])
    return dict(sorted(found.items()))


def total_memory_mb() -> int | None:
    """Return the machine's memory, or None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (1 << 20)
    except (AttributeError, ValueError, OSError):  # Windows
        return _windows_memory_mb()


def _windows_memory_mb() -> int | None:
    import ctypes  # noqa: PLC0415 - Windows only

    windll = getattr(ctypes, "windll", None)
    if windll is None:
        return None
    kilobytes = ctypes.c_ulonglong(0)
    if not windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes)):
        return None
    return kilobytes.value // 1024
