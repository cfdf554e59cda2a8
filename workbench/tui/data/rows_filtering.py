"""Filtering the rows: counting while somebody types, completing, the value under the cursor."""

from workbench.errors import FilterError
from workbench.operations.datasets.row_filters import equal_to, masked_error
from workbench.tui.data.rows_desk import RowsDesk
from workbench.tui.data.rows_loader import counted, refused
from workbench.tui.messages import CountReady, Learned
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell
from workbench.tui.widgets.filter_box import FilterBox


class RowsFiltering(RowsDesk):
    """The part of the screen of rows that filters."""

    def press_filter(self) -> None:
        """Begin to type a filter."""
        if self.rows is not None:
            self.query_one(FilterBox).open(self.look.filter)

    def on_filter_box_typed(self, event: FilterBox.Typed) -> None:
        """Count what matches so far, and complete."""
        rows, text, column = self.rows, event.text, event.column
        if rows is not None:
            off_thread(self, lambda: counted(rows, text, column), group="count")

    def on_count_ready(self, event: CountReady) -> None:
        """Show the count, the completions, or what is wrong and where."""
        self.query_one(FilterBox).answer = event.error

    def on_filter_box_submitted(self, event: FilterBox.Submitted) -> None:
        """Filter the table; what cannot be read stays where it was typed."""
        try:
            if self.rows is not None:
                self.rows.read_filter(event.text)
        except FilterError as error:
            self.query_one(FilterBox).refuse(refused(event.text, error))
            return
        self.query_one(FilterBox).close()
        self.table.focus()
        if event.text.strip() != self.look.filter:
            self.change(filter=event.text.strip())

    def refuse_filter(self, error: FilterError) -> None:
        """Give a filter back that could be read and not be answered."""
        box = self.query_one(FilterBox)
        box.open(error.text)
        box.refuse(refused(error.text, error))

    def on_filter_box_left(self, event: FilterBox.Left) -> None:
        """Go back to the table; clearing takes the filter off."""
        self.table.focus()
        if event.cleared and self.look.filter:
            self.change(filter="")

    def press_same_value(self) -> None:
        """Keep only the rows that have the value under the cursor."""
        rows, row, name = self.rows, self.row_here, self.column_here
        if rows is None or row is None or not name:
            return
        column = next(column for column in rows.columns if column.name == name)

        def narrow(text: str) -> None:
            if not text:
                masked = name in rows.masked
                none = f"No filter can ask for this value of {name}."
                tell(self.app, str(masked_error(name)) if masked else none)
                return
            before = self.look.filter
            self.change(filter=f"({before}) AND {text}" if before else text)

        off_thread(
            self, lambda: Learned(narrow, equal_to(column, rows.row(row.number, [name])[0])),
            group="value", doing="Read the value",
        )  # fmt: skip
