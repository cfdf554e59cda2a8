"""Going on from a model's page, and taking something along: a snippet, a file."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from workbench.tui.asking import AskingScreen
from workbench.tui.errand import carry_out
from workbench.tui.registry.acting import Acting
from workbench.tui.registry.choices import held_by
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from workbench.operations.session import Session
    from workbench.registry.state import Version
    from workbench.tui.registry.loader import ModelPage


class Taking(Acting):
    """The part of a model's page that leads to other pages."""

    if TYPE_CHECKING:
        model: str
        page: ModelPage | None
        marked: tuple[int, ...]

        @property
        def here(self) -> Version | None:
            """Return the version under the cursor."""

        @property
        def champion(self) -> int | None:
            """Return the version that deltas are against."""

    # ------------------------------------------------------------ to other pages

    def press_open_source_run(self) -> None:
        """Open the run the version came from."""
        if self.here is None:
            return
        run_id = source_run(self.here)
        if not run_id:
            tell(self.app, f"v{self.here.number} was registered from files, not from a run.")
            return
        open_run(self, run_id)

    def press_version_diff(self) -> None:
        """Compare the two marked versions, or the one under the cursor and the champion."""
        from workbench.tui.registry.diff_screen import DiffScreen  # noqa: PLC0415 - when asked for

        pair = self._pair()
        if isinstance(pair, str):
            tell(self.app, pair)
        else:
            self.app.push_screen(DiffScreen(self.session, self.model, *pair))

    def _pair(self) -> tuple[int, int] | str:
        """Return the version compared against and the other, or why there are not two."""
        here, two = self._version_here, self.marked
        if len(two) > 1:
            return two[0], two[1]
        if here is None:
            return "There is no version under the cursor."
        against = two[0] if two else self.champion
        if against is None:
            return "There is no champion yet: mark two versions with Space to compare them."
        if against == here:
            return f"v{here} is what is compared against: go to another version, or mark two."
        return against, here

    @property
    def _version_here(self) -> int | None:
        target = self.target()
        return target.version if target is not None else None

    def press_lineage(self) -> None:
        """Show what the version was made of, and where it went."""
        here = self._version_here
        if here is not None:
            self.app.push_screen(screen_of("lineage", self.session, self.model, here))

    # ------------------------------------------------------------ taking along

    def press_copy(self) -> None:
        """Copy how a program asks for what is under the cursor."""
        target, page = self.target(), self.page
        if target is None or page is None:
            return
        at = target.stage if target.version is None else _asked_by(target.version, page)
        if not at:
            return
        snippet = f"models:/{target.model}@{at}"
        self.app.copy_to_clipboard(snippet)
        tell(self.app, f"Copied {snippet}")

    def press_export(self) -> None:
        """Write the page of the version as text."""
        from workbench.operations.taking_along import write_page  # noqa: PLC0415

        here, session, model = self.here, self.session, self.model
        if here is None:
            return
        lines = self.query_one("#version-facts", Lines).text().splitlines()
        work = partial(write_page, session, f"{model}-v{here.number}", lines)
        carry_out(self, session, "Export", work, lambda path: tell(self.app, f"Wrote {path}"))


def _asked_by(version: int, page: "ModelPage") -> str:
    """Return the last stage a version holds, as what comes last counts; else its number."""
    held = held_by(version, page)
    return held[-1] if held else str(version)


def source_run(version: "Version") -> str:
    """Return the id of the run a version came from, empty for files."""
    run = version.event.details.get("run")
    return str(run.get("id") or "") if isinstance(run, Mapping) else ""


def open_run(screen: AskingScreen, run_id: str) -> None:
    """Open the page of a run by its id, if it is still in the workspace."""

    def show(number: int | None) -> None:
        if number is None:
            tell(screen.app, f"The run {run_id} is not in this workspace any more.")
        else:
            screen.app.push_screen(screen_of("run", screen.session, number))

    screen.ask(partial(_number_of, screen.session, run_id), show, "Open the run")


def _number_of(session: "Session", run_id: str) -> int | None:
    from workbench.catalogue.places import numbers  # noqa: PLC0415 - when asked for

    return numbers(session.catalogue, [run_id]).get(run_id)
