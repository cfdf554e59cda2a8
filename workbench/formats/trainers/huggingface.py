"""Hugging Face's `Trainer`: ``trainer_state.json``, written whole with every checkpoint.

The newest state is the run's. What is live is in the event files below ``runs/``, which
another reader reads and which belong to this run. ``training_args.bin`` is a pickle: it
is listed with the other files and never opened.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from workbench.errors import FormatError
from workbench.formats import plain_config, signs
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.first_bytes import first_bytes
from workbench.formats.series import Series
from workbench.formats.tables.json_lines import number_in
from workbench.formats.trainers import trainer_folders
from workbench.formats.walking import HERE, list_folder
from workbench.opening import is_plain_file, read_small
from workbench.runfolder import FINISHED

STATE, EVENTS, PICKLE = "trainer_state.json", "runs", "training_args.bin"
_CHECKPOINT = re.compile(r"checkpoint-([0-9]{1,18})\Z")
_EVENT_FILE = "events.out.tfevents."
_MARK = b"args/text_summary"
"""How the trainer's first words in an event file are tagged."""
_TWIN = re.compile(r"(?:runs/(?:[^/]+/)?)?(train|eval|test)/(.+)\Z")
_FIRST = 1 << 16
_LARGEST = 32 * 1024 * 1024
_MOST_EVENT_FILES = 4
_MOST_TRIED = 3
"""Checkpoints opened in search of one whose state is whole."""
_SETTLES_IN = 5.0
RUNS_WHILE = 600.0
"""Seconds of silence that are usual between two checkpoints."""
_FACTS = (
    "global_step", "max_steps", "epoch", "num_train_epochs", "best_metric",
    "best_model_checkpoint", "best_global_step", "train_batch_size", "trial_name",
)  # fmt: skip


class _State(NamedTuple):
    """A state that was read."""

    name: str
    """Its path below the run's folder."""
    found: Mapping[str, Any]
    step: float


class HuggingFaceReader:
    """Runs as the output folders of trainers."""

    name: ClassVar[str] = "huggingface"
    title: ClassVar[str] = "Hugging Face Trainer"
    live: ClassVar[str] = "with every checkpoint; with its event files, as TensorBoard"
    verified: ClassVar[str] = "folders of transformers 5.23, against TrainerState's reading"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether the names in ``folder`` may be those of a trainer's output."""
        if STATE in folder.files or any(map(_CHECKPOINT.match, folder.folders)):
            return True
        return EVENTS in folder.folders and (not folder.files or PICKLE in folder.files)

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to an output folder, or to a checkpoint as a part of the one above."""
        if path != HERE and _CHECKPOINT.match(folder.path.name) and STATE in folder.files:
            return trainer_folders.claim_of(
                folder, (STATE,), part_of=path.rpartition("/")[0] or HERE
            )
        states = _states(folder)
        claim = trainer_folders.claim_of(folder, states, gathers=True)
        if claim is not None:
            return claim
        if before is None and not _is_marked(folder):
            return None
        facts = (EVENTS, signs.facts_of(f"{folder.path}/{EVENTS}"))
        return Claim(signs.stamp(facts), live=False, gathers=True, memory=True)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        del progress
        folder = trainer_folders.listed(root, key)
        faults: list[Fault] = []
        states = _states(folder)
        if not states and EVENTS not in folder.folders:
            raise FormatError(f"{key!r} is not a run: no trainer left its state in it.")
        newest, rest = _newest(folder, key, now, faults)
        series = _series(newest)
        if series.left_out:
            faults.append(Fault(key, f"{series.left_out:,} points are too many to be read"))
        finished = newest is not None and _is_at_end(newest)
        within = 0.0 if finished else RUNS_WHILE
        dates = trainer_folders.dates_of(str(folder.path), states, now, within)
        trial = newest.found.get("trial_params") if newest else None
        card = RunCard(
            run_id="",
            name=folder.path.name,
            experiment=trainer_folders.experiment_of(folder.path),
            status=FINISHED if finished else dates.status,
            inferred=True,
            started=dates.started,
            ended=dates.ended,
            params=plain_config.flat(trial) if isinstance(trial, Mapping) else {},
            metrics=series.metrics(),
            facts=_facts(newest, rest),
            faults=tuple(faults),
        )
        return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``; a newer state goes on where the older one ended."""
        folder = trainer_folders.listed(root, key)
        facts = [(name, signs.facts_of(f"{folder.path}/{name}")) for name in _states(folder)]
        return trainer_folders.past(
            facts, metrics, progress, lambda: _series(_newest(folder, key, 0.0, [])[0])
        )

    def own_name(self, name: str) -> str:
        """Return what the state calls a curve in the event files: ``eval/loss`` is `eval_loss`."""
        twin = _TWIN.match(name)
        if twin is None:
            return name
        return twin[2] if twin[1] == "train" else f"{twin[1]}_{twin[2]}"

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        return trainer_folders.file_at(root, key, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: the trainer keeps no output."""
        del root, key
        return {}


def _states(folder: Folder) -> list[str]:
    """Return the states in a folder by name: the newest checkpoint's first, the folder's own last.

    What number a checkpoint has is the step it was written at.
    """
    found = [match for name in folder.folders if (match := _CHECKPOINT.match(name))]
    found.sort(key=lambda match: int(match[1]), reverse=True)
    names = [f"{match[0]}/{STATE}" for match in found]
    names = [name for name in names if is_plain_file(f"{folder.path}/{name}")]
    return [*names, STATE] if STATE in folder.files else names


def _newest(
    folder: Folder, key: str, now: float, faults: list[Fault]
) -> tuple[_State | None, _State | None]:
    """Return the state that got furthest, and the folder's own where it is another one."""
    checkpoints = [name for name in _states(folder) if name != STATE]
    read = (
        state
        for name in checkpoints[:_MOST_TRIED]
        if (state := _read_state(folder, name, key, now, faults))
    )
    checkpoint = next(read, None)
    own = _read_state(folder, STATE, key, now, faults) if STATE in folder.files else None
    if checkpoint is None or (own is not None and own.step > checkpoint.step):
        return own, None
    return checkpoint, own


def _read_state(
    folder: Folder, name: str, key: str, now: float, faults: list[Fault]
) -> _State | None:
    path = f"{folder.path}/{name}"
    try:
        found = _loaded(name, read_small(path, _LARGEST))
    except (FormatError, OSError) as problem:
        facts = signs.facts_of(path)
        if facts and now - facts[2] / 1e9 >= _SETTLES_IN:  # else it is being written
            faults.append(Fault(trainer_folders.named(key, name), f"cannot be read: {problem}"))
        return None
    step = number_in(found.get("global_step"))
    return _State(name, found, -1.0 if step is None else step)


def _loaded(name: str, data: bytes) -> Mapping[str, Any]:
    found = plain_config.load(name, data)
    if not isinstance(found.get("log_history"), list):
        raise FormatError("it has no log_history")
    return found


def _series(state: _State | None) -> Series:
    """Return the curves in a state's history."""
    series = Series()
    for entry in _entries(state):
        step = number_in(entry.get("step"))
        for name, value in entry.items():
            number = number_in(value) if name != "step" else None
            if number is not None:
                series.add(name, number, step)
    return series


def _entries(state: _State | None) -> Iterator[Mapping[str, Any]]:
    history = state.found.get("log_history") if state else ()
    for entry in history or ():
        if isinstance(entry, Mapping):
            yield entry


def _is_at_end(state: _State) -> bool:
    last = number_in(state.found.get("max_steps"))
    return last is not None and 0 < last <= state.step


def _facts(newest: _State | None, own: _State | None) -> dict[str, Any]:
    """Return what is worth knowing of a state: where it got to, and the training's last words."""
    if newest is None:
        return {}
    found = {name: newest.found.get(name) for name in _FACTS}
    facts = {
        name: value
        for name, value in plain_config.flat(found).items()
        if value is not None and not isinstance(value, list)
    }
    steps = f"{facts.get('global_step')}/{facts.get('max_steps')} steps"
    last = dict(list(_entries(own))[-1:][0]) if own and any(_entries(own)) else {}
    closing = plain_config.flat(last) if "train_runtime" in last else {}
    closing = {name: value for name, value in closing.items() if name not in ("step", "epoch")}
    return {
        **trainer_folders.DATES,
        "trainer_state": newest.name,
        "raw_status": f"{steps} in {newest.name}",
        **({"concluded": f"{steps} in {newest.name}"} if _is_at_end(newest) else {}),
        **facts,
        **closing,
    }


def _is_marked(folder: Folder) -> bool:
    """Say whether the event files below are a trainer's, by how they begin."""
    home = folder.path / EVENTS
    below = list_folder(home, "", [])
    if below is None:
        return False
    places = [f"{home}/{name}" for name in sorted(below.files) if name.startswith(_EVENT_FILE)]
    for name in sorted(below.folders)[:_MOST_EVENT_FILES]:
        inner = list_folder(home / name, "", [])
        files = sorted(inner.files) if inner else ()
        places += [f"{home}/{name}/{file}" for file in files if file.startswith(_EVENT_FILE)]
    return any(_MARK in first_bytes(place, _FIRST) for place in places[:_MOST_EVENT_FILES])
