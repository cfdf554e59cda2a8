"""The page of a model: its stages, its versions beside everything known of one, its requests."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.operations.session import Session
from workbench.registry.state import Request, Version
from workbench.tui.cells import Cell, cut
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    CatalogueChanged,
    Learned,
    ModelReady,
    PageReady,
    WatchStatusChanged,
)
from workbench.tui.offload import off_thread
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.registry import choices, versions
from workbench.tui.registry.acting import Target
from workbench.tui.registry.changing import Changing
from workbench.tui.registry.facts import fact_lines
from workbench.tui.registry.loader import ModelPage, load_model, repaired
from workbench.tui.registry.taking import Taking
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, MarkPressed, RowOpened
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.registry.version import VersionDetail

_A_PAIR = 2
_AGES_EVERY_S = 60.0
_MOST_STAGES, _MOST_REQUESTS = 6, 3


class VersionsTable(ListTable):
    """Versions; two of them can be marked to be compared."""

    press_mark = WindowedTable.press_mark  # type: ignore[assignment]


class ModelScreen(PartsScreen, Taking, Changing):
    """Show one model."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("model",)
    TITLE_WORDS: ClassVar[str] = "Model"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("model")]
    PARTS = (
        Part(
            "versions", "Stages and versions", ("versions-list", "requests-list", "stages-list"),
            narrows=True,
        ),
        Part("version", "Version", ("version-facts",)),
    )  # fmt: skip
    GROUPS = (("versions", "version"),)
    DEFAULT_CSS = """
    ModelScreen #parts.-group-0 { grid-size: 2 1; grid-columns: 5fr 4fr; }
    ModelScreen #parts.-single > .pane > .inner { display: block; }
    ModelScreen #version-facts { padding: 0 1; }
    """

    def __init__(self, session: Session, model: str, *, version: int | None = None) -> None:
        super().__init__()
        self.session = session
        self.model = model
        self.page: ModelPage | None = None
        self.detail: VersionDetail | None = None
        self.marked: tuple[int, ...] = ()
        self._asked = version
        self._champion_stage: str | None = None

    def panes(self) -> Iterable[Widget]:
        """Return the lists, and beside them the version under the cursor."""
        with Vertical(id="versions", classes="pane"):
            yield Rule((Cell("Stages", "bold"),), id="stages-rule").add_class("inner")
            yield ListTable(id="stages-list")
            yield Rule((Cell("Versions", "bold"),), id="versions-rule").add_class("inner")
            yield VersionsTable("No version is registered.", id="versions-list")
            yield Rule((Cell("Open requests", "bold"),), id="requests-rule").add_class("inner")
            yield ListTable(id="requests-list")
        with Vertical(id="version", classes="pane"):
            yield Rule((Cell("Version", "bold"),), id="version-rule")
            yield Lines(id="version-facts")

    def on_mount(self) -> None:
        """Fetch the model."""
        self.tell_header(
            crumbs=("Models", self.model),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        for id_ in ("#requests-list", "#requests-rule"):
            self.query_one(id_).display = False
        self.set_interval(_AGES_EVERY_S, self.grow_older)
        self.reload()
        self._repair()

    def grow_older(self) -> None:
        """Show ages as they are now; nothing is read and nothing moves."""
        if self.page is not None:
            self.page = self.page._replace(now=self.session.clock.now())
            self._show()

    def _repair(self) -> None:
        """Bring pointers up to date that somebody left undone, once, and show what is left."""
        session, model = self.session, self.model
        off_thread(
            self,
            lambda: Learned(self._repaired, repaired(session, (model,))),
            doing="Look at pointers",
        )

    def _repaired(self, overdue: Mapping[tuple[str, str], str]) -> None:
        late = {stage: why for (_, stage), why in overdue.items()}
        if self.page is None or dict(self.page.overdue) != late:
            self.reload()

    # ------------------------------------------------------------ what is where

    def _table(self, name: str) -> ListTable:
        return self.query_one(f"#{name}-list", ListTable)

    @property
    def here(self) -> Version | None:
        """Return the version under the cursor."""
        if self.page is None:
            return None
        entry = self._table("versions").entry
        number = entry.key if entry is not None else None
        if not isinstance(number, int):
            return None
        return self.page.state.versions.get(number)

    def target(self) -> Target:
        """Return the stage or request under the cursor if the focus is there, else the version.

        The screen is asked where the focus is: a list learns only later that it came or went,
        and the footer looks at once.
        """
        stages, request = self._table("stages"), self._request_here
        if self.focused is stages and stages.entry is not None:
            return Target(self.model, stage=str(stages.entry.key))
        if request is not None:
            return Target(self.model, request.version, request.stage)
        return Target(self.model, self.here.number if self.here else None)

    @property
    def _request_here(self) -> Request | None:
        """Return the request under the cursor, where the focus is on requests."""
        table, page = self._table("requests"), self.page
        if page is None or self.focused is not table or table.entry is None:
            return None
        id_ = table.entry.key
        return next((one for one in versions.open_requests(page) if one.event.id == id_), None)

    @property
    def champion(self) -> int | None:
        """Return the version that deltas are against."""
        if self.page is None:
            return None
        return choices.champion_of(self.page, self.champion_stage)

    @property
    def champion_stage(self) -> str:
        """Return the stage whose version is the champion: as chosen, else the last that holds."""
        if self._champion_stage is not None or self.page is None:
            return self._champion_stage or ""
        return choices.first_champion_stage(self.page)

    def key_context(self) -> Context:
        """Return what is possible now."""
        page = self.page
        table = self.focused if isinstance(self.focused, ListTable) else None
        held = [
            stage for stage in page.stages if page.state.stage(stage).holder is not None
        ] if page else []  # fmt: skip
        broken = page.state.unreadable if page else None
        return Context(
            rows=table.sheet.count if table else 0,
            selected=table.entry is not None if table else self.here is not None,
            version=page is not None and self.target().version is not None,
            marked=len(self.marked),
            read_only=self.session.why_not,
            model=page is not None,
            versions=len(choices.standing(page.state)) if page else 0,
            held=len(held),
            broken=f"{broken.path} cannot be read: {broken.reason}" if broken else "",
        )

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch the model again."""
        session, model = self.session, self.model
        off_thread(
            self,
            lambda: ModelReady(model, load_model(session, model)),
            group="model",
            doing=f"Show {model}",
        )

    def on_model_ready(self, event: ModelReady) -> None:
        """Show the model; nothing that a person looks at moves."""
        first = self.page is None
        self.page = event.page
        self._show()
        if first and self._asked is not None:
            self._table("versions").go_to(self._asked)
        self._look_at()

    def _show(self) -> None:
        page = self.page
        if page is None:
            return
        typed = self.narrowed.get("versions", "")
        names = versions.metric_names(page)
        entries = versions.version_entries(page, names, self.champion, typed)
        empty = f"No version holds {typed}. Esc shows all." if typed else "No version is left."
        self._table("versions").show(versions.version_columns(names), entries, words=empty)
        self._table("stages").show(versions.STAGES, versions.stage_entries(page))
        self._table("stages").styles.height = min(len(page.stages), _MOST_STAGES) + 1
        self._show_requests(page)
        self._show_marks()
        self._tell(page, typed)

    def _show_requests(self, page: ModelPage) -> None:
        entries = versions.request_entries(page)
        table = self._table("requests")
        table.show(versions.REQUESTS, entries)
        table.styles.height = min(len(entries), _MOST_REQUESTS) + 1
        for id_ in ("#requests-list", "#requests-rule"):
            self.query_one(id_).display = bool(entries)

    def _show_marks(self) -> None:
        letters = {number: Cell(letter, "bold accent") for number, letter in self.letters.items()}
        self._table("versions").marks = letters  # type: ignore[assignment]

    @property
    def letters(self) -> Mapping[int, str]:
        """Return the marked versions, the first marked is ``a``."""
        return dict(zip(self.marked, "ab", strict=False))

    def _tell(self, page: ModelPage, typed: str) -> None:
        asked = len(versions.open_requests(page))
        late = len(page.overdue)
        facts = [plural(len(choices.standing(page.state)), "version")]
        facts += [f"{late} not deployed"] * bool(late)
        facts += [plural(asked, "open request")] * bool(asked)
        facts += ["settings cannot be read"] * bool(page.settings_fault)
        facts += ["journal cannot be read to its end"] * bool(page.state.unreadable)
        self.tell_header(facts=tuple(facts))
        self._tell_rules(page)
        here = f"v{self.here.number}" if self.here else ""
        badge = f"/{cut(typed, 12)}" if typed else ""
        self.tell_tabs(
            [
                Tab("versions", "Stages and versions", badge),
                Tab("version", f"Version {here}".strip()),
            ]
        )
        self.keys_changed()

    def _tell_rules(self, page: ModelPage) -> None:
        stage = self.champion_stage
        compared = (
            f"= v{self.champion} in {stage}" if self.champion is not None else "no champion yet"
        )
        self.query_one("#versions-rule", Rule).end = (
            Cell("against ", "dim"), Cell(compared, "accent"),
        )  # fmt: skip
        fault = page.settings_fault or (
            page.state.unreadable.reason if page.state.unreadable else ""
        )
        self.query_one("#stages-rule", Rule).end = (Cell(cut(fault, 60), "bad"),) if fault else ()

    # ------------------------------------------------------------ the version under the cursor

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show what is known of the version under the cursor."""
        event.stop()
        if event.table.id == "versions-list":
            self._look_at()
        self.keys_changed()

    def _look_at(self) -> None:
        from workbench.operations.registry.version import detail  # noqa: PLC0415 - when asked for

        here = self.here
        if here is None:
            return
        number = here.number
        work = partial(detail, self.session, self.model, number)
        off_thread(
            self, lambda: PageReady(work()), group="version", about=number, doing="Show the version"
        )

    def on_page_ready(self, event: PageReady) -> None:
        """Show everything about the version."""
        page, found = self.page, event.page
        if page is None:
            return
        changed = self.detail is None or self.detail.version.number != found.version.number
        self.detail = found
        pane = self.query_one("#version-facts", Lines)
        champion = self.champion
        pane.draw = lambda width: fact_lines(found, page, champion, width)
        if changed:
            pane.scroll_home(animate=False)
        self.query_one("#version-rule", Rule).title = (
            Cell(f"Version {found.version.number}", "bold"),
        )
        self._tell(page, self.narrowed.get("versions", ""))

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the model again when it changed."""
        changes = event.changes
        if self.model in changes.models or changes.drift or changes.faults:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show only versions that hold the letters typed."""
        self._show()

    # ------------------------------------------------------------ keys

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the version; to the version a stage holds; sign what is asked for."""
        table, key, page = event.table.id, event.row.key, self.page
        if page is None:
            return
        if table == "stages-list":
            holder = page.state.stage(str(key)).holder
            if holder is None:
                tell(self.app, f"{key} is empty: p promotes a version to it.")
            elif self._table("versions").go_to(holder):
                self.go_to("versions", "versions-list")
        elif table == "versions-list":
            self.go_to("version")
        elif table == "requests-list":
            self.press_approve()

    def on_mark_pressed(self, event: MarkPressed) -> None:
        """Mark a version, or not any more; the third lets go of the first."""
        number = event.row.key
        if not isinstance(number, int):
            return
        if number in self.marked:
            self.marked = tuple(each for each in self.marked if each != number)
        else:
            self.marked = (*self.marked, number)[-_A_PAIR:]
        self._show_marks()

    def press_champion(self) -> None:
        """Choose the stage whose version the others are compared to."""
        if self.page is None:
            return
        offered = choices.held_choices(self.page)
        if len(offered) == 1 and offered[0].id == self.champion_stage:
            only = f"v{self.champion} in {self.champion_stage}"
            tell(self.app, f"Versions are compared to {only}: no other stage holds one.")
            return

        def take(stage: str) -> None:
            self._champion_stage = stage
            self._show()
            self._look_at()

        self.choose("Compare to the version of which stage?", offered, take,
                    none="No stage holds a version yet.")  # fmt: skip

    def press_retire(self) -> None:
        """Withdraw the request under the cursor; retire the version, or bring it back."""
        request = self._request_here
        if self.page is not None and request is not None:
            self.withdraw(self.page, request)
        else:
            super().press_retire()
