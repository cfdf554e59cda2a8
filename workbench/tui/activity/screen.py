"""What happened: new runs, requests, alerts, long work, faults, and who changed what."""

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.catalogue.faults import FaultLine
from workbench.operations.activity import Activity, mark_looked
from workbench.operations.drift.alerts import Alert
from workbench.operations.registry.listing import RequestLine
from workbench.operations.session import Session
from workbench.tui.activity import lists
from workbench.tui.activity.gathering import Happened, gather
from workbench.tui.cells import Cell, cut
from workbench.tui.drift.acknowledging import ask_note
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import ActivityReady, CatalogueChanged, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.registry.acting import Target
from workbench.tui.registry.changing import Changing
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.versions import open_requests as page_requests
from workbench.tui.routes import screen_of
from workbench.tui.run.screen import RunScreen
from workbench.tui.toast import tell
from workbench.tui.whole import WholeScreen
from workbench.tui.widgets.lines import Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import RowOpened
from workbench.words import age, count, moment, plural

_JOBS_EVERY_S = 0.5
_NOTHING = {
    "new": "No run began or ended since you last looked here.",
    "requests": "Nobody asks for a promotion. p on a version asks; here others approve and tick.",
    "alerts": "Nothing drifted so often that somebody must look. 4 shows all that is watched.",
    "jobs": "Nothing runs. Imports, exports and what else takes over ten seconds are listed here; "
    "D cancels what can be.",
    "faults": "Everything found could be read.",
    "journal": "Nobody has changed anything yet: edits, promotions and cleaning up appear here.",
}
_NO_MATCH = "Nothing here holds {typed}. Esc shows everything."


class ActivityScreen(PartsScreen, Changing):
    """New runs, requests, alerts, jobs, faults and the journal."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("activity",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("activity")]
    TITLE_WORDS = "Activity"
    PARTS = (
        Part("new", "New", ("new-list",), narrows=True),
        Part("requests", "Requests", ("requests-list",), narrows=True),
        Part("alerts", "Alerts", ("alerts-list",), narrows=True),
        Part("jobs", "Jobs", ("jobs-list",)),
        Part("faults", "Faults", ("faults-list",), narrows=True),
        Part("journal", "Journal", ("journal-list",), narrows=True),
    )
    GROUPS = (("new", "requests", "alerts", "jobs", "faults", "journal"),)
    DEFAULT_CSS = """
    ActivityScreen #parts.-group-0 {
        grid-size: 4 3; grid-columns: 1fr; grid-rows: 2fr 2fr 3fr;
    }
    ActivityScreen #parts.-group-0 > #alerts, ActivityScreen #parts.-group-0 > #jobs,
    ActivityScreen #parts.-group-0 > #faults { column-span: 2; }
    ActivityScreen #parts.-group-0 > #journal { column-span: 4; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.happened: Happened | None = None

    def panes(self) -> Iterable[Widget]:
        """Return the six parts."""
        titles = {
            "new": "New since the last look",
            "requests": "Requests for promotion",
            "alerts": "Alerts of drift",
            "journal": "Journal: who, when, what",
        }
        for part in self.PARTS:
            with Vertical(id=part.id, classes="pane"):
                yield Rule((Cell(titles.get(part.id, part.title), "bold"),), id=f"{part.id}-rule")
                yield ListTable(_NOTHING[part.id], id=f"{part.id}-list")

    def on_mount(self) -> None:
        """Gather what happened; follow the jobs."""
        self.tell_header(
            crumbs=("Activity",),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.reload()
        self._show_jobs()
        self.set_interval(_JOBS_EVERY_S, self._show_jobs)

    async def on_unmount(self) -> None:
        """Remember that all this was seen."""
        if self.happened is not None:
            await asyncio.to_thread(mark_looked, self.session)

    def key_context(self) -> Context:
        """Return what is possible now."""
        focused = self.focused
        table = focused if isinstance(focused, ListTable) else None
        return Context(
            rows=table.sheet.count if table else 0,
            selected=table is not None and table.entry is not None,
            read_only=self.session.why_not,
            new_rows=len(self.happened.activity.arrived.runs) if self.happened else 0,
        )

    # ------------------------------------------------------------ news

    def reload(self) -> None:
        """Gather again."""
        session = self.session
        off_thread(
            self, lambda: ActivityReady(gather(session)), group="activity", doing="Show activity"
        )

    def on_catalogue_changed(self, _event: CatalogueChanged) -> None:
        """Gather again."""
        self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_activity_ready(self, event: ActivityReady) -> None:
        """Show what happened."""
        first = self.happened is None
        self.happened = event.activity
        for part in ("new", "requests", "alerts", "faults", "journal"):
            self._show(part)
        self._tell()
        if first:
            self._go_where_something_is()

    def _go_where_something_is(self) -> None:
        """Begin with the first part that is not empty."""
        parts = [part.id for part in self.PARTS if self._table(part.id).entries]
        if parts and self.part == self.PARTS[0].id:
            self.go_to(parts[0])

    # ------------------------------------------------------------ showing

    def _table(self, part: str) -> ListTable:
        return self.query_one(f"#{part}-list", ListTable)

    def _show(self, part: str) -> None:
        if self.happened is None:
            return
        happened, typed = self.happened, self.narrowed.get(part, "")
        found = happened.activity
        columns, entries = {
            "new": (lists.NEW, lists.new_entries(found.arrived.runs, happened.now, typed)),
            "requests": (
                lists.REQUESTS,
                lists.request_entries(happened.requests, happened.mine, happened.now, typed),
            ),
            "alerts": (
                lists.ALERTS, lists.alert_entries(happened.alerts, happened.now, typed)
            ),
            "faults": (lists.FAULTS, lists.fault_entries(found.faults, typed)),
            "journal": (
                lists.JOURNAL, lists.journal_entries(found.journal, happened.names, typed)
            ),
        }[part]  # fmt: skip
        words = _NO_MATCH.format(typed=typed) if typed else _NOTHING[part]
        self._table(part).show(columns, entries, words=words)

    def _show_jobs(self) -> None:
        lines = self.session.jobs.lines()
        self._table("jobs").show(lists.JOBS, lists.job_entries(lines, self.session.clock.now()))
        if self.happened is not None:
            self._tell()

    def _tell(self) -> None:
        if self.happened is None:
            return
        found = self.happened.activity
        jobs = self.session.jobs.lines()
        running = sum(1 for job in jobs if job.state == "running")
        new = len(found.arrived.runs) + found.arrived.more
        waiting_alerts = sum(not each.acknowledged_by for each in self.happened.alerts)
        facts = (
            f"{count(new)} new",
            f"{plural(running, 'job')} running",
            plural(len(found.faults), "fault"),
            plural(len(found.journal), "change"),
            *([plural(len(self.happened.requests), "request")] * bool(self.happened.requests)),
            *([plural(waiting_alerts, "alert")] * bool(waiting_alerts)),
        )
        self.tell_header(facts=facts)
        badges = {
            "new": new,
            "requests": len(self.happened.requests),
            "alerts": waiting_alerts,
            "jobs": len(jobs),
            "faults": len(found.faults),
        }
        self.tell_tabs(
            [
                Tab(
                    part.id,
                    part.title,
                    self._badge(part.id, badges.get(part.id, len(found.journal))),
                    alarm=part.id == "faults",
                )
                for part in self.PARTS
            ]
        )
        self.query_one("#new-rule", Rule).end = (Cell(self._since(found), "dim"),)
        self.keys_changed()

    def _badge(self, part: str, number: int) -> str:
        typed = self.narrowed.get(part)
        badge = count(number) if number else ""
        return f"{badge} /{cut(typed, 12)}" if typed else badge

    def _since(self, found: Activity) -> str:
        if found.last_look is None:
            return "this is the first look"
        now = self.happened.now if self.happened else found.last_look
        more = f", {count(found.arrived.more)} more not listed" if found.arrived.more else ""
        return f"since {moment(found.last_look)}, {age(now - found.last_look)} ago{more}"

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show in a part only what holds the letters typed."""
        self._show(part)
        self._tell()

    # ------------------------------------------------------------ keys

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the run, or show the whole text."""
        table, key = event.table.id, event.row.key
        if table == "new-list" and isinstance(key, int):
            self._open_run(key)
        elif table == "requests-list":
            self._open_request(str(key))
        elif table == "alerts-list":
            self._open_alert(str(key))
        elif table == "faults-list" and isinstance(key, FaultLine):
            self._open_fault(key)
        elif table == "journal-list":
            self._open_change(str(key))
        elif table == "jobs-list":
            self._open_job(key)

    def _open_run(self, run: int, part: str = "") -> None:
        self.app.push_screen(RunScreen(self.session, run, part=part))

    def _open_job(self, key: object) -> None:
        line = next((each for each in self.session.jobs.lines() if each.id == key), None)
        if line is not None:
            said = line.message or "It says nothing more."
            self.app.push_screen(WholeScreen(line.title, said))

    def _open_request(self, id_: str) -> None:
        asked = self._asked_for(id_)
        if asked is not None:
            self.app.push_screen(
                screen_of("model", self.session, asked.model, version=asked.version)
            )

    def _open_alert(self, id_: str) -> None:
        alert = self._alert(id_)
        if alert is not None:
            self.app.push_screen(screen_of("monitor", self.session, alert.monitor))

    def _alert(self, id_: str) -> Alert | None:
        found = self.happened.alerts if self.happened is not None else ()
        return next((each for each in found if each.id == id_), None)

    def _asked_for(self, id_: str) -> RequestLine | None:
        requests = self.happened.requests if self.happened is not None else ()
        return next((each for each in requests if each.event_id == id_), None)

    def _open_fault(self, fault: FaultLine) -> None:
        if fault.run is not None:
            self._open_run(fault.run, "faults")
            return
        self.app.push_screen(WholeScreen("Fault", fault_text(fault)))

    def _open_change(self, id_: str) -> None:
        if self.happened is None:
            return
        line = next(line for line in self.happened.activity.journal if line.id == id_)
        if line.model:
            self.open_model(line.model)
            return
        if line.monitor:
            self.app.push_screen(screen_of("monitor", self.session, line.monitor))
            return
        if line.dataset:
            self.app.push_screen(screen_of("dataset", self.session, line.dataset))
            return
        if len(line.runs) == 1 and line.runs[0] in self.happened.numbers:
            self._open_run(self.happened.numbers[line.runs[0]])
            return
        names = [f"{self.happened.names.get(run, '')}  {run}" for run in line.runs]
        said = f"{moment(line.time)}  {line.actor}\n\n{line.what}\n\n" + "\n".join(names)
        self.app.push_screen(WholeScreen("Change", said))

    def press_follow(self) -> None:
        """Jump to the newest run."""
        self.go_to("new")
        self._table("new").move_to(0)

    def target(self) -> Target | None:
        """Return the version and the stage that are asked for under the cursor."""
        entry = self._table("requests").entry
        asked = self._asked_for(str(entry.key)) if entry is not None else None
        return Target(asked.model, asked.version, asked.stage) if asked is not None else None

    def press_approve(self) -> None:
        """Approve the request under the cursor, tick an item, or acknowledge the alert."""
        if self.part == "alerts":
            self._acknowledge()
            return
        if self.part != "requests" or self.target() is None:
            tell(self.app, "Put the cursor on a request to approve it, or on an alert.")
            return
        super().press_approve()

    def _acknowledge(self) -> None:
        """Ask what came of looking at the alert under the cursor."""
        entry = self._table("alerts").entry
        alert = self._alert(str(entry.key)) if entry is not None else None
        if alert is None:
            tell(self.app, "Put the cursor on an alert to acknowledge it.")
        else:
            ask_note(self, alert)

    def press_cancel_job(self) -> None:
        """Cancel the job under the cursor, or withdraw the request."""
        if self.part == "requests":
            self._withdraw_asked()
            return
        entry = self._table("jobs").entry
        if self.part != "jobs" or entry is None:
            tell(self.app, "Put the cursor on a job to cancel it, or on a request to withdraw it.")
            return
        line = next((each for each in self.session.jobs.lines() if each.id == entry.key), None)
        if line is None or line.state != "running":
            tell(self.app, "This job is over.")
        elif not line.stoppable:
            tell(self.app, f"{line.title} cannot be stopped halfway: what is recorded stays.")
        else:
            self.session.jobs.cancel(line.id)
            tell(self.app, f"Asked {line.title} to end.")

    def _withdraw_asked(self) -> None:
        """Ask whether the request under the cursor is taken back."""
        entry = self._table("requests").entry
        id_ = str(entry.key) if entry is not None else ""

        def found(page: ModelPage, _target: Target) -> None:
            asked = next((one for one in page_requests(page) if one.event.id == id_), None)
            if asked is None:
                tell(self.app, "Nobody asks for this any more.")
            else:
                self.withdraw(page, asked)

        if self.target() is None:
            tell(self.app, "Put the cursor on a request to withdraw it.")
        else:
            self.with_page(found)

    def press_copy(self) -> None:
        """Copy a fault with its path and reason, else the cell under the cursor."""
        focused = self.focused
        if not isinstance(focused, ListTable) or focused.entry is None:
            return
        key, cell = focused.entry.key, focused.cursor_cell
        text = fault_text(key) if isinstance(key, FaultLine) else (cell.text if cell else "")
        self.app.copy_to_clipboard(text)
        tell(self.app, f"Copied {cut(text, 60)}")


def fault_text(fault: FaultLine) -> str:
    """Return a fault's path, line and reason."""
    line = "" if fault.line is None else f", line {fault.line}"
    return f"{lists.path_of(fault)}{line}\n{fault.reason}"
