"""Saved views: opening one, keeping this one, taking one away; their files never hold up a key."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from workbench.operations import views
from workbench.operations.session import Session
from workbench.operations.views import SavedView, View
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import Finished, SavedViewsReady
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.prompt import PromptScreen
from workbench.words import moment

_SAVE, _PLAIN = "save:", "plain:"
_KEEP = Choice(_SAVE, "Save this view …", "columns, order, filter, marks, baseline, charts")
_START_AFRESH = Choice(_PLAIN, "The plain table", "drops marks, baseline, filter, order, columns")
"""It throws away what somebody set up, so no key pressed once too often may reach it."""


class SavedViews(WorkbenchScreen):
    """The part of a screen of runs that opens and saves views."""

    KEPT_AS: ClassVar[str] = "runs"
    """The screen a view that is saved here opens again."""

    session: Session
    view: View
    saved: tuple[SavedView, ...] = ()
    _views_dialog: ChooseScreen | None = None

    if TYPE_CHECKING:

        def show_view(self, view: View) -> None:
            """Look as a whole view says; screens know how."""

    def press_views(self) -> None:
        """Open, save or remove a saved view; those saved are listed as soon as they are read."""
        session = self.session
        self.saved = ()
        self._views_dialog = ChooseScreen("Views", (_KEEP,))
        self.app.push_screen(self._views_dialog, self._take_view)
        off_thread(
            self,
            lambda: SavedViewsReady(views.saved(session)),
            group="saved-views",
            doing="Read the saved views",
        )

    def on_saved_views_ready(self, event: SavedViewsReady) -> None:
        """List them, if the dialog is still open."""
        self.saved = event.saved
        if self._views_dialog is not None and self._views_dialog.is_attached:
            self._views_dialog.offer(choices_of(event.saved))

    def _take_view(self, id_: str | None) -> None:
        self._views_dialog = None
        word, _, name = (id_ or "").partition(":")
        if word == "save":
            self.app.push_screen(PromptScreen("Save this view as"), self._save_view)
        elif word == "plain":
            self.show_view(View())
        elif word == "open":
            self.show_view(next(one.view for one in self.saved if one.name == name))
        elif word == "remove":
            session = self.session
            self._keep(
                lambda: views.remove(session, name), "Remove a view", f"Removed the view {name}."
            )

    def _save_view(self, name: str | None) -> None:
        if name and name.strip():
            session, view = self.session, replace(self.view, screen=self.KEPT_AS)
            said = f"Saved the view {name.strip()}."
            self._keep(lambda: views.save(session, name, view), "Save the view", said)

    def _keep(self, write: Callable[[], None], doing: str, said: str) -> None:
        """Write away from the UI thread, and say it when it is written."""

        def work() -> Finished:
            write()
            return Finished(said)

        off_thread(self, work, doing=doing)

    def on_finished(self, event: Finished) -> None:
        """Say what was done."""
        event.stop()
        tell(self.app, event.words)


def choices_of(saved: tuple[SavedView, ...]) -> tuple[Choice, ...]:
    """Return what the dialog offers, given the views that are saved."""
    return (
        _KEEP,
        *(Choice(f"open:{one.name}", one.name, _said(one)) for one in saved),
        *(Choice(f"remove:{one.name}", f"Remove {one.name}") for one in saved),
        _START_AFRESH,
    )


def _said(one: SavedView) -> str:
    filtered = f" /{one.view.filter}" if one.view.filter else ""
    return f"by {one.actor}, {moment(one.time)}{filtered}"
