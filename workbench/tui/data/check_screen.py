"""Which rules of a dataset hold: each with what was seen, and rows that are against it.

Where there are no rules yet, those that its profile suggests are shown as text for the settings.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.errors import UsageError
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.data.rule_lines import (
    COLUMNS,
    no_rules_lines,
    result_entries,
    result_lines,
    trouble_lines,
)
from workbench.tui.errand import Errand
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import Learned, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.toast import error_text, tell
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened

if TYPE_CHECKING:
    from workbench.datasets.rules.rule import RuleResult
    from workbench.operations.datasets.check import Checked


class DataCheckScreen(PartsScreen):
    """Show what came of the rules of a dataset."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("data-check",)
    TITLE_WORDS: ClassVar[str] = "Rules"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data-check")]
    PARTS = (
        Part("rules", "Rules", ("rules-list",), narrows=True),
        Part("rule", "Rule", ("rule-lines",)),
    )
    GROUPS = (("rules", "rule"),)
    DEFAULT_CSS = """
    DataCheckScreen #parts.-group-0 { grid-size: 2 1; grid-columns: 5fr 4fr; }
    DataCheckScreen #rule-lines { padding: 0 1; }
    """

    def __init__(self, session: Session, name: str, version: int | None = None) -> None:
        super().__init__()
        self.session = session
        self.ref = Ref(name, version)
        self.checked: Checked | None = None
        self.suggested = ""
        """Rules as text, where there are none."""
        self._errand: Errand | None = None

    def panes(self) -> Iterable[Widget]:
        """Return the list of rules, and beside it the one under the cursor."""
        with Vertical(id="rules", classes="pane"):
            yield Rule((Cell("Rules", "bold"),), id="rules-rule")
            yield ListTable(id="rules-list")
        with Vertical(id="rule", classes="pane"):
            yield Rule((Cell("Rule", "bold"),))
            yield Lines(id="rule-lines")

    def on_mount(self) -> None:
        """Ask the rules."""
        self.tell_header(
            crumbs=("Data", str(self.ref), "Rules"),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.press_check_rules()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        if self._errand is not None:
            self._errand.end()

    def key_context(self) -> Context:
        """Return what is possible now."""
        if self.checked is None:
            return Context(dataset=True)
        table = self.query_one("#rules-list", ListTable)
        return Context(rows=table.sheet.count, selected=self.here is not None, dataset=True)

    @property
    def here(self) -> "RuleResult | None":
        """Return the rule under the cursor."""
        entry = self.query_one("#rules-list", ListTable).entry
        if self.checked is None or entry is None or not isinstance(entry.key, int):
            return None
        return self.checked.results[entry.key]

    # ------------------------------------------------------------ asking

    def press_check_rules(self) -> None:
        """Ask the rules again."""
        if self._errand is not None:
            self._errand.end()
        session, name = self.session, str(self.ref)
        errand = Errand(self.app, session, f"Check {name}", wanted=lambda: self.is_attached)
        self._errand = errand

        def work() -> Learned:
            from workbench.operations.datasets.check import check  # noqa: PLC0415 - when asked for

            found = check(
                session, name, on_rows=lambda rows: errand.progress(rows, 0, "rows"),
                stopped=lambda: not errand.wanted,
            )  # fmt: skip
            return Learned(partial(self._show_checked, errand), found)

        off_thread(
            self, work, group="check",
            wrong=lambda error: Learned(partial(self._refused, errand), error),
        )  # fmt: skip

    def _show_checked(self, errand: Errand, found: "Checked") -> None:
        errand.end()
        self.checked = found
        self._show()

    def _refused(self, errand: Errand, error: Exception) -> None:
        """Say why nothing could be asked; where there are no rules, look which would fit."""
        errand.end()
        self.checked = None
        self.query_one("#rules-list", ListTable).show(COLUMNS, (), words=error_text(error))
        self.query_one("#rule-lines", Lines).draw = lambda width: trouble_lines(error, width)
        if type(error) is UsageError:  # those below it say what is away or misspelt
            self._suggest()
        self.keys_changed()

    def _suggest(self) -> None:
        session, name = self.session, str(self.ref)

        def work() -> Learned:
            from workbench.operations.datasets.suggest import suggest_rules  # noqa: PLC0415

            return Learned(self._show_suggested, suggest_rules(session, name).text)

        off_thread(self, work, group="suggest", wrong=lambda _: Learned(self._show_suggested, ""))

    def _show_suggested(self, text: str) -> None:
        self.suggested = text
        name = self.ref.name
        self.query_one("#rules-list", ListTable).show(
            COLUMNS, (), words=f"{name} has no rules. "
            + ("Those that fit its data stand beside this; y copies them for workbench.toml."
               if text else "They stand in workbench.toml, as [[datasets.NAME.rules]]."),
        )  # fmt: skip
        self.query_one("#rule-lines", Lines).draw = lambda width: no_rules_lines(name, text, width)
        self.tell_tabs([Tab("rules", "Rules", "none"), Tab("rule", "Suggested")])

    # ------------------------------------------------------------ showing

    def _show(self) -> None:
        checked = self.checked
        if checked is None:
            return
        typed = self.narrowed.get("rules", "")
        words = f"No rule holds {typed}. Esc shows all." if typed else "There are no rules."
        table = self.query_one("#rules-list", ListTable)
        table.show(COLUMNS, result_entries(checked.results, typed), words=words)
        self.tell_header(facts=(checked.subject, checked.sentence))
        failing = sum(one.state != "holds" for one in checked.results)
        badge = f"{failing} of {len(checked.results)}" if failing else ""
        self.tell_tabs([Tab("rules", "Rules", badge, alarm=bool(failing)), Tab("rule", "Rule")])
        self._show_rule()

    def _show_rule(self) -> None:
        here, lines = self.here, self.query_one("#rule-lines", Lines)
        if here is not None:
            lines.draw = lambda width: result_lines(here, width)
        self.keys_changed()

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show the rule under the cursor."""
        event.stop()
        if self.checked is not None:
            self._show_rule()

    def on_row_opened(self, _event: RowOpened) -> None:
        """Go to the rule."""
        self.go_to("rule")

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show only rules that hold the letters typed."""
        self._show()

    def press_copy(self) -> None:
        """Copy the rule, or the rules that are suggested."""
        text = "\n".join(_plain(self.query_one("#rule-lines", Lines).text()))
        if self.suggested and self.checked is None:
            text = self.suggested
        self.app.copy_to_clipboard(text)
        tell(self.app, "Copied what stands there.")


def _plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]
