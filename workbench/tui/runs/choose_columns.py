"""Choosing columns: what there is, what is known of it, what is shown and in which order."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.operations.runs_table import Column, ColumnFacts
from workbench.tui.cells import Cell, Line, cut, visible
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.repainted import Dialog
from workbench.tui.runs.column_choice import (
    ATTRIBUTES,
    Choice,
    ColumnsChosen,
    Offer,
    hidden_offers,
    part_word,
    shown_offers,
)
from workbench.tui.toast import tell
from workbench.tui.widgets.dialog import DIALOG_CSS
from workbench.tui.widgets.footer import Footer
from workbench.tui.widgets.help import help_for
from workbench.tui.widgets.lines import OneLine
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.narrow import NarrowBox, holds
from workbench.tui.widgets.table_messages import RowOpened
from workbench.tui.widgets.table_values import Column as Shown
from workbench.words import number, plural

__all__ = ["ChooseColumnsScreen", "ColumnsChosen"]

_FOLD = "fold"
_LIST = (
    Shown("mark", "", width=3),
    Shown("name", "column", most=34),
    Shown("kind", "kind"),
    Shown("part", "value", most=14),
    Shown("runs", "runs", "right"),
    Shown("goal", "better", most=16),
    Shown("note", "what it holds", most=60),
)
_ARROWS = {"min": "↓ lower", "max": "↑ higher"}


class ColumnTable(ListTable):
    """The list of columns, in an order of its own."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("columns", "table")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("columns", "table")]
    # The order is what is being chosen.
    press_sort: ClassVar[None] = None  # type: ignore[assignment]
    press_sort_reverse: ClassVar[None] = None  # type: ignore[assignment]


class _Said(OneLine):
    words: Line = ()

    def line(self, width: int) -> Line:  # noqa: ARG002 - cut by the widget
        return self.words

    def say(self, words: Line) -> None:
        self.words = words
        self.refresh()


class ChooseColumnsScreen(Keyed, Dialog[ColumnsChosen | None]):
    """Ask which columns to show; None when somebody changed their mind."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    DEFAULT_CSS = (
        DIALOG_CSS.format(name="ChooseColumnsScreen", width=120)
        + """
    ChooseColumnsScreen > #box { height: 100%; max-height: 46; margin-bottom: 1; }
    ChooseColumnsScreen ColumnTable { height: 1fr; }
    """
    )

    def __init__(
        self, facts: Sequence[ColumnFacts], columns: Sequence[Column], pinned: int
    ) -> None:
        super().__init__()
        self._facts = tuple(facts)
        self._before = Choice(tuple(columns), pinned)
        self.choice = self._before
        self._typed = ""
        self._unfolded = False

    def compose(self) -> ComposeResult:
        """Put a line that says how much is shown over the list."""
        with Vertical(id="box") as box:
            box.border_title = "Columns"
            box.border_subtitle = "Enter keeps · Esc leaves"
            yield _Said()
            yield NarrowBox()
            yield ColumnTable()
        yield Footer()

    @property
    def table(self) -> ColumnTable:
        """Return the list."""
        return self.query_one(ColumnTable)

    def on_mount(self) -> None:
        """Begin with the columns that are shown."""
        self._show()
        self.table.focus()

    def key_context(self) -> Context:
        """Return what is possible now."""
        rows = self.table.sheet.count
        return Context(rows=rows, selected=bool(rows))

    # ------------------------------------------------------------ showing

    def _show(self, *, at: Column | None = None) -> None:
        """Show the list; the cursor follows a column, else stays on its line."""
        shown = shown_offers(self.choice, self._facts)
        hidden, same = hidden_offers(self.choice, self._facts)
        entries = [self._entry(offer, place) for place, offer in enumerate(shown)]
        entries += [self._entry(offer) for offer in hidden]
        if same and not (self._unfolded or self._typed):
            entries.append(_fold_entry(same))
        else:
            entries += [self._entry(offer) for offer in same]
        kept = [each for each in entries if self._fits(each)]
        line = self.table.cursor
        self.table.show(_LIST, kept, words=f"No column holds {self._typed}.")
        if at is None or not self.table.go_to(at):
            self.table.move_to(min(line, max(0, len(kept) - 1)))
        self._say(len(shown) + len(hidden) + len(same), len(same))

    def _fits(self, entry: Entry) -> bool:
        return not self._typed or holds(
            " ".join(cell.text for cell in entry.cells[1:]), self._typed
        )

    def _say(self, total: int, same: int) -> None:
        words = [Cell(f" {len(self.choice.columns)} of {plural(total, 'column')} shown", "bold")]
        words.append(Cell(f", {self.choice.pinned} pinned", "dim"))
        if same:
            words.append(Cell(f", {same} with one value only", "dim"))
        if self._typed:
            words.append(Cell(f"   /{visible(self._typed)}", "accent"))
        self.query_one(_Said).say(tuple(words))

    def _entry(self, offer: Offer, place: int | None = None) -> Entry:
        column, fact = offer.column, offer.facts
        here = place is not None
        pinned = here and place is not None and place < self.choice.pinned
        goal = fact.goal if fact else ""
        mark = "✓▪" if pinned else ("✓" if here else "")
        return Entry(
            column,
            (
                Cell(mark, "good"),
                Cell(column.name, "bold" if here else ""),
                Cell(column.kind, "dim"),
                Cell(part_word(column.part, goal) if column.kind == "metric" else "", "accent"),
                Cell(str(fact.runs) if fact else "all", "dim"),
                Cell(_goal_words(fact), "dim"),
                Cell(_holds_words(offer), "dim"),
            ),
        )

    # ------------------------------------------------------------ what is done

    @property
    def _here(self) -> Column | None:
        entry = self.table.entry
        return entry.key if entry is not None and isinstance(entry.key, Column) else None

    def _goal_of(self, column: Column) -> str:
        found = (fact.goal for fact in self._facts if fact.column.name == column.name)
        return next(found, "") if column.kind == "metric" else ""

    def press_column_show(self) -> None:
        """Show or hide the column; open the fold."""
        column = self._here
        if column is None:
            self._unfold()
            return
        self.choice = self.choice.toggled(column)
        self._show()

    press_mark = press_column_show

    def press_column_pin(self) -> None:
        """Keep the column at the left, or let it go."""
        column = self._here
        if column is not None:
            self.choice = self.choice.pinned_or_not(column)
            self._show(at=column)

    def press_column_up(self) -> None:
        """Move the column to the left."""
        self._move(-1)

    def press_column_down(self) -> None:
        """Move the column to the right."""
        self._move(1)

    def _move(self, by: int) -> None:
        column = self._here
        if column is None:
            return
        if column not in self.choice.columns:
            tell(self.app, "Show the column first, then move it.")
            return
        self.choice = self.choice.moved(column, by)
        self._show(at=column)

    def press_column_part(self) -> None:
        """Show another value of the metric."""
        column = self._here
        if column is None or column.kind != "metric":
            tell(self.app, "Only a metric has several values.")
            return
        if column not in self.choice.columns:
            self.choice = self.choice.toggled(column)
        self.choice, other = self.choice.parted(column, self._goal_of(column))
        self._show(at=other)

    def _unfold(self) -> None:
        self._unfolded = True
        self._show()

    def on_row_opened(self, event: RowOpened) -> None:
        """Take what is chosen; open the fold."""
        if event.row.key == _FOLD:
            self._unfold()
            return
        self._keep()

    def _keep(self) -> None:
        if not self.choice.columns:
            tell(self.app, "At least one column must be shown.")
            return
        self.dismiss(ColumnsChosen(self.choice.columns, self.choice.pinned))

    def press_filter(self) -> None:
        """Type letters of a column's name."""
        self.query_one(NarrowBox).open(self._typed)

    @on(NarrowBox.Narrowed)
    def _narrow(self, event: NarrowBox.Narrowed) -> None:
        self._typed = event.text
        self._show()
        if event.done:
            self.table.focus()

    def press_back(self) -> None:
        """Show all columns again; then leave without a change."""
        if self._typed:
            self._typed = ""
            self._show()
        else:
            self.dismiss(None)

    def press_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(help_for(self, "Choosing columns"))


def _fold_entry(same: Sequence[Offer]) -> Entry:
    names = ", ".join(visible(offer.column.name) for offer in same)
    words = f"{len(same)} with one value only"
    return Entry(
        _FOLD,
        (
            Cell(""), Cell(f"▸ {words}", "heading"), Cell(""), Cell(""), Cell(""), Cell(""),
            Cell(cut(names, 60), "dim"),
        ),
    )  # fmt: skip


def _goal_words(fact: ColumnFacts | None) -> str:
    if fact is None or not fact.goal:
        return ""
    guessed = ", guessed" if fact.origin == "guessed" else ""
    return f"{_ARROWS.get(fact.goal, fact.goal)}{guessed}"


def _holds_words(offer: Offer) -> str:
    column, fact = offer
    if fact is None:
        return ATTRIBUTES.get(column.name, "")
    if fact.distinct == 1:
        return f"always {_sample(fact)}"
    if column.kind == "metric":
        return "differs"
    return f"{fact.distinct} values, such as {_sample(fact)}"


def _sample(fact: ColumnFacts) -> str:
    try:
        return number(float(fact.sample), 6) if fact.numeric else visible(cut(fact.sample, 30))
    except ValueError:
        return visible(cut(fact.sample, 30))
