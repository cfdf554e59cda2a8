"""The models screen: every registered model, what holds its stages, and what asks for somebody."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from workbench.operations.registry.listing import ModelLine
from workbench.operations.session import Session
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import CatalogueChanged, Learned, ModelsReady, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.registry.acting import Target
from workbench.tui.registry.changing import Changing
from workbench.tui.registry.loader import Models, load_models, repaired
from workbench.tui.registry.rows import STAGE, columns, entries
from workbench.tui.registry.summary import summary_lines
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.narrow import NarrowBox
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.words import count, plural

_EMPTY = Empty(
    "No models yet",
    "A model gets its first version from a run, or from files.",
    ('workbench.log_model(estimator, name="churn")   # in the training script',
     "workbench register RUN churn                   # from a run"),
    "a", "registers one from here",
)  # fmt: skip
_AT_ONCE = 8
"""Models whose pointers are looked at in one go; a thousand would hold up keys for seconds."""
_PAUSE_S = 0.05
_AGES_EVERY_S = 60.0
_FOREIGN = Empty(
    "No models here",
    "Models are registered in a workspace; this folder belongs to another tool.",
    ("workbench init DIR --follow PATH",),
)


class ModelsScreen(Changing):
    """Show all registered models."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("models",)
    TITLE_WORDS: ClassVar[str] = "Models"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("models")]
    AUTO_FOCUS: ClassVar[str] = "#models"
    DEFAULT_CSS = """
    ModelsScreen #about { display: none; width: 50; padding: 0 0 0 2; }
    ModelsScreen.-wide #about { display: block; }
    ModelsScreen #empty { display: none; }
    ModelsScreen.-empty #empty { display: block; }
    ModelsScreen.-empty #list { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.models: Models | None = None
        self._typed = ""
        self._round = 0
        """Of looking at pointers; one that is past ends."""

    def body(self) -> Iterable[Widget]:
        """Return the list, and beside it the model under the cursor."""
        yield NarrowBox()
        yield EmptyState(_EMPTY if self.session.workspace else _FOREIGN, id="empty")
        with Horizontal(id="list"):
            with Vertical(classes="pane"):
                yield ListTable(id="models")
            about = Lines(id="about")
            about.add_class("pane")
            yield about

    @property
    def table(self) -> ListTable:
        """Return the list."""
        return self.query_one("#models", ListTable)

    def on_mount(self) -> None:
        """Fetch the models."""
        self.tell_header(
            crumbs=("Models",),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.set_interval(_AGES_EVERY_S, self.grow_older)
        self.reload()

    def grow_older(self) -> None:
        """Show ages as they are now; nothing is read and nothing moves."""
        if self.models is not None:
            self.models = self.models._replace(now=self.session.clock.now())
            self._show()

    def key_context(self) -> Context:
        """Return what is possible now."""
        here = self.here
        return Context(
            rows=self.table.sheet.count if self.models else 0,
            selected=here is not None,
            read_only=self.session.why_not,
            model=here is not None,
            versions=here.versions if here else 0,
            held=sum(stage.version is not None for stage in here.stages) if here else 0,
            broken=here.unreadable if here else "",
        )

    @property
    def here(self) -> ModelLine | None:
        """Return the model under the cursor."""
        entry = self.table.entry if self.models else None
        if self.models is None or entry is None:
            return None
        return next((line for line in self.models.lines if line.name == entry.key), None)

    def target(self) -> Target | None:
        """Return the model under the cursor, and the stage whose column it is on."""
        here, column = self.here, self.table.cursor_column
        if here is None:
            return None
        on = column.key.removeprefix(STAGE) if column and column.key.startswith(STAGE) else ""
        return Target(here.name, stage=on)

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch the models again."""
        session = self.session
        off_thread(
            self, lambda: ModelsReady(load_models(session)), group="models", doing="List models"
        )

    def on_models_ready(self, event: ModelsReady) -> None:
        """Show the models; the cursor stays on its own. Then look who is not deployed."""
        known = self.models.overdue if self.models is not None else {}
        self.models = event.models._replace(overdue=known)
        self._show()
        self._round += 1
        self._look_at_pointers(self._round, tuple(line.name for line in event.models.lines))

    def _look_at_pointers(self, round_: int, names: tuple[str, ...]) -> None:
        """Look at a few models, write what was left undone, then go on: keys come first."""
        if round_ != self._round or not names:
            return
        few, session = names[:_AT_ONCE], self.session
        then = partial(self._flag, round_, names)
        off_thread(self, lambda: Learned(then, repaired(session, few)), doing="Look at pointers")

    def _flag(
        self, round_: int, names: tuple[str, ...], overdue: Mapping[tuple[str, str], str]
    ) -> None:
        """Show which stages of these models consumers do not see as they are recorded."""
        few, models = frozenset(names[:_AT_ONCE]), self.models
        if models is not None:
            others = {at: why for at, why in models.overdue.items() if at[0] not in few}
            if {**others, **overdue} != models.overdue:
                self.models = models._replace(overdue={**others, **overdue})
                self._show()
        go_on = partial(self._look_at_pointers, round_, names[_AT_ONCE:])
        self.set_timer(_PAUSE_S, go_on)

    def _show(self) -> None:
        models = self.models
        if models is None:
            return
        self.table.show(
            columns(models.stages), entries(models, self._typed),
            words=f"No model here holds {self._typed}. Esc shows all." if self._typed else "",
        )  # fmt: skip
        self.set_class(not models.lines, "-empty")
        if self.focused is None:  # the list was hidden while it had the focus
            self.call_after_refresh(self.table.focus)
        self._tell(models)
        self._show_about()

    def _tell(self, models: Models) -> None:
        shown = self.table.sheet.count
        total = plural(len(models.lines), "model")
        facts = [f"{count(shown)} of {total}", f"/{self._typed}"] if self._typed else [total]
        asks = sum(line.requests for line in models.lines)
        facts += [plural(asks, "open request")] * bool(asks)
        facts += ["settings cannot be read"] * bool(models.settings_fault)
        self.tell_header(facts=tuple(facts))
        self.keys_changed()

    def _show_about(self) -> None:
        here, models = self.here, self.models
        if here is None or models is None:
            self.query_one("#about", Lines).show(())
            return
        self.query_one("#about", Lines).draw = lambda width: summary_lines(here, models, width)

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the models again when one of them changed."""
        if event.changes.models or event.changes.faults:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show what is known of the model under the cursor."""
        event.stop()
        self._show_about()
        self.keys_changed()

    def on_row_opened(self, event: RowOpened) -> None:
        """Open the page of the model."""
        self.open_model(str(event.row.key))

    # ------------------------------------------------------------ narrowing

    def press_filter(self) -> None:
        """Narrow the list by letters."""
        self.query_one(NarrowBox).open(self._typed)

    def on_narrow_box_narrowed(self, event: NarrowBox.Narrowed) -> None:
        """Show only models that hold the letters."""
        self._typed = event.text
        self._show()
        if event.done:
            self.table.focus()

    def press_back(self) -> None:
        """Show all again; then go back."""
        if self._typed:
            self._typed = ""
            self._show()
        else:
            self.dismiss(None)
