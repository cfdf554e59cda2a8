"""Opening the rows; reading what is no Parquet to its end while its first rows are looked at."""

from typing import TYPE_CHECKING

from workbench.errors import StoppedError
from workbench.operations.datasets.rows import Rows, open_rows
from workbench.operations.jobs import CANCELLED, DONE, FAILED, Job
from workbench.operations.session import Session
from workbench.tui.data.rows_desk import RowsDesk
from workbench.tui.errand import JOB_S
from workbench.tui.messages import Learned
from workbench.tui.offload import off_thread
from workbench.tui.toast import error_text, tell_error
from workbench.words import count, duration, plural

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from workbench.datasets.manifest import Manifest

_PROGRESS_S = 0.5


class Progress:
    """How far a file is read: written by the thread that reads, looked at by the screen."""

    def __init__(self, session: Session, title: str) -> None:
        self._session = session
        self._title = title
        self._since = session.clock.steady()
        self._job: Job | None = None
        self._left = False
        self.rows = 0

    def far(self, rows: int) -> None:
        """Note how many rows are read."""
        self.rows = rows
        if self._job is not None:
            self._job.progress(rows, 0, plural(rows, "row"))

    @property
    def stopped(self) -> bool:
        """Say whether nobody wants the rest."""
        return self._left or (self._job is not None and self._job.cancelled)

    def leave(self) -> None:
        """Say that nobody looks at it any more."""
        self._left = True

    def words(self) -> str:
        """Return how far it is; what takes long becomes a job in Activity."""
        past = self._session.clock.steady() - self._since
        if past >= JOB_S and self._job is None:
            self._job = self._session.jobs.start(f"Read {self._title}", past=past)
        return f"reading {duration(past)}, {count(self.rows)} rows so far"

    def end(self, state: str = DONE, message: str = "") -> None:
        """Say that it is over."""
        if self._job is not None:
            self._job.end(state, message)


class RowsReading(RowsDesk):
    """The part of the screen of rows that opens and reads."""

    failed: bool = False
    """Something about the files could not be read."""
    _progress: Progress | None = None
    _telling: "Timer | None" = None

    def open(self) -> None:
        """Open the files."""
        session, source = self.session, self.source
        self.begin_errand("Open")
        off_thread(
            self, lambda: Learned(self._opened, _open(session, source)),
            wrong=lambda error: Learned(self._not_opened, error),
        )  # fmt: skip

    def press_look_now(self) -> None:
        """Look for changes in the folder now; open the files again where they cannot be read."""
        if self.failed and not self.arranging:
            self.failed = False
            self.open()
        look = getattr(self.app, "press_look_now", None)
        if look is not None:
            look()

    def opened(self) -> None:
        """Show what is known now that the rows can be read; the screen knows how."""

    def cannot_open(self, error: Exception) -> None:
        """Show why there are no rows; the screen knows how."""

    def _opened(self, rows: Rows) -> None:
        if not self.is_attached:
            rows.close()
            return
        before, self.rows, self.loaded = self.rows, rows, None
        if before is not None:
            before.close()
        self.opened()
        self.reload()
        if not rows.complete:
            self._read_on(rows)

    def _not_opened(self, error: Exception) -> None:
        if self.is_attached:
            self.end_errand()
            self.cannot_open(error)

    def _read_on(self, rows: Rows) -> None:
        progress = self._progress = Progress(self.session, rows.title)
        self._telling = self.set_interval(_PROGRESS_S, self._tell)
        self._tell()

        def work() -> Learned:
            rows.finish(progress.far, lambda: progress.stopped)
            return Learned(self._read, None)

        off_thread(self, work, wrong=lambda error: Learned(self._not_read, error))

    @property
    def counting(self) -> str:
        """Return how far a file is read that is still read; empty if every row is shown."""
        rows, loaded = self.rows, self.loaded
        if self._progress is not None:
            return f"{plural(self._progress.rows, 'row')} so far"
        waiting = rows is not None and loaded is not None and loaded.total != rows.at_hand
        return f"{plural(rows.at_hand, 'row')} so far" if waiting and rows is not None else ""

    def _tell(self) -> None:
        if self._progress is not None:
            self.tell_header(busy=self._progress.words())

    def _read(self, _: object) -> None:
        self._end_reading()
        if self.is_attached:
            self.reload(from_top=bool(self.look.sort) and not self.table.cursor)

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, StoppedError):
            self._end_reading(CANCELLED)
            return
        self._end_reading(FAILED, error_text(error))
        tell_error(self.app, "Read the file to its end", error)

    def _end_reading(self, state: str = DONE, message: str = "") -> None:
        if self._progress is not None:
            self._progress.end(state, message)
        if self._telling is not None:
            self._telling.stop()
        self._progress = None
        if self.is_attached:
            self.tell_header(busy="")

    async def on_unmount(self) -> None:
        """Let go of the files."""
        if self._progress is not None:
            self._progress.leave()
        if self.rows is not None:
            self.rows.stop()
            self.app.run_worker(self.rows.close, thread=True, group="each", exit_on_error=False)


def _open(session: Session, source: "Manifest | Path | str") -> Rows:
    """Open the rows of a version, of what a name stands for, or of a file."""
    if isinstance(source, str):
        from workbench.operations.datasets import names  # noqa: PLC0415 - for names alone

        source = names.resolve(session, names.parse(source))
    return open_rows(session, source)
