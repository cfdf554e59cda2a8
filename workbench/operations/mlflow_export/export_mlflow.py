"""Writing runs and models as an MLflow file store: the whole of an export."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench import words
from workbench.catalogue.cards import RunRecord, cards
from workbench.durable import replace, sync_folder
from workbench.errors import FormatError, NotAllowedError, StoppedError, UsageError
from workbench.formats.detect import reader_named
from workbench.operations.importing.values import Failed, Lost, Stop, Tell
from workbench.operations.listing import found
from workbench.operations.mlflow_export import naming
from workbench.operations.mlflow_export.curves import Place
from workbench.operations.mlflow_export.files import CARD, milliseconds, uri, write_card
from workbench.operations.mlflow_export.registry_files import write_models
from workbench.operations.mlflow_export.run_files import DIGEST, Order, digest_of, write_run
from workbench.operations.select import chosen

if TYPE_CHECKING:
    from workbench.operations.session import Session

_MARKER: Final = "workbench-export.json"
_NEW, _OLD = ".new-", ".old-"
_AT_ONCE: Final = 200


class Wanted(NamedTuple):
    """What a person wants to be written."""

    runs: Sequence[str] = ()
    """Ids, names or patterns; none, and no filter, means all."""
    filter: str = ""
    artifacts: bool = True
    models: bool = True
    """The registry too, where all runs are wanted."""


class Exported(NamedTuple):
    """What was written."""

    path: str
    runs: int
    """Runs that were asked for."""
    written: int
    same: int
    """Runs that were there already as they are."""
    models: int
    versions: int
    lost: Mapping[str, int]
    """How much is not as it was, by kind."""
    examples: Mapping[str, str]
    """The first one of each kind."""
    failed: tuple[Failed, ...]


def export_mlflow(
    session: "Session",
    path: Path,
    wanted: Wanted,
    tell: Tell = lambda *_: None,
    stop: Stop = lambda: False,
) -> Exported:
    """Write runs, and the registry, as a file store that MLflow reads.

    What is there already as it is stays, so that an export can be stopped and repeated.

    Args:
        session: Where from.
        path: A folder that is empty, not there, or was written by an export before.
        wanted: What of it.
        tell: Told how far it is.
        stop: Asked whether to end.

    Raises:
        UsageError: The folder holds something else, or the runs cannot be chosen.
        NotAllowedError: The folder cannot be written.
        StoppedError: A person asked for the end; what was written before stays.
    """
    numbers = _chosen(session, wanted)
    store = Path(os.path.realpath(path.expanduser()))
    work = _Export(session, store, wanted, tell, stop)
    try:
        _prepare(store, session)
        work.write_runs(numbers)
        return work.finished(path, len(numbers))
    except OSError as problem:
        raise _cannot_write(store, problem) from None


def _chosen(session: "Session", wanted: Wanted) -> Sequence[int]:
    if not wanted.runs and not wanted.filter:
        from workbench.operations.listing import with_archived  # noqa: PLC0415 - next to its use

        return found(session, with_archived(None))
    return [one.run for one in chosen(session, wanted.runs, wanted.filter)]


def _prepare(store: Path, session: "Session") -> None:
    """Make the folder, or see that it is one of ours.

    Raises:
        UsageError: It holds something else.
    """
    if store.is_file():
        raise UsageError(f"{store} is a file.", hint="Name a folder.")
    if store.is_dir() and any(store.iterdir()) and not (store / _MARKER).is_file():
        raise UsageError(
            f"{store} holds something that no export wrote.", hint="Name a new or empty folder."
        )
    store.mkdir(parents=True, exist_ok=True)
    identity = session.workspace.id if session.workspace else ""
    if not (store / _MARKER).exists():
        replace(store / _MARKER, json.dumps({"format": 1, "workspace": identity}).encode())
    for left in (*store.glob(f"*/{_NEW}*"), *store.glob(f"*/{_OLD}*")):
        place = left.with_name(left.name.removeprefix(_OLD))
        if left.name.startswith(_OLD) and not place.exists():
            left.rename(place)
        else:
            shutil.rmtree(left, ignore_errors=True)


def _cannot_write(store: Path, problem: OSError) -> NotAllowedError:
    full = problem.errno in (ENOSPC, EDQUOT)
    why = "its disk is full" if full else problem.strerror or str(problem)
    return NotAllowedError(
        f"{store} cannot be written: {why}.",
        hint="Make room, then say the same again." if full else "",
    )


class _Export:
    """One export while it goes on."""

    def __init__(
        self, session: "Session", store: Path, wanted: Wanted, tell: Tell, stop: Stop
    ) -> None:
        self._session = session
        self._store = store
        self._wanted = wanted
        self._tell = tell
        self._stop = stop
        self._experiments: set[str] = set()
        self._ids: dict[str, str] = {}
        self._lost: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._failed: list[Failed] = []
        self._written = self._same = 0

    def write_runs(self, numbers: Sequence[int]) -> None:
        """Write the runs, a few hundred at a time."""
        for start in range(0, len(numbers), _AT_ONCE):
            for at, record in enumerate(
                cards(self._session.catalogue, numbers[start : start + _AT_ONCE]), start
            ):
                if self._stop():
                    raise StoppedError(
                        f"Stopped: {words.count(self._written + self._same)} of "
                        f"{words.plural(len(numbers), 'run')} are there.",
                        hint="The same command goes on from there.",
                    )
                self._tell(at, len(numbers), f"Writing {record.name}")
                self._one(record)

    def _one(self, record: RunRecord) -> None:
        run_id = naming.run_id(record.run_id)
        experiment = self._experiment(record)
        final = experiment / run_id
        self._ids[record.run_id] = run_id
        if _digest_there(final) == digest_of(record, artifacts=self._wanted.artifacts):
            self._same += 1
            return
        draft = experiment / f"{_NEW}{run_id}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            lost = write_run(self._order(record, draft, final))
            _publish(draft, final)
        except FormatError as problem:
            self._failed.append(Failed(f"{record.name} ({record.run_id})", problem.message))
            return
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._written += 1
        self._count(record, lost)

    def _order(self, record: RunRecord, draft: Path, final: Path) -> Order:
        root = (self._session.root / record.root).resolve()
        place = Place(reader_named(record.reader), root, record.key)
        parent = naming.run_id(record.parent) if record.parent else None
        return Order(
            record, place, draft, final, final.parent.name, parent, self._wanted.artifacts,
            self._stop,
        )  # fmt: skip

    def _experiment(self, record: RunRecord) -> Path:
        """Return the folder of a run's experiment, made if it is not there."""
        number = naming.experiment_id(record.experiment)
        folder = self._store / number
        if number not in self._experiments and not (folder / CARD).is_file():
            folder.mkdir(exist_ok=True)
            now = milliseconds(record.started or self._session.clock.now())
            write_card(folder, _experiment_card(folder, record.experiment, now))
        self._experiments.add(number)
        return folder

    def _count(self, record: RunRecord, lost: Sequence[Lost]) -> None:
        for one in lost:
            self._lost[one.kind] += one.number
            self._examples.setdefault(one.kind, f"{record.name}: {one.what}")

    def finished(self, path: Path, asked: int) -> Exported:
        """Write the registry where it was asked for, and return what was done."""
        models = versions = 0
        whole = not self._wanted.runs and not self._wanted.filter
        if self._wanted.models and whole and self._session.workspace is not None:
            done = write_models(self._session.root, self._store, self._ids, self._stop)
            models, versions = done.models, done.versions
            self._failed += done.failed
        return Exported(
            os.fspath(path), asked, self._written, self._same, models, versions,
            dict(self._lost), self._examples, tuple(self._failed),
        )  # fmt: skip


def _experiment_card(folder: Path, name: str, now: int | None) -> dict[str, Any]:
    return {
        "artifact_location": uri(folder), "creation_time": now, "experiment_id": folder.name,
        "last_update_time": now, "lifecycle_stage": "active", "name": name,
    }  # fmt: skip


def _digest_there(final: Path) -> str:
    with suppress(OSError):
        return (final / "tags" / DIGEST).read_text("utf-8")
    return ""


def _publish(draft: Path, final: Path) -> None:
    """Put a run in its place, in that of its older copy if there is one."""
    aside = final.with_name(f"{_OLD}{final.name}")
    if final.exists():
        final.rename(aside)
    draft.rename(final)
    shutil.rmtree(aside, ignore_errors=True)
    sync_folder(final.parent)
