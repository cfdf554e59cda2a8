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
from typing import Final, NamedTuple

from msgspec import structs

from workbench.datasets.drift.monitor import TRAINING
from workbench.datasets.drift.report import Side
from workbench.datasets.prediction_rules import LABEL as OUTCOME
from workbench.datasets.prediction_rules import PREDICTION as PREDICTED
from workbench.datasets.prediction_rules import PROBABILITY, ROW_ID, SCORE, TIME
from workbench.datasets.versions.finding import SEVERAL, Found
from workbench.errors import UsageError
from workbench.ids import is_path_name
from workbench.operations.drift.importances import NONE
from workbench.operations.drift.planning import Asked, Plan, planned
from workbench.operations.drift.prediction_log import Checked, Kept, Log, evaluations, log_of
from workbench.operations.drift.references import RELATIVE, Held
from workbench.operations.drift.said_of_sides import (
    PREDICTIONS,
    predicted_parts,
    said_of_predictions,
)
from workbench.operations.drift.sources import (
    CURRENT,
    FileSource,
    Progress,
    Require,
    readable,
)
from workbench.operations.drift.stage_history import remark_on
from workbench.operations.drift.windows import Window, when, window_of
from workbench.operations.session import Session
from workbench.words import visible

_SHOWN: Final = 3
_ALONE: Final = "not all of the predictions have it"


class Turn(NamedTuple):
    """The new predictions of one version."""

    name: str
    version: int
    newest: bool
    plan: Callable[[], Plan]


def predicted(
    session: Session,
    asked: Asked,
    of: Held,
    checked: Checked,
    *,
    rest_s: float = 0.0,
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
        rest_s: For how long a file must not have changed to count.
        require: Asked whether a file that is named as reference may be read.
        base: Turns a text into the path that is meant.
        on_progress: Told how far hashing is.
        stopped: Whether to give up.
    """
    log = log_of(session, of, checked, rest_s=rest_s, on_progress=on_progress, stopped=stopped)
    due = (
        number
        for number, files in log.by_version.items()
        if any(one.mark in log.wanted for one in files)
    )
    newest_last = sorted(due, key=lambda one: (one == of.number, one))
    for number in newest_last:
        work = _Version(session, asked, _other(of, number), log.by_version[number], log)
        yield Turn(
            f"predictions of {of.model}@{number}", number, number == newest_last[-1],
            partial(work.plan, require, base, on_progress, stopped),
        )  # fmt: skip


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
    log: Log

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
            parts=predicted_parts(source.columns),
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
        found = evaluations(self.session, self.of)
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
    of = tuple(sorted({file.about.dataset for file in files if is_path_name(file.about.dataset)}))
    side = Side(
        name, PREDICTIONS, hash=f"sha256:{hash_}", rows=table.rows or 0, time=time, datasets=of
    )
    hashed = tuple(file.hashed for file in files)
    fields = said_of_predictions(session, of, [column.name for column in table.columns])
    return FileSource(
        session, Found(folder, SEVERAL, folder, names), hashed, {}, table, side, fields
    )


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
