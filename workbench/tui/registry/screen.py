"""The models screen: every registered model, what holds its stages, and what asks for somebody."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from workbench.operations.registry.listing import ModelLine
from workbench.operations.session import Session
from workbench.tui.cells import Line
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.listing import Listed, ListScreen
from workbench.tui.messages import Learned, ModelsReady
from workbench.tui.offload import off_thread
from workbench.tui.registry.acting import Target
from workbench.tui.registry.changing import Changing
from workbench.tui.registry.loader import Models, load_models, repaired
from workbench.tui.registry.rows import STAGE, columns, entries
from workbench.tui.registry.summary import summary_lines
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.sync.sweep import Changes

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


class ModelsScreen(ListScreen[Models, ModelLine], Changing):
    """Show all registered models."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("models",)
    TITLE_WORDS: ClassVar[str] = "Models"
    LIST: ClassVar[str] = "models"
    NONE_YET: ClassVar[Empty] = _EMPTY
    FOREIGN: ClassVar[Empty] = _FOREIGN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("models")]
    AUTO_FOCUS: ClassVar[str] = "#models"
    DEFAULT_CSS = "ModelsScreen #about { width: 50; }"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._round = 0
        """Of looking at pointers; one that is past ends."""

    def on_mount(self) -> None:
        """Keep ages as they are now."""
        self.set_interval(_AGES_EVERY_S, self.grow_older)

    def key_context(self) -> Context:
        """Return what is possible now."""
        here = self.here
        return Context(
            rows=self.rows,
            selected=here is not None,
            read_only=self.session.why_not,
            model=here is not None,
            versions=here.versions if here else 0,
            held=sum(stage.version is not None for stage in here.stages) if here else 0,
            broken=here.unreadable if here else "",
        )

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
        known = self.found.overdue if self.found is not None else {}
        self.found = event.models._replace(overdue=known)
        if event.models.elsewhere:
            said = Empty(_FOREIGN.what, " ".join(event.models.elsewhere))
            self.query_one("#empty", EmptyState).empty = said
        self.show()
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
        few, models = frozenset(names[:_AT_ONCE]), self.found
        if models is not None:
            others = {at: why for at, why in models.overdue.items() if at[0] not in few}
            if {**others, **overdue} != models.overdue:
                self.found = models._replace(overdue={**others, **overdue})
                self.show()
        go_on = partial(self._look_at_pointers, round_, names[_AT_ONCE:])
        self.set_timer(_PAUSE_S, go_on)

    def concerned(self, changes: "Changes") -> bool:
        """Say whether a model changed, or what drifted of one."""
        return bool(changes.models or changes.drift or changes.faults)

    # ------------------------------------------------------------ what is listed

    def listed(self, found: Models) -> Listed:
        """Return the models, with a column for each stage."""
        none = f"No model here holds {self.typed}. Esc shows all." if self.typed else ""
        return Listed(
            columns(found.stages), entries(found, self.typed), len(found.lines), "model",
            none, _worries(found),
        )  # fmt: skip

    def about(self, found: Models, line: ModelLine) -> Callable[[int], list[Line]]:
        """Return what is known of a model."""
        return partial(summary_lines, line, found)

    def open_line(self, name: str) -> None:
        """Open the page of a model."""
        self.open_model(name)


def _worries(models: Models) -> tuple[str, ...]:
    asks = sum(line.requests for line in models.lines)
    unread = "settings cannot be read"
    return (plural(asks, "open request"),) * bool(asks) + (unread,) * bool(models.settings_fault)
