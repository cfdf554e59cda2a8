"""Folders nobody's library wrote: metrics over steps in a file, perhaps a config beside it.

The commonest way to keep runs, and the one without any marker. So a folder is
taken for a run only if a file in it begins like metrics, or if a person said once that
tables of its shape are metrics (`shape_answers`); what is concluded (status, times) is
said to be concluded.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeGuard

import msgspec
from msgspec import Struct, field

from workbench.clock import SYSTEM
from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import (
    Claim,
    Curves,
    Fault,
    Folder,
    Reading,
    RunCard,
)
from workbench.formats.followed_tables import Followed, Notes, curves, follow
from workbench.formats.owned_tables import is_owned
from workbench.formats.plain_tables import Roles, is_table, may_be_table
from workbench.formats.shape_answers import ANSWERS, Answer, mark_of
from workbench.formats.table_shapes import Guess, guess_of
from workbench.formats.walking import HERE, folder_at, list_folder
from workbench.opening import inside, is_plain_file
from workbench.runfolder import RUNNING, UNKNOWN

MOST_TABLES = 16
"""Tables opened in one folder; more are data."""
RUNS_WHILE = 60.0
"""Seconds without a change after which nobody can say whether a script still runs."""
_LIVE_FOR = 900.0
_CONSOLES = ("console.log", "output.log", "stdout.log", "train.log", "stderr.log", "log.txt")


class _Progress(Struct):
    version: int = 2
    said: str = ""
    """Changes when people say something else of these tables."""
    notes: Notes = field(default_factory=Notes)


_PROGRESS = msgspec.json.Decoder(_Progress)


class _Verdict(NamedTuple):
    """Whether a file is a table of metrics, and which file that was said of."""

    inode: int
    size: int
    changed: int
    table: bool

    def stale(self, facts: tuple[int, int, int]) -> bool:
        """Say whether it must be looked at again; a table stays one while it grows."""
        inode, size, changed = facts
        if self.table and size >= self.size:
            return inode != self.inode
        return (self.inode, self.size, self.changed) != (inode, size, changed)


class _Memory(NamedTuple):
    """What was found out of a folder's files."""

    answers: Mapping[str, Answer]
    """That counted then."""
    verdicts: Mapping[str, _Verdict]


class _Tables(NamedTuple):
    """The tables of one run."""

    folder: str
    files: frozenset[str]
    names: tuple[str, ...]
    roles: Mapping[str, Roles]
    """Of those of which a person said something."""
    said: str


class Met(NamedTuple):
    """A table of numbers in a folder."""

    name: str
    guess: Guess


class PlainReader:
    """Runs as folders with a table of metrics, anywhere below the opened folder."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain folder (CSV or JSON lines with steps)"
    live: ClassVar[str] = "with every line written"
    verified: ClassVar[str] = "files written by json.dumps and csv.DictWriter, against the values"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether a file in ``folder`` is called like a table."""
        return bool(_candidates(folder.files))

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a folder in which a file is a table of metrics."""
        del path
        answers = ANSWERS.found()
        known = before.verdicts if _holds(before, answers) else {}
        verdicts = _verdicts(folder, known, answers)
        names = [name for name, verdict in verdicts.items() if verdict.table]
        if not names:
            return None
        changed = max(verdicts[name].changed for name in names) / 1e9
        seen = [(name, verdicts[name]) for name in names]
        configs = [
            (name, signs.facts_of(f"{folder.path}/{name}")) for name in _configs(folder.files)
        ]
        said = _said(str(folder.path), names, answers)
        live = SYSTEM.now() - changed < _LIVE_FOR
        mark = signs.stamp((seen, configs, said) if said else (seen, configs))
        return Claim(mark, live, memory=_Memory(answers, verdicts))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        return _read(key, _listed(root, key), _opened(progress), now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` of all tables of the folder."""
        tables = _listed(root, key)
        old = progress if isinstance(progress, _Place) and progress.said == tables.said else None
        found = curves(
            tables.folder, tables.names, metrics, old.inner if old else None,
            roles_of=tables.roles,
        )  # fmt: skip
        again = found.restarted or (progress is not None and old is None)
        return Curves(found.points, _Place(tables.said, found.progress), again)

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


def tables_met(folder: Folder) -> Iterator[Met]:
    """Yield every table of numbers in a folder, with what is guessed of it."""
    for name in _candidates(folder.files):
        guess = None if is_owned(folder, name) else guess_of(f"{folder.path}/{name}")
        if guess is not None:
            yield Met(name, guess)


def is_undecided(folder: Folder) -> bool:
    """Say whether a folder has a table of which a person must say what it is."""
    answers = ANSWERS.found()
    return any(
        not met.guess.certain and met.guess.shape.id not in answers for met in tables_met(folder)
    )


def _holds(before: object | None, answers: Mapping[str, Answer]) -> TypeGuard[_Memory]:
    """Say whether a memory is ours and of the same answers."""
    return isinstance(before, _Memory) and before.answers is answers


def _listed(root: Path, key: str) -> _Tables:
    folder = folder_at(root, key)
    listed = list_folder(folder, key, [])
    if listed is None or not any(map(may_be_table, listed.files)):
        raise FormatError(f"{key!r} is not a run: it has no metrics.")
    answers = ANSWERS.found()
    names = [name for name in _candidates(listed.files) if _is_mine(listed, name, answers)]
    roles: dict[str, Roles] = {}
    for name in names if answers else ():
        guess = guess_of(f"{folder}/{name}")
        if guess is not None and guess.shape.id in answers:
            roles[name] = answers[guess.shape.id].roles()
    return _Tables(
        str(folder), listed.files, tuple(names), roles, _said(str(folder), names, answers)
    )


def _said(folder: str, names: Sequence[str], answers: Mapping[str, Answer]) -> str:
    if not answers:
        return ""
    guesses = [guess_of(f"{folder}/{name}") for name in names]
    return mark_of(answers, [guess.shape.id for guess in guesses if guess])


def _is_mine(folder: Folder, name: str, answers: Mapping[str, Answer]) -> bool:
    """Say whether a file is a table of metrics that no other reader reads."""
    path = f"{folder.path}/{name}"
    if answers:
        guess = guess_of(path)
        answer = answers.get(guess.shape.id) if guess else None
        if answer is not None:
            return not answer.no and not is_owned(folder, name)
    return is_table(path) and not is_owned(folder, name)


def _candidates(files: frozenset[str]) -> list[str]:
    names = sorted(n for n in files if may_be_table(n) and n not in plain_config.NAMES)
    return names[:MOST_TABLES]


def _configs(files: frozenset[str]) -> list[str]:
    """Return the configuration files of a folder, the ones that count most first."""
    return [name for name in plain_config.NAMES if name in files]


def _verdicts(
    folder: Folder, before: Mapping[str, _Verdict], answers: Mapping[str, Answer]
) -> dict[str, _Verdict]:
    """Return what the files of a folder are, opening only those that are not known."""
    after: dict[str, _Verdict] = {}
    for name in _candidates(folder.files):
        facts = signs.facts_of(f"{folder.path}/{name}")
        if facts is None:
            continue
        verdict = before.get(name)
        known = verdict is not None and not verdict.stale(facts)
        table = verdict.table if verdict and known else _is_mine(folder, name, answers)
        after[name] = _Verdict(*facts, table)
    return after


def _opened(progress: bytes) -> _Progress:
    if progress:
        try:
            return _PROGRESS.decode(progress)
        except msgspec.MsgspecError:
            pass  # the notes of another version
    return _Progress()


def _read(key: str, tables: _Tables, progress: _Progress, now: float) -> Reading:
    shown = "" if key == HERE else key
    faults: list[Fault] = []
    if progress.said != tables.said or progress.version != _Progress().version:
        progress = _Progress(said=tables.said)
    notes = progress.notes
    metrics = follow(tables.folder, shown, tables.names, notes, faults, roles_of=tables.roles)
    configs = _configs(tables.files)
    params = plain_config.read_params(tables.folder, configs, shown, now, faults)
    files = [f"{tables.folder}/{name}" for name in (*tables.names, *configs)]
    dates = [facts[2] / 1e9 for path in files if (facts := signs.facts_of(path))]
    status = signs.status_by(max(dates, default=0.0), now, RUNS_WHILE)
    firsts, lasts = _times(list(notes.tables.values()))
    card = RunCard(
        run_id="",
        name=Path(tables.folder).name or key,
        experiment=Path(tables.folder).absolute().parent.name,
        status=status if status == RUNNING else UNKNOWN,
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
