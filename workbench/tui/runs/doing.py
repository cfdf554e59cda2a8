"""What can be done to runs and to the table: edit, archive, group, compare, export."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workbench.catalogue.query import SEEDS
from workbench.operations import edits, runs_table
from workbench.operations.runs_table import Column
from workbench.operations.views import View
from workbench.tui.messages import EditDone, Finished, TextReady
from workbench.tui.offload import off_thread
from workbench.tui.runs.desk import RunsDesk
from workbench.tui.runs.loader import Known
from workbench.tui.tagging import read_tags
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen
from workbench.words import plural


class Doing(RunsDesk):
    """The part of the runs screen that changes things."""

    # ------------------------------------------------------------ which runs

    def chosen_ids(self) -> tuple[str, ...]:
        """Return the marked runs, or the one under the cursor when none is marked."""
        if self.view.marks:
            return self.view.marks
        here = self.known_here
        return (here.run_id,) if here else ()

    def only_chosen(self) -> Known | None:
        """Return the run that is chosen, when it is one alone."""
        if not self.view.marks:
            return self.known_here
        marks = self.marks()
        alone = len(marks) == len(self.view.marks) == 1 and self.loaded is not None
        return self.loaded.known.get(marks[0].run) if alone and self.loaded else None

    def write(self, ids: tuple[str, ...], changes: Mapping[str, Any], words: str) -> None:
        """Write an edit away from the UI thread, then look at the folder."""
        session = self.session

        def work() -> EditDone:
            return EditDone(edits.edit(session, ids, changes), words)

        off_thread(self, work, doing=words)

    def on_edit_done(self, event: EditDone) -> None:
        """Say what was written, and that it can be taken back."""
        event.stop()
        tell(self.app, f"{event.words}. u takes it back." if event.edit else f"{event.words}.")
        self.app.watch_again()  # type: ignore[attr-defined]

    # ------------------------------------------------------------ edits

    def press_edit(self) -> None:
        """Choose what to change."""
        which = plural(len(self.chosen_ids()), "run")
        choices = [
            Choice("name", "Name", "a new name"),
            Choice("tags", "Tags", "name=value, or -name to take one away"),
            Choice("note", "Note", "several lines"),
            Choice("status", "Declare killed", "a stale run that is dead"),
        ]
        go: dict[str, Callable[[], None]] = {
            "name": self.press_rename,
            "tags": self.press_tag,
            "note": self.press_note,
            "status": self.press_declare_killed,
        }
        self.app.push_screen(
            ChooseScreen(f"Change {which}", choices), lambda id_: go[id_]() if id_ else None
        )

    def press_rename(self) -> None:
        """Give the run another name."""
        ids = self.chosen_ids()
        only = self.only_chosen()
        now = only.name if only is not None else ""

        def keep(name: str | None) -> None:
            if name is not None and name.strip() and name != now:
                self.write(ids, {"name": name.strip()}, f"Renamed {plural(len(ids), 'run')}")

        title = f"Name of {plural(len(ids), 'run')}"
        self.app.push_screen(
            PromptScreen(
                title, now, check=lambda text: None if text.strip() else "A name is needed."
            ),
            keep,
        )

    def press_tag(self) -> None:
        """Change tags."""
        ids = self.chosen_ids()

        def keep(text: str | None) -> None:
            changes = read_tags(text or "")
            if isinstance(changes, dict) and changes:
                self.write(ids, changes, f"Tagged {plural(len(ids), 'run')}")

        def wrong(text: str) -> str | None:
            found = read_tags(text)
            return found if isinstance(found, str) else None

        hint = "name=value, more with commas; -name takes a tag away"
        self.app.push_screen(
            PromptScreen(f"Tags of {plural(len(ids), 'run')}", hint=hint, check=wrong), keep
        )

    def press_note(self) -> None:
        """Write a note."""
        ids = self.chosen_ids()
        only = self.only_chosen()
        now = only.note if only is not None else ""

        def keep(text: str | None) -> None:
            if text is not None and text != now:
                self.write(ids, {"note": text}, f"Noted on {plural(len(ids), 'run')}")

        self.app.push_screen(NoteScreen(f"Note on {plural(len(ids), 'run')}", now), keep)

    def press_declare_killed(self) -> None:
        """Say that a stale run is dead."""
        ids = self.chosen_ids()
        runs = [mark.run for mark in self.marks()] or [self.run_here or 0]
        session, words = self.session, f"Declared {plural(len(ids), 'run')} killed"

        def work() -> EditDone | Finished:
            found = runs_table.rows_of(session, runs, [Column("attribute", "status")])
            alive = [cells[0] for cells in found.values() if cells[0] not in ("STALE", "UNKNOWN")]
            if alive:
                refusal = f"Only a stale run can be declared killed; one here is {alive[0]}."
                return Finished(refusal)
            return EditDone(edits.edit(session, ids, {"status": "KILLED"}), words)

        off_thread(self, work, doing="Declare killed")

    def press_archive(self) -> None:
        """Put runs away, or bring them back."""
        ids, away = self.chosen_ids(), not self.view.archived
        words = f"{'Archived' if away else 'Brought back'} {plural(len(ids), 'run')}"
        self.write(ids, {"archived": away}, words)
        if self.view.marks:
            self.view = replace(self.view, marks=())

    def press_register(self) -> None:
        """Register a version of a model from the run under the cursor."""
        from workbench.tui.registry.registering import register_from_run  # noqa: PLC0415

        here = self.known_here
        if here is None:
            tell(self.app, "There is no run under the cursor.")
        else:
            register_from_run(self, self.session, here.run_id)

    def undo(self) -> None:
        """Take back my last edit."""
        session = self.session

        def work() -> EditDone:
            line = edits.undo(session)
            return EditDone("", f"Took back: {line.what}")

        off_thread(self, work, doing="Undo")

    # ------------------------------------------------------------ the table

    def press_show_archived(self) -> None:
        """Show what was put away, and only that, or the others again."""
        self.change(archived=not self.view.archived)

    def press_clear_marks(self) -> None:
        """Unmark all."""
        self.change(marks=())

    def press_baseline(self) -> None:
        """Compare against this run, or stop comparing."""
        here = self.known_here.run_id if self.known_here else ""
        self.change(baseline="" if here == self.view.baseline else here)

    def press_collapse_seeds(self) -> None:
        """Show runs equal in all but the seed as one row, or all rows."""
        self.expanded = frozenset()
        self.change(group=() if self.view.group == (SEEDS,) else (SEEDS,))

    def press_group(self) -> None:
        """Choose what to group by."""
        params = (
            [fact for fact in self.loaded.facts if fact.column.kind == "param"]
            if self.loaded
            else []
        )
        choices = [
            Choice("", "No groups", "every run on a line of its own", now=not self.view.group),
            _choice(SEEDS, "Seeds", "runs equal in all but the seed", self.view),
            _choice(Column("attribute", "experiment"), "Experiment", "", self.view),
            _choice(Column("attribute", "parent"), "Parent", "the run they belong to", self.view),
            _choice(Column("attribute", "group"), "Group", "as the scripts said", self.view),
            _choice(Column("attribute", "status"), "Status", "", self.view),
            _choice(Column("attribute", "format"), "Format", "the tool that wrote it", self.view),
            *(
                _choice(
                    fact.column, fact.column.name, f"param of {plural(fact.runs, 'run')}", self.view
                )
                for fact in params
                if fact.distinct > 1
            ),
        ]

        def take(id_: str | None) -> None:
            if id_ is None:
                return
            self.expanded = frozenset()
            kind, _, name = id_.partition(":")
            self.change(group=(Column(kind, name),) if id_ else ())  # type: ignore[arg-type]

        self.app.push_screen(ChooseScreen("Group runs by", choices), take)

    def press_columns(self) -> None:
        """Choose columns."""
        from workbench.tui.runs.choose_columns import ChooseColumnsScreen  # noqa: PLC0415

        if self.loaded is None:
            return

        def take(chosen: Any) -> None:
            if chosen is not None:
                self.change(columns=chosen.columns, pinned=chosen.pinned)

        loaded = self.loaded
        self.app.push_screen(
            ChooseColumnsScreen(loaded.facts, loaded.columns, self.view.pinned), take
        )

    def press_why(self) -> None:
        """Say why one of the two marked runs is better."""
        from workbench.tui.compare.why import why_of  # noqa: PLC0415 - when asked for

        self.app.push_screen(why_of(self.session, self.view, self.charts.shown_metrics))

    # ------------------------------------------------------------ taking things along

    def press_copy(self) -> None:
        """Copy the id, or the cell when the cursor is on a column of values."""
        run_id = self.known_here.run_id if self.known_here else None
        cell = self.table.cursor_cell
        text = cell.text if cell is not None and self.table.column > 0 else run_id
        if text:
            self.app.copy_to_clipboard(text)
            tell(self.app, f"Copied {text}")

    def press_copy_row(self) -> None:
        """Copy the row with its column names, tab-separated."""
        row, columns = self.table.cursor_row, self.table.sheet.columns
        if row is not None:
            head = "\t".join(column.title for column in columns)
            self.app.copy_to_clipboard(head + "\n" + "\t".join(cell.text for cell in row.cells))
            tell(self.app, "Copied the row with its column names.")

    def press_copy_path(self) -> None:
        """Copy the path of the run's folder."""
        from workbench.operations.run_detail import folder  # noqa: PLC0415 - when asked for

        session, run = self.session, self.run_here
        if run is not None:
            off_thread(
                self,
                lambda: TextReady(str(folder(session, run))),
                group="copy",
                doing="Copy the path",
            )

    def press_export(self) -> None:
        """Write the table as it is to a CSV file, and the charts beside it."""
        from workbench.operations.export import export_table  # noqa: PLC0415 - when asked for

        loaded = self.loaded
        if loaded is None:
            return
        print_charts, session = self.charts.printing(), self.session

        def work() -> EditDone | None:
            path = export_table(session, loaded.table, print_charts())
            return Exported(str(path))

        off_thread(self, work, doing="Export")

    def on_exported(self, event: "Exported") -> None:
        """Say where it is."""
        tell(self.app, event.words)


class Exported(EditDone):
    """A file was written."""

    def __init__(self, path: str) -> None:
        super().__init__("", f"Wrote {path}")


def _choice(column: Column, words: str, sentence: str, view: View) -> Choice:
    id_ = f"{column.kind}:{column.name}"
    return Choice(id_, words, sentence, now=column in view.group)
