"""The program on the screen: which screens there are, and news from the folders."""

import asyncio
import gc
import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import AppBlur, AppFocus, Key, Resize
from textual.message import Message
from textual.widgets import Input, TextArea

from workbench.operations.session import Session
from workbench.tui.keyed import Keyed
from workbench.tui.messages import (
    AskedReady,
    CatalogueChanged,
    ColleagueActed,
    EditDone,
    Finished,
    Learned,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.native_messages import kept_off
from workbench.tui.offload import off_thread
from workbench.tui.palette import KeysProvider, Named, NamesProvider
from workbench.tui.registry.loader import repaired
from workbench.tui.registry.news import Colleagues, named_models, news_lines, waiting
from workbench.tui.routes import screen_of
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.themes import APP_CSS, COLORLESS, THEMES
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question
from workbench.tui.widgets.too_small import guard_size

if TYPE_CHECKING:
    from textual.screen import Screen

    from workbench.operations.views import View
    from workbench.sync.sweep import Changes
    from workbench.sync.watch import Watch

_STATUS_EVERY_S = 1.0


class WorkbenchApp(Keyed, App[None]):
    """Hold the screens over one session."""

    TITLE = "workbench"
    CSS = APP_CSS
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {KeysProvider, NamesProvider}  # noqa: RUF012 - declared by Textual
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, session: Session, view: "View | None" = None) -> None:
        colorless = "NO_COLOR" in os.environ
        # Textual drops colours only where it draws in the terminal's own; others become greys.
        super().__init__(ansi_color=True if colorless else None)
        self.session = session
        self._watch: Watch | None = None
        self._runs = RunsScreen(session, view)
        self._asked = view
        self.asked = 0
        """Requests that wait for this person."""
        self.drafts: dict[tuple[object, ...], object] = {}
        """What was written on cards that were left; it ends with the program."""
        self._colleagues = Colleagues(session)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = (
            COLORLESS if colorless else THEMES[0].name
        )  # before the first style sheet, which would be read twice

    def get_default_screen(self) -> "Screen[Any]":
        """Begin with the runs: an empty screen beneath them would be laid out and painted too."""
        return self._runs

    def on_mount(self) -> None:
        """Begin to watch when the runs are on the screen."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        gc.enable()
        off_thread(self, self._colleagues.begin, doing="Read the news")
        self._watch = self.session.watch(self._changed, self._failed)
        off_thread(self, self._follow, doing="Follow the datasets")
        self.set_interval(_STATUS_EVERY_S, self._tell_status)
        self._count_asked()
        if self._asked is not None and self._asked.screen == "compare":
            self.press_screen_compare()

    def _follow(self) -> None:
        """Register datasets that change and run monitors, from now on.

        What that needs is loaded off the keys.
        """
        from workbench.operations.datasets.following import follow  # noqa: PLC0415 - after painting
        from workbench.operations.drift.following import follow as watch_drift  # noqa: PLC0415

        follow(self.session, lambda _: self.watch_again())
        watch_drift(self.session, lambda _: self.watch_again())

    # ------------------------------------------------------------ news, from the watcher's thread

    def _changed(self, changes: "Changes") -> None:
        self.post_message(CatalogueChanged(changes))

    def _failed(self, error: Exception) -> None:
        self.post_message(WentWrong("Look for changes", error))

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Hand the news to every screen that wants it."""
        self._to_screens(CatalogueChanged(event.changes))
        self._tell_status()
        if event.changes.models:
            self._look_at_registry(event.changes)

    def _look_at_registry(self, changes: "Changes") -> None:
        """Count what waits for this person, and see whether a colleague changed a stage."""
        self._count_asked()
        session, colleagues, models = self.session, self._colleagues, changes.models

        def news() -> ColleagueActed | None:
            found = colleagues.news(models, silent=changes.initial)
            return ColleagueActed(found) if found.lines or found.models else None

        def mend() -> None:
            repaired(session, models)

        off_thread(self, news, doing="Read the news")
        if not changes.initial:
            off_thread(self, mend, doing="Look at pointers")

    def _count_asked(self) -> None:
        session = self.session
        off_thread(
            self, lambda: AskedReady(waiting(session)), group="asked", doing="Count requests"
        )

    def on_asked_ready(self, event: AskedReady) -> None:
        """Say in every header how much waits for this person."""
        self.asked = len(event.requests)
        self._to_screens(AskedReady(event.requests))

    def on_colleague_acted(self, event: ColleagueActed) -> None:
        """Say who changed a stage, and why."""
        for line in news_lines(event.news):
            tell(self, line)

    def on_learned(self, event: Learned) -> None:
        """Go on with what was done, wherever the person is by now."""
        event.then(event.found)

    def on_edit_done(self, event: EditDone) -> None:
        """Say what was written on a screen that is gone."""
        tell(self, event.words)
        self.watch_again()

    def on_finished(self, event: Finished) -> None:
        """Say what was done on a screen that is gone."""
        tell(self, event.words)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what did not happen."""
        tell_error(self, event.doing, event.error)

    def _tell_status(self) -> None:
        if self._watch is not None:
            self._to_screens(WatchStatusChanged(self._watch.status))

    def _to_screens(self, message: Message) -> None:
        handler = f"on_{message.handler_name.removeprefix('on_')}"
        for screen in self.screen_stack:
            if hasattr(screen, handler):
                screen.post_message(message)

    # ------------------------------------------------------------ the terminal

    def on_key(self, event: Key) -> None:
        """Hand letters typed ahead to the line that has the focus by now.

        A field takes its letters itself, so one that comes by here was on its way when
        the field opened. A filter typed at once after ``/`` must not archive a run.
        """
        if isinstance(self.focused, Input | TextArea) and event.is_printable:
            event.prevent_default()
            event.stop()
            self.focused.post_message(Key(event.key, event.character))

    def on_resize(self, _event: Resize) -> None:
        """Stand in front of everything when there is too little room."""
        guard_size(self)

    def on_app_focus(self, _event: AppFocus) -> None:
        """Poll a network drive more often while somebody looks."""
        if self._watch is not None:
            self._watch.set_focus(focused=True)

    def on_app_blur(self, _event: AppBlur) -> None:
        """Poll a network drive less often while nobody looks."""
        if self._watch is not None:
            self._watch.set_focus(focused=False)

    async def named(self, query: str) -> Iterable[Named]:
        """Return runs that hold what was typed, models and datasets that have its letters."""
        from workbench.tui.data.loader import named_datasets  # noqa: PLC0415 - when asked for
        from workbench.tui.drift.loader import named_monitors  # noqa: PLC0415

        runs = await asyncio.to_thread(self._runs.named, query)
        models = await asyncio.to_thread(named_models, self.session, query)
        data = await asyncio.to_thread(named_datasets, self.session, query)
        found = [Named("model", each, "a model", partial(self.open_model, each)) for each in models]
        found += [
            Named("dataset", each, "a dataset", partial(self.open_dataset, each)) for each in data
        ]
        monitors = await asyncio.to_thread(named_monitors, self.session, query)
        found += [
            Named("monitor", each, "what is watched", partial(self.open_monitor, each))
            for each in monitors
        ]
        return [*found, *runs]

    def open_model(self, model: str) -> None:
        """Show the page of a model."""
        from workbench.tui.registry.model_screen import ModelScreen  # noqa: PLC0415 - when asked

        self.push_screen(ModelScreen(self.session, model))

    def open_monitor(self, name: str) -> None:
        """Show the page of a monitor."""
        self.push_screen(screen_of("monitor", self.session, name))

    def open_dataset(self, name: str) -> None:
        """Show the page of a dataset."""
        self.push_screen(screen_of("dataset", self.session, name))

    # ------------------------------------------------------------ keys

    def press_screen_runs(self) -> None:
        """Go back to the runs."""
        while len(self.screen_stack) > 1 and self.screen is not self._runs:
            self.pop_screen()

    def press_screen_compare(self) -> None:
        """Put the marked runs side by side."""
        from workbench.tui.compare.screen import CompareScreen  # noqa: PLC0415 - when asked for

        if isinstance(self.screen, CompareScreen):
            return
        self.press_screen_runs()
        runs = self._runs
        self.push_screen(CompareScreen(self.session, runs.view, runs.take_over, runs.held_colors))

    def press_screen_data(self) -> None:
        """Go to the datasets."""
        from workbench.tui.data.screen import DataScreen  # noqa: PLC0415 - when asked for

        while len(self.screen_stack) > 1 and not isinstance(self.screen, DataScreen):
            self.pop_screen()
        if not isinstance(self.screen, DataScreen):
            self.push_screen(DataScreen(self.session))

    def press_screen_drift(self) -> None:
        """Go to what is watched for drift."""
        from workbench.tui.drift.screen import DriftScreen  # noqa: PLC0415 - when asked for

        while len(self.screen_stack) > 1 and not isinstance(self.screen, DriftScreen):
            self.pop_screen()
        if not isinstance(self.screen, DriftScreen):
            self.push_screen(DriftScreen(self.session))

    def press_screen_models(self) -> None:
        """Go to the models."""
        from workbench.tui.registry.screen import ModelsScreen  # noqa: PLC0415 - when asked for

        while len(self.screen_stack) > 1 and not isinstance(self.screen, ModelsScreen):
            self.pop_screen()
        if not isinstance(self.screen, ModelsScreen):
            self.push_screen(ModelsScreen(self.session))

    def press_screen_activity(self) -> None:
        """Go to what happened."""
        from workbench.tui.activity.screen import ActivityScreen  # noqa: PLC0415 - when asked for

        if isinstance(self.screen, ActivityScreen):
            return
        self.press_screen_runs()
        self.push_screen(ActivityScreen(self.session))

    def press_palette(self) -> None:
        """Find a screen, an action or a run by name."""
        self.action_command_palette()

    def press_look_now(self) -> None:
        """Look for changes in the folder now."""
        self.watch_again()
        tell(self, "Looking for changes.")

    def watch_again(self) -> None:
        """Look at the folder at once: this program has written to it."""
        if self._watch is not None:
            self._watch.look_now()

    def press_theme(self) -> None:
        """Choose the colours."""
        self.action_change_theme()

    def press_back(self) -> None:
        """Go back one screen; the first screen stays."""
        if self.screen is not self._runs:
            self.pop_screen()

    def press_undo(self) -> None:
        """Take back the last edit."""
        self._runs.undo()

    def press_quit(self) -> None:
        """Leave; ask if a job runs."""
        running = [line.title for line in self.session.jobs.lines() if line.state == "running"]
        if not running:
            self.exit()
            return
        question = Question("Quit?", "running", "cancelled", "Quit", notes=tuple(running))
        self.push_screen(ConfirmScreen(question), self._quit_if)

    def _quit_if(self, consent: Consent | None) -> None:
        if consent is not None:
            self.exit()


def run_app(session: Session, view: "View | None" = None) -> None:
    """Show the workbench, as a saved view says, until somebody leaves it."""
    try:
        with kept_off(session.cache):
            WorkbenchApp(session, view).run()
    finally:
        session.close()
