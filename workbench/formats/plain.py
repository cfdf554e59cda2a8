"""Folders nobody's library wrote: metrics over steps in a file, perhaps a config beside it.

The commonest way to keep runs, and the one without any marker. So a folder is
taken for a run only if a file in it begins like metrics, or if a person said once that
tables of its shape are metrics (`shape_answers`); what is concluded (status, times) is
said to be concluded.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import (
    Claim,
    Curves,
    Fault,
    Folder,
    Passed,
    Reading,
    RunCard,
)
from workbench.formats.notes import noted
from workbench.formats.tables.answers import ANSWERS, Answer, mark_of
from workbench.formats.tables.followed_tables import Followed, Notes, curves, follow
from workbench.formats.tables.pieces import Roles, may_be_table
from workbench.formats.tables.shapes import Guess
from workbench.formats.tables.verdicts import (
    MOST_TABLES,
    Judged,
    Owns,
    Verdict,
    candidates,
    guesses,
    left_out,
    verdicts,
)
from workbench.formats.walking import HERE, folder_at, list_folder
from workbench.opening import inside, is_plain_file
from workbench.runfolder import RUNNING

RUNS_WHILE = 60.0
"""Seconds without a change after which nobody can say whether a script still runs."""
_CONSOLES = ("console.log", "output.log", "stdout.log", "train.log", "stderr.log", "log.txt")


class _Progress(Struct):
    version: int = 2
    said: str = ""
    """Changes when people say something else of these tables."""
    notes: Notes = field(default_factory=Notes)


_PROGRESS = msgspec.json.Decoder(_Progress)


class _Memory(NamedTuple):
    """What was found out of a folder's files."""

    answers: Mapping[str, Answer]
    """That counted then."""
    verdicts: Mapping[str, Verdict]


class _Tables(NamedTuple):
    """The tables of one run."""

    folder: str
    files: frozenset[str]
    judged: Mapping[str, Judged]
    """By name, in order."""
    said: str
    """Changes when people say something else of them."""

    def roles(self) -> dict[str, Roles]:
        """Return what the columns are, of the tables of which a person said it."""
        return {name: one.answer.roles() for name, one in self.judged.items() if one.answer}

    def faults(self, shown: str) -> list[Fault]:
        """Return what people said that cannot be, and that there is more than is shown."""
        left = left_out(self.files)
        reason = f"only the first {MOST_TABLES} tables by name are looked at; {left:,} are left out"
        more = [Fault(shown or HERE, reason)] if left else []
        return more + [
            Fault(f"{shown}/{name}".lstrip("/"), f"what was said of it does not count: {why}")
            for name, one in self.judged.items()
            if (why := one.objection)
        ]


class PlainReader:
    """Runs as folders with a table of metrics, anywhere below the opened folder."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain folder (CSV or JSON lines with steps)"
    live: ClassVar[str] = "with every line written"
    verified: ClassVar[str] = "files written by json.dumps and csv.DictWriter, against the values"
    lists_files: ClassVar[bool] = False

    def __init__(self, others: Sequence[object] = ()) -> None:
        """Leave the tables that ``others`` own, each perhaps an `OwnsTables`, to them."""
        found = [getattr(other, "owns_table", None) for other in others]
        self._owners: list[Owns] = [one for one in found if one]

    def detect(self, folder: Folder) -> bool:
        """Say whether a file in ``folder`` is called like a table."""
        return bool(candidates(folder.files))

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | Passed:
        """Return the claim to a folder in which a file is a table of metrics."""
        del path
        answers = ANSWERS.found()
        known = before if isinstance(before, _Memory) and before.answers is answers else None
        memory = _Memory(
            answers, verdicts(folder, known.verdicts if known else {}, answers, self._owns)
        )
        seen = [(name, one) for name, one in memory.verdicts.items() if one.judged.table]
        if not seen:
            return Passed(memory)
        changed = max(one.changed for _, one in seen) / 1e9
        configs = [
            (name, signs.facts_of(f"{folder.path}/{name}")) for name in _configs(folder.files)
        ]
        stamp = signs.stamp((seen, configs, left_out(folder.files)))
        return Claim(stamp, changed=changed, memory=memory)

    def tables_met(self, folder: Folder) -> list[tuple[str, Guess]]:
        """Return the tables of numbers in a folder, each with what is guessed of it."""
        return guesses(folder, self._owns)

    def _owns(self, folder: Folder, name: str, first: bytes) -> bool:
        return any(owns(folder, name, first) for owns in self._owners)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        return _read(key, self._listed(root, key), noted(progress, _PROGRESS), now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` of all tables of the folder."""
        tables = self._listed(root, key)
        old = progress if isinstance(progress, _Place) and progress.said == tables.said else None
        found = curves(
            tables.folder, tuple(tables.judged), metrics, old.inner if old else None,
            roles_of=tables.roles(),
        )  # fmt: skip
        again = found.restarted or (progress is not None and old is None)
        return Curves(found.points, _Place(tables.said, found.progress), again)

    def _listed(self, root: Path, key: str) -> _Tables:
        folder = folder_at(root, key)
        listed = list_folder(folder, key, [])
        if listed is None or not any(map(may_be_table, listed.files)):
            raise FormatError(f"{key!r} is not a run: it has no metrics.")
        answers = ANSWERS.found()
        found = verdicts(listed, {}, answers, self._owns)
        judged = {name: one.judged for name, one in found.items() if one.judged.table}
        said = mark_of(answers, [one.shape for one in judged.values()])
        return _Tables(str(folder), listed.files, judged, said)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return what looks like the script's output."""
        folder = folder_at(root, key)
        found = [folder / name for name in _CONSOLES if is_plain_file(str(folder / name))]
        return {"console": found[0]} if found else {}


class _Place(NamedTuple):
    said: str
    inner: object


def is_undecided(memory: object) -> bool:
    """Say whether a folder that was passed has a table of which a person must say what it is."""
    if not isinstance(memory, _Memory):
        return False
    answers = ANSWERS.found()
    same = memory.answers is answers
    return any(
        one.judged.asks and (same or one.judged.shape not in answers)
        for one in memory.verdicts.values()
    )


def _configs(files: frozenset[str]) -> list[str]:
    """Return the configuration files of a folder, the ones that count most first."""
    return [name for name in plain_config.NAMES if name in files]


def _read(key: str, tables: _Tables, progress: _Progress, now: float) -> Reading:
    shown = "" if key == HERE else key
    faults = tables.faults(shown)
    if progress.said != tables.said:
        progress = _Progress(said=tables.said)
    notes = progress.notes
    names = tuple(tables.judged)
    metrics = follow(tables.folder, shown, names, notes, faults, roles_of=tables.roles())
    configs = _configs(tables.files)
    params = plain_config.read_params(tables.folder, configs, shown, now, faults)
    files = [f"{tables.folder}/{name}" for name in (*names, *configs)]
    dates = [facts[2] / 1e9 for path in files if (facts := signs.facts_of(path))]
    status = signs.status_by(max(dates, default=0.0), now, RUNS_WHILE)
    firsts, lasts = _times(list(notes.tables.values()))
    card = RunCard(
        run_id="",
        name=Path(tables.folder).name or key,
        experiment=Path(tables.folder).absolute().parent.name,
        status=status,
        inferred=True,
        started=min(firsts or dates, default=None),
        ended=None if status == RUNNING else max(lasts or dates, default=None),
        params=params,
        metrics=metrics,
        facts={} if firsts else {"times": "the files' dates"},
        faults=tuple(faults),
    )
    return Reading(card, msgspec.json.encode(progress))


def _times(tables: Sequence[Followed]) -> tuple[list[float], list[float]]:
    """Return when the tables begin and end, of those that say it."""
    firsts = [table.first_time for table in tables if table.first_time is not None]
    return firsts, [table.last_time for table in tables if table.last_time is not None]
