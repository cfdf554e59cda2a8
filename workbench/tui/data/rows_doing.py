"""What can be done on the screen of rows: go to one, choose which, unmask, copy, export."""

from datetime import datetime
from functools import partial
from pathlib import Path

from workbench.datasets.fields import MASK
from workbench.errors import FilterError
from workbench.operations.datasets.row_words import words_of
from workbench.operations.datasets.rows import Rows
from workbench.tui.data.rows_desk import RowsDesk
from workbench.tui.data.rows_loader import chosen_columns
from workbench.tui.errand import carry_out
from workbench.tui.messages import Learned, TextReady
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question
from workbench.tui.widgets.prompt import PromptScreen
from workbench.words import count, plural

_MOST_COPIED = 1000
"""Rows; more go into a file."""


class RowsDoing(RowsDesk):
    """The part of the screen of rows that does things."""

    # ------------------------------------------------------------ which rows

    def press_go_to_row(self) -> None:
        """Go to a row by its number in the file."""
        if self.loaded is None:
            return

        def go(text: str | None) -> None:
            number = _number(text or "")
            if number and not self._no_row(text or ""):
                self._go_to(number - 1)

        to = "" if self.counting else f", 1 to {count(self.loaded.total)}"
        prompt = PromptScreen(
            "Go to row", hint=f"its number in the file{to}", check=self._no_row, signs=r"[\d,_ ]*"
        )
        self.app.push_screen(prompt, go)

    def _no_row(self, text: str) -> str | None:
        """Return why no row that can be gone to now has this number."""
        total = self.loaded.total if self.loaded is not None else 0
        if 1 <= (_number(text) or 0) <= total:
            return None
        so_far = self.counting
        return f"Still counting, {so_far}." if so_far else f"A number from 1 to {count(total)}."

    def _go_to(self, number: int) -> None:
        loaded, rows = self.loaded, self.rows
        if loaded is None or rows is None:
            return

        def there(position: int | None) -> None:
            if position is None:
                tell(self.app, f"Row {count(number + 1)} is not among the rows shown.")
            elif loaded is self.loaded:
                self.table.move_to(position)

        off_thread(
            self, lambda: Learned(there, rows.find(number, loaded.view)), group="find",
            doing="Go to the row",
        )  # fmt: skip

    def press_only(self) -> None:
        """Choose which rows: all, repeated ones, those with nulls."""
        look, name = self.look, self.column_here
        here = (look.only, look.only_columns)
        choices = [
            Choice("", "All rows", "", now=not look.only),
            Choice("duplicates", "Repeated rows", "equal to another in every column, side by side",
                   now=here == ("duplicates", ())),
            Choice("nulls", "Rows with a null", "in any column", now=here == ("nulls", ())),
        ]  # fmt: skip
        if name:
            choices += [
                Choice("duplicates here", f"Repeated {name}", "whose value in this column repeats",
                       now=here == ("duplicates", (name,))),
                Choice("nulls here", f"Null in {name}", "rows without a value in this column",
                       now=here == ("nulls", (name,))),
            ]  # fmt: skip

        def take(chosen: str | None) -> None:
            if chosen is not None:
                only, _, in_column = chosen.partition(" ")
                self.change(only=only, only_columns=(name,) if in_column else ())

        self.app.push_screen(ChooseScreen("Which rows", choices), take)

    def press_show_columns(self) -> None:
        """Choose the columns by name."""
        rows = self.rows
        if rows is None:
            return

        def wrong(text: str) -> str | None:
            found = chosen_columns(rows.columns, text)
            return None if found else "No column has such a name."

        def take(text: str | None) -> None:
            if text is not None and text.strip() != self.look.columns:
                self.change(columns=text.strip())

        hint = f"names or parts of them, with commas; empty for all {count(len(rows.columns))}"
        self.app.push_screen(
            PromptScreen("Columns", self.look.columns, hint=hint, check=wrong), take
        )

    # ------------------------------------------------------------ masked columns

    def press_unmask(self) -> None:
        """Show the values of sensitive columns, if that is really wanted; or mask them again."""
        rows = self.rows
        if rows is None:
            return
        if rows.unmasked:
            self._show_sensitive(rows, shown=False)
            return
        names = ", ".join(sorted(rows.sensitive))
        question = Question(
            "Show sensitive columns?", "masked", "shown", "Show",
            notes=(names, "Whoever sees this screen sees their values, until M masks them again."),
        )  # fmt: skip

        def take(consent: Consent | None) -> None:
            if consent is not None:
                self._show_sensitive(rows, shown=True)

        self.app.push_screen(ConfirmScreen(question), take)

    def _show_sensitive(self, rows: Rows, *, shown: bool) -> None:
        """Show or mask; what asks about masked values goes with them."""
        rows.show_sensitive(shown=shown)
        sort = tuple(key for key in self.look.sort if key[0] not in rows.masked)
        text = self.look.filter
        try:
            rows.read_filter(text)
        except FilterError:
            text = ""
        self.change(filter=text, sort=sort)

    # ------------------------------------------------------------ taking along

    def press_copy(self) -> None:
        """Copy the value under the cursor, whole."""
        rows, row, name = self.rows, self.row_here, self.column_here
        if rows is None or row is None:
            return
        if not name:
            self.app.copy_to_clipboard(str(row.number + 1))
            tell(self.app, f"Copied {row.number + 1}")
            return
        if name in rows.masked:
            tell(self.app, f"{name} is masked; M shows it.")
            return
        column = next(column for column in rows.columns if column.name == name)

        def work() -> TextReady:
            return TextReady(words_of(column, rows.row(row.number, [name])[0]) or "")

        off_thread(self, work, group="copy", doing="Copy the value")

    def press_copy_row(self) -> None:
        """Copy the row, or the marked ones, with the names of the columns, tab-separated."""
        rows, row, loaded = self.rows, self.row_here, self.loaded
        numbers = sorted(self.marked) or ([row.number] if row is not None else [])
        if rows is None or loaded is None or not numbers:
            return
        if len(numbers) > _MOST_COPIED:
            tell(self.app, f"At most {count(_MOST_COPIED)} rows are copied; e writes them all.")
            return
        columns = loaded.columns

        def copy(text: str) -> None:
            self.app.copy_to_clipboard(text)
            tell(self.app, f"Copied {plural(len(numbers), 'row')} with the names of the columns.")

        def work() -> Learned:
            names = [column.name for column in columns]
            lines = ["\t".join(map(_one_line, names))]
            for number in numbers:
                values = rows.row(number, names)
                cells = (words_of(*pair) or "" for pair in zip(columns, values, strict=True))
                lines.append("\t".join(map(_one_line, cells)))
            return Learned(copy, "\n".join(lines) + "\n")

        off_thread(self, work, group="copy", doing="Copy the row")

    def press_export(self) -> None:
        """Write the rows as they are shown to a file, in the form that is chosen."""
        loaded = self.loaded
        if loaded is None or self.rows is None:
            return
        first = "" if self.rows.complete else "first "
        what = f"{first}{plural(loaded.view.rows, 'row')}"
        choices = [
            Choice("csv", f"{what} as CSV", "opens in a spreadsheet; no text is a formula"),
            Choice("parquet", f"{what} as Parquet", "types as they are"),
        ]
        self.app.push_screen(ChooseScreen("Export", choices), self._export)

    def _export(self, form: str | None) -> None:
        rows, loaded = self.rows, self.loaded
        if form is None or rows is None or loaded is None:
            return
        stamp = datetime.fromtimestamp(self.session.clock.now()).astimezone()
        name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in rows.title)
        path = Path.cwd() / f"{name}-{stamp:%Y%m%d-%H%M%S}.{form}"
        names = [column.name for column in loaded.columns]
        masked = any(name in rows.masked for name in names)

        def said(written: bool) -> None:
            dots = f" Sensitive columns are masked as {MASK}." if masked else ""
            tell(self.app, f"Wrote {path}.{dots}" if written else "Nothing was written.")

        work = partial(rows.export, loaded.view, path, names, "csv" if form == "csv" else "parquet")
        carry_out(self, self.session, "Export rows", work, said)


def _number(text: str) -> int | None:
    """Return a number as people write it, or None."""
    digits = text.strip().replace(",", "").replace("_", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):  # noqa: PLR2004 - enough
        return None
    return int(digits)


def _one_line(text: str) -> str:
    """Return a text that is one cell of a line."""
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")
