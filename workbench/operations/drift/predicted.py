"""What a model predicted in production, as current data: files that only ever come.

Every file names the version that predicted; each version is held against what it predicted when
it was evaluated. Of files that came since the last check only the periods they reach into are
read again, so that a log of years costs what a day of it does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from msgspec import structs

from workbench.datasets import predictions
from workbench.datasets.drift.monitor import TRAINING
from workbench.datasets.drift.report import LABEL, PREDICTION, Side
from workbench.datasets.fields import Fields
from workbench.datasets.prediction_rules import LABEL as OUTCOME
from workbench.datasets.prediction_rules import PREDICTION as PREDICTED
from workbench.datasets.prediction_rules import PROBABILITY, ROW_ID, SCORE, TIME
from workbench.datasets.predictions import EVALUATION, PRODUCTION, About
from workbench.datasets.versions.finding import SEVERAL, Found
from workbench.datasets.versions.hashing import Hashed
from workbench.errors import FormatError, UsageError
from workbench.ids import is_path_name
from workbench.operations.data_fields import fields_of
from workbench.operations.drift.importances import NONE
from workbench.operations.drift.planning import Asked, Plan, planned
from workbench.operations.drift.references import RELATIVE, Held
from workbench.operations.drift.sources import (
    CURRENT,
    FileSource,
    Progress,
    Require,
    hashed_files,
    readable,
    together,
)
from workbench.operations.drift.stage_history import remark_on
from workbench.operations.drift.windows import Window, when, window_of
from workbench.operations.session import Session
from workbench.words import visible

KIND: Final = "predictions"
_MARK: Final = 16
"""Digits of a file's hash by which it is known as checked."""
_SHOWN: Final = 3
_ALONE: Final = "not all of the predictions have it"


class Kept(NamedTuple):
    """A prediction file that says what it is; its rows are not read yet."""

    path: Path
    about: About
    hashed: Hashed

    @property
    def mark(self) -> str:
        """Return by what it is known as checked."""
        return self.hashed.digest.sha256[:_MARK]


class Checked(Protocol):
    """What was checked before."""

    @property
    def parts(self) -> frozenset[str]:
        """Return the files that were ever checked."""

    @property
    def newest_parts(self) -> frozenset[str]:
        """Return those that the newest check was about."""


class Turn(NamedTuple):
    """The new predictions of one version."""

    name: str
    version: int
    newest: bool
    plan: Callable[[], Plan]


class _Log(NamedTuple):
    """The production predictions of a model, and what was not told of them before."""

    of: Held
    """The version that holds the stage, or the one that is named."""
    files: tuple[Kept, ...]
    wanted: frozenset[str]
    """Marks of the files that are to be checked."""
    unread: tuple[str, ...]


def predicted(
    session: Session,
    asked: Asked,
    of: Held,
    checked: Checked,
    *,
    require: Require,
    base: Callable[[str], Path],
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Iterator[Turn]:
    """Yield the predictions that nobody has checked, those of each version by themselves.

    Args:
        session: Where.
        asked: What is asked of all of them.
        of: The version that holds the stage, or the one that is named.
        checked: What was checked before.
        require: Asked whether a file that is named as reference may be read.
        base: Turns a text into the path that is meant.
        on_progress: Told how far hashing is.
        stopped: Whether to give up.
    """
    log = _log(session, of, checked, on_progress, stopped)
    by_version: dict[int, list[Kept]] = {}
    for file in log.files:
        number = _version_of(file.about, of)
        if number is not None and (of.stage or number == of.number):
            by_version.setdefault(number, []).append(file)
    newest_last = sorted(by_version, key=lambda one: (one == of.number, one))
    for number in newest_last:
        mine = tuple(by_version[number])
        if not any(file.mark in log.wanted for file in mine):
            continue
        work = _Version(session, asked, _other(of, number), mine, log)
        yield Turn(
            f"predictions of {of.model}@{number}", number, number == newest_last[-1],
            partial(work.plan, require, base, on_progress, stopped),
        )  # fmt: skip


def _log(
    session: Session,
    of: Held,
    checked: Checked,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> _Log:
    """Return what is in the folder; a file that cannot be read is told and hides no other."""
    paths = [
        path
        for path in predictions.files(session.root, of.model)
        if not path.name.endswith(f".{EVALUATION}.parquet")
    ]
    hashed = hashed_files(session, paths, on_progress, stopped)
    marks = frozenset(one.digest.sha256[:_MARK] for one in hashed)
    wanted = (marks - checked.parts) or (marks & checked.newest_parts)
    found, unread = [], list[str]()
    for path, one in zip(paths, hashed, strict=True):
        try:
            about = predictions.read_about(path)
        except FormatError as error:
            unread.append(f"{visible(path.name)} does not count. {error.message}")
            continue
        if about.role == PRODUCTION and about.model == of.model:
            found.append(Kept(path, about, one))
    return _Log(of, tuple(found), wanted, tuple(unread))


def _version_of(about: About, of: Held) -> int | None:
    """Return the version that predicted; of a run the one that was registered from it."""
    if about.version is not None:
        return about.version if about.version in of.state.versions else None
    for number, version in sorted(of.state.versions.items(), reverse=True):
        run = version.event.details.get("run")
        if about.run and isinstance(run, Mapping) and run.get("id") == about.run:
            return number
    return None


def _other(of: Held, number: int) -> Held:
    if number == of.number:
        return of
    return Held(of.model, number, of.stage, of.state.versions[number], of.state)


# -- one version -------------------------------------------------------------------------


class _Version(NamedTuple):
    """What a version predicted."""

    session: Session
    asked: Asked
    of: Held
    files: tuple[Kept, ...]
    log: _Log

    def plan(
        self,
        require: Require,
        base: Callable[[str], Path],
        on_progress: Progress,
        stopped: Callable[[], bool],
    ) -> Plan:
        """Return how they are checked.

        Raises:
            UsageError: There is nothing to hold them against.
        """
        wanted = [file for file in self.files if file.mark in self.log.wanted]
        spans = {file.path: when(file.path, file.about.time) for file in self.files}
        window = window_of(self.asked.chunks, [file.path for file in wanted])
        files = self._within(window, wanted, spans)
        source = _source(self.session, self.of, files, wanted, window)
        against = self._evaluation() if self.asked.reference in ("", TRAINING) else None
        asked = replace(self.asked, time=TIME)
        made = planned(
            self.session, asked, of=self.of, current=source, against=against, require=require,
            base=base, on_progress=on_progress, stopped=stopped,
        )  # fmt: skip
        remarks = [
            remark_on(self.of, file.about, file.path.name, spans[file.path]) for file in wanted
        ]
        aside, said = _aside(source.columns, against.columns if against else source.columns)
        return replace(
            made,
            importances=NONE,
            parts=_parts(source.columns),
            set_aside=aside,
            remarks=tuple(one for one in remarks if one is not None),
            keeps=window.keeps,
            said=(*made.said, *said, *self.log.unread[:_SHOWN]),
        )

    def _within(
        self, window: Window, wanted: Sequence[Kept], spans: Mapping[Path, tuple[float, float]]
    ) -> tuple[Kept, ...]:
        """Return the files that are read: all that reach into the periods that changed."""
        if window.all or self.asked.reference in RELATIVE:
            return self.files
        new = {file.path for file in wanted}
        return tuple(
            file for file in self.files if file.path in new or window.touches(*spans[file.path])
        )

    def _evaluation(self) -> FileSource:
        """Return what the version predicted when it was evaluated; of several the newest.

        Raises:
            UsageError: There is none.
        """
        found: list[Kept] = []
        for path in predictions.files(self.session.root, self.of.model):
            if path.name.endswith(f".{PRODUCTION}.parquet"):
                continue
            try:
                about = predictions.read_about(path)
            except FormatError:
                continue
            if about.role == EVALUATION and _version_of(about, self.of) == self.of.number:
                hashed = hashed_files(self.session, [path], _ignore, _never)
                found.append(Kept(path, about, hashed[0]))
        if not found:
            raise UsageError(
                f"There are no evaluation predictions of {self.of} to hold these against.",
                hint=f"Keep them: workbench.log_predictions(frame, model='{self.of}', "
                "dataset=(NAME, data)), or name a reference.",
            )
        best = max(found, key=lambda one: (one.about.time, one.path.name))
        on = f" on {visible(best.about.dataset)}" if best.about.dataset else ""
        name = f"evaluation of {self.of}{on}"
        return _opened(self.session, name, [best], best.hashed.digest.sha256)


def _source(
    session: Session, of: Held, files: Sequence[Kept], wanted: Sequence[Kept], window: Window
) -> FileSource:
    digest = sha256(window.said.encode())
    for file in sorted(files, key=lambda one: one.mark):
        digest.update(file.hashed.digest.sha256.encode())
    made = _opened(session, f"predictions of {of}", files, digest.hexdigest())
    marks = tuple(sorted({file.mark for file in wanted}))
    return replace(made, side=structs.replace(made.side, parts=marks))


def _opened(session: Session, name: str, files: Sequence[Kept], hash_: str) -> FileSource:
    """Return prediction files as one side.

    Raises:
        UsageError: They cannot be read together.
    """
    from workbench.datasets.reading import open_table  # noqa: PLC0415 - polars

    folder = files[0].path.parent
    names = tuple(sorted(file.path.name for file in files))
    with readable(name, CURRENT):
        table = open_table([Path(one) for one in names], base=folder)
    time = max(file.hashed.stamp.mtime_ns for file in files) / 1e9
    side = Side(name, KIND, hash=f"sha256:{hash_}", rows=table.rows or 0, time=time)
    hashed = tuple(file.hashed for file in files)
    fields = _fields(
        session, {file.about.dataset for file in files}, [column.name for column in table.columns]
    )
    return FileSource(
        session, Found(folder, SEVERAL, folder, names), hashed, {}, table, side, fields
    )


def _fields(session: Session, datasets: set[str], columns: Sequence[str]) -> Fields:
    """Return what is said of predictions by the datasets they were made of.

    Where the outcome is sensitive, so is what was predicted of it.
    """
    said = together([fields_of(session, name) for name in sorted(datasets) if is_path_name(name)])
    hidden = {*said.hidden_among(columns)}
    if said.all_sensitive or (said.label and said.label in said.sensitive):
        hidden |= {name for name in columns if name in _parts(columns)}
    return Fields(
        sensitive=tuple(sorted(hidden)), label=OUTCOME if OUTCOME in columns else "", time=TIME
    )


def _parts(columns: Sequence[str]) -> dict[str, str]:
    """Return which columns are predictions and which is the outcome."""
    parts = {
        name: PREDICTION
        for name in columns
        if name in (PREDICTED, SCORE) or name.startswith(PROBABILITY)
    }
    return parts | ({OUTCOME: LABEL} if OUTCOME in columns else {})


def _aside(current: Sequence[str], reference: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return columns that are not compared, and what is to be said of them.

    Whoever logs predictions leaves out what is not known yet, and segments as they like.
    """
    alone = {*current} ^ {*reference}
    aside = {name for name in alone if not name.startswith(PROBABILITY)} - {PREDICTED, SCORE, TIME}
    said = []
    if OUTCOME in aside:
        which = "the predictions" if OUTCOME in reference else "the reference"
        said.append(f"There are no outcomes in {which} yet: they are not compared.")
    return dict.fromkeys(sorted(aside), _ALONE) | {ROW_ID: "it names the row"}, said


def _ignore(_done: int, _total: int, _what: str) -> None:
    """Take note of nothing."""


def _never() -> bool:
    return False
