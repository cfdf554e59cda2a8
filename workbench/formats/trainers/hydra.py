"""Hydra's job folders: the configuration a script ran with, and nothing of what it did.

So this gives params, and what the job was, to whatever runs are in the folder or below
it; a job is one process, so what several tools wrote in it is one run. Alone it is a run
without metrics. The name is the job's folder as Hydra made it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from workbench.errors import FormatError
from workbench.formats import plain_config
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.trainers import trainer_folders
from workbench.opening import is_plain_file, read_small

HOME = ".hydra"
CONFIG, OVERRIDES, SETTINGS = (f"{HOME}/{n}.yaml" for n in ("config", "overrides", "hydra"))
SWEEP = "multirun.yaml"
_LARGEST = 1 << 20
_MOST_OVERRIDES = 1_000
_FIRST = 1 << 16
_OUTPUT, _START = (
    re.compile(rb"^ +%s: (.+?)\s*$" % name, re.MULTILINE) for name in (b"output_dir", b"cwd")
)
RUNS_WHILE = 60.0
"""Seconds without a change of its log after which nobody can say whether a job still runs."""


class HydraReader:
    """Params of the runs in jobs that Hydra started."""

    name: ClassVar[str] = "hydra"
    title: ClassVar[str] = "Hydra job"
    live: ClassVar[str] = "params, when the job starts"
    verified: ClassVar[str] = "folders of hydra-core 1.3, against OmegaConf's reading of them"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether Hydra kept its configuration in ``folder``."""
        return HOME in folder.folders

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a job's folder: params for what others find there."""
        del path
        if not any(is_plain_file(f"{folder.path}/{name}") for name in (CONFIG, OVERRIDES)):
            return None
        if before is None and _is_shared(str(folder.path)):
            return None
        names = (CONFIG, OVERRIDES, SETTINGS, *_output(folder))
        return trainer_folders.claim_of(folder, names, overlay=True, gathers=True, memory=True)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return what Hydra knows of the job at ``key``."""
        del progress
        listed = trainer_folders.listed(root, key)
        folder = str(listed.path)
        if not any(is_plain_file(f"{folder}/{name}") for name in (CONFIG, OVERRIDES)):
            raise FormatError(f"{key!r} is not a job of Hydra.")
        faults: list[Fault] = []
        params = trainer_folders.written_params(folder, CONFIG, key, {}, now, faults)
        settings = trainer_folders.written_params(folder, SETTINGS, key, {}, now, faults)
        job = str(settings.get("hydra.job.name") or "")
        names = (CONFIG, OVERRIDES, *_output(listed))
        dates = trainer_folders.dates_of(folder, names, now, RUNS_WHILE)
        place = _place(listed.path, settings)
        swept = is_plain_file(str(listed.path.parent / SWEEP)) or _mode(settings) == "MULTIRUN"
        card = RunCard(
            run_id="",
            name=place,
            experiment=job or trainer_folders.experiment_of(listed.path),
            status=dates.status,
            inferred=True,
            group=place.rpartition("/")[0] or None if swept else None,
            started=dates.started,
            ended=dates.ended,
            params=params,
            facts={
                **trainer_folders.DATES,
                **_facts(settings, _overrides(folder, key, faults)),
            },
            faults=tuple(faults),
        )
        return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return nothing: Hydra keeps no metrics."""
        del root, key, metrics, progress
        return Curves({}, None)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the job is."""
        return trainer_folders.file_at(root, key, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return the job's log."""
        folder = trainer_folders.listed(root, key)
        return trainer_folders.console_of(root, key, _output(folder))


def _is_shared(folder: str) -> bool:
    """Say whether every job is told to work in this folder: what is kept is the last one's.

    Then nobody knows which runs in and below it these params were of.
    """
    data = first_bytes(f"{folder}/{SETTINGS}", _FIRST)
    output, start = _OUTPUT.search(data), _START.search(data)
    return output is not None and start is not None and output[1] == start[1]


def _output(folder: Folder) -> list[str]:
    """Return what may be the job's log; its name stands in a file this need not open."""
    return sorted(name for name in folder.files if name.endswith(".log"))[:4]


def _mode(settings: Mapping[str, Any]) -> str:
    return str(settings.get("hydra.mode") or "")


def _place(folder: Path, settings: Mapping[str, Any]) -> str:
    """Return the job's folder from where the script was started, if it still lies so."""
    here = folder.absolute().parts
    output, start = (str(settings.get(f"hydra.runtime.{n}") or "") for n in ("output_dir", "cwd"))
    made = PurePosixPath(output.replace("\\", "/"))
    begun = PurePosixPath(start.replace("\\", "/"))
    if output and start and made != begun and made.is_relative_to(begun):
        parts = made.relative_to(begun).parts
        if here[-len(parts) :] == parts:
            return "/".join(parts)
    return "/".join(here[-2:])


def _facts(settings: Mapping[str, Any], overrides: Sequence[str]) -> dict[str, Any]:
    found = {
        "overrides": list(overrides) or None,
        "job_name": settings.get("hydra.job.name"),
        "mode": settings.get("hydra.mode"),
        "hydra_version": settings.get("hydra.runtime.version"),
    }
    return {name: value for name, value in found.items() if value not in (None, "", "???")}


def _overrides(folder: str, key: str, faults: list[Fault]) -> list[str]:
    """Return what was given on the command line, as it was given."""
    shown = trainer_folders.named(key, OVERRIDES)
    try:
        data = read_small(f"{folder}/{OVERRIDES}", _LARGEST)
        whole = data[: data.rfind(b"\n") + 1]
        found = plain_config.load(OVERRIDES, b"all:\n " + whole.replace(b"\n", b"\n "))["all"]
    except FileNotFoundError:
        return []
    except (FormatError, OSError) as problem:
        faults.append(Fault(shown, f"cannot be read: {problem}"))
        return []
    if whole != data:
        faults.append(Fault(shown, "is cut off"))
    return [str(one) for one in found[:_MOST_OVERRIDES]] if isinstance(found, list) else []
