"""What can be changed about the run that is open: name, tags, note, status, archived."""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.operations import edits
from workbench.operations.session import Session
from workbench.tui.messages import EditDone
from workbench.tui.offload import off_thread
from workbench.tui.parts import PartsScreen
from workbench.tui.run.loader import Opened
from workbench.tui.tagging import read_tags
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen

_TAG_HINT = "name=value, more with commas; -name takes a tag away"


class RunChanges(PartsScreen):
    """The part of the run's screen that writes."""

    session: Session
    opened: Opened | None

    def write(self, changes: Mapping[str, Any], words: str) -> None:
        """Write an edit away from the UI thread."""
        if self.opened is None:
            return
        session, run_id = self.session, self.opened.detail.record.run_id

        def work() -> EditDone:
            return EditDone(edits.edit(session, [run_id], changes), words)

        off_thread(self, work, doing=words)

    def on_edit_done(self, event: EditDone) -> None:
        """Say what was written, and look at the folder."""
        event.stop()
        tell(self.app, f"{event.words}. u takes it back." if event.edit else event.words)
        again = getattr(self.app, "watch_again", None)
        if again is not None:
            again()

    def press_edit(self) -> None:
        """Choose what to change."""
        go: dict[str, Callable[[], None]] = {
            "name": self.press_rename,
            "tags": self.press_tag,
            "note": self.press_note,
            "status": self.press_declare_killed,
        }
        choices = [
            Choice("name", "Name", "a new name"),
            Choice("tags", "Tags", "name=value, or -name to take one away"),
            Choice("note", "Note", "several lines"),
            Choice("status", "Declare killed", "a stale run that is dead"),
        ]
        self.app.push_screen(
            ChooseScreen("Change this run", choices), lambda id_: go[id_]() if id_ else None
        )

    def press_rename(self) -> None:
        """Give the run another name."""
        if self.opened is None:
            return
        now = self.opened.detail.record.name

        def keep(name: str | None) -> None:
            if name is not None and name.strip() and name != now:
                self.write({"name": name.strip()}, "Renamed")

        def wrong(text: str) -> str | None:
            return None if text.strip() else "A name is needed."

        self.app.push_screen(PromptScreen("Name of this run", now, check=wrong), keep)

    def press_tag(self) -> None:
        """Change tags."""

        def keep(text: str | None) -> None:
            changes = read_tags(text or "")
            if isinstance(changes, dict) and changes:
                self.write(changes, "Tagged")

        def wrong(text: str) -> str | None:
            found = read_tags(text)
            return found if isinstance(found, str) else None

        self.app.push_screen(PromptScreen("Tags of this run", hint=_TAG_HINT, check=wrong), keep)

    def press_note(self) -> None:
        """Write a note."""
        if self.opened is None:
            return
        now = self.opened.detail.record.note

        def keep(text: str | None) -> None:
            if text is not None and text != now:
                self.write({"note": text}, "Noted")

        self.app.push_screen(NoteScreen("Note on this run", now), keep)

    def press_declare_killed(self) -> None:
        """Say that a stale run is dead."""
        if self.opened is None:
            return
        status = self.opened.detail.record.status
        if status not in ("STALE", "UNKNOWN"):
            tell(self.app, f"Only a stale run can be declared killed; this one is {status}.")
            return
        self.write({"status": "KILLED"}, "Declared killed")

    def press_register(self) -> None:
        """Register a version of a model from this run."""
        from workbench.tui.registry.registering import register_from_run  # noqa: PLC0415

        if self.opened is not None:
            register_from_run(self, self.session, self.opened.detail.record.run_id)

    def press_archive(self) -> None:
        """Put the run away, or bring it back."""
        if self.opened is None:
            return
        away = not self.opened.detail.record.archived
        self.write({"archived": away}, "Archived" if away else "Brought back")

    def press_undo(self) -> None:
        """Take back my last edit."""
        session = self.session

        def work() -> EditDone:
            return EditDone("", f"Took back: {edits.undo(session).what}")

        off_thread(self, work, doing="Undo")
