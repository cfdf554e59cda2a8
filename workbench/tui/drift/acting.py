"""What can be done about what is watched, from the list and from a monitor's own screen.

Where the cursor stood when the key was pressed is what counts: reading takes a while, and the
cursor goes on.
"""

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.operations.drift.where import Rows, Spot, rows_behind, versions_behind
from workbench.tui.desk import Desk
from workbench.tui.drift.acknowledging import ask_note
from workbench.tui.drift.checking import Check, check_now
from workbench.tui.drift.mute_screen import MuteScreen, Muting
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question

if TYPE_CHECKING:
    from workbench.datasets.drift.monitor import Mute
    from workbench.operations.drift.alerts import Alert


class DriftTarget(NamedTuple):
    """What the cursor is on."""

    spot: Spot
    model: str = ""
    """The watched model; empty where only data are watched."""
    columns: tuple[str, ...] = ()
    """Those that would be muted: marked ones, the one under the cursor, or the worst."""
    alert: str = ""
    """Id of the alert of the chunk under the cursor."""


class DriftActing(Desk):
    """The part of a screen of drift that acts on what the cursor is on."""

    _check: Check | None = None
    """The check that was asked for here and goes on."""

    @abstractmethod
    def target(self) -> DriftTarget | None:
        """Return what the cursor is on."""

    def _here(self) -> DriftTarget | None:
        target = self.target()
        if target is None:
            tell(self.app, "There is no monitor under the cursor.")
        return target

    # ------------------------------------------------------------ checking

    def press_check_now(self) -> None:
        """Check what came since the last time."""
        target = self._here()
        if target is None:
            return
        if self._check is not None and not self._check.over:
            tell(self.app, "A check goes on; Esc stops it.")
            return
        self._check = check_now(self, target.spot.monitor, self.done)

    def stop_check(self) -> bool:
        """Stop the check that was asked for here; False where none goes on."""
        if self._check is None or self._check.over:
            return False
        self._check.stop()
        return True

    # ------------------------------------------------------------ going to what is behind it

    def press_drift_rows(self) -> None:
        """Show the rows behind it."""
        target, session = self._here(), self.session
        if target is not None:
            work = partial(rows_behind, session, target.spot)
            self.ask(work, self._show_rows, "Find the rows")

    def _show_rows(self, found: Rows) -> None:
        screen = screen_of("rows", self.session, found.source, filter=found.filter)
        self.app.push_screen(screen)
        if found.said:
            tell(self.app, found.said)

    def press_drift_diff(self) -> None:
        """Show what changed from the reference data to the current ones."""
        target, session = self._here(), self.session
        if target is not None:
            work = partial(versions_behind, session, target.spot)
            self.ask(work, self._show_diff, "Find the versions")

    def _show_diff(self, pair: tuple[str, str]) -> None:
        self.app.push_screen(screen_of("data diff", self.session, *pair))

    def press_drift_model(self) -> None:
        """Go to the model."""
        target = self._here()
        if target is not None and target.model:
            name = target.model.partition("@")[0]
            self.app.push_screen(screen_of("model", self.session, name))

    # ------------------------------------------------------------ alerts

    def press_acknowledge(self) -> None:
        """Say that an alert was seen: that of the chunk under the cursor, else one that is open."""
        from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

        target, session = self._here(), self.session
        if target is not None:
            work = partial(alerts.alerts, session, target.spot.monitor)
            self.ask(work, partial(self._choose_alert, target.alert), "Read the alerts")

    def _choose_alert(self, wanted: str, found: "Sequence[Alert]") -> None:
        waiting = [one for one in found if not one.acknowledged_by]
        here = [one for one in waiting if one.id == wanted]
        by_id = {one.id: one for one in waiting}
        choices = [
            Choice(one.id, f"{one.label} {one.segment}".strip(), one.words)
            for one in here or waiting
        ]
        self.choose(
            "Acknowledge which alert?", choices, lambda id_: ask_note(self, by_id[id_]),
            none="No alert of this monitor waits for anybody.",
        )  # fmt: skip

    def press_undo(self) -> None:
        """Take back what I said last of alerts or mutes."""
        from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

        session = self.session
        self.write(partial(alerts.take_back, session), lambda said: f"Took back: {said}", "Undo")

    # ------------------------------------------------------------ muting

    def press_mute_column(self) -> None:
        """Mute columns until a day, or let one that is muted alert again."""
        from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

        target, session = self._here(), self.session
        if target is not None:
            work = partial(alerts.mutes, session, target.spot.monitor)
            self.ask(work, partial(self._mute_or_not, target), "Read what is muted")

    def _mute_or_not(self, target: DriftTarget, mutes: "Sequence[Mute]") -> None:
        columns = target.columns
        muted = {one.column: one for one in mutes}
        if not columns:
            tell(self.app, "There is no column under the cursor.")
        elif len(columns) == 1 and columns[0] in muted:
            self._ask_unmute(target.spot.monitor, muted[columns[0]])
        elif target.spot.column or len(columns) == 1:
            self._ask_mute(target.spot.monitor, columns)
        else:
            choices = [Choice(one, one, _until(muted.get(one))) for one in columns]
            monitor = target.spot.monitor
            self.choose(
                f"Mute which column of {monitor}?", choices,
                lambda name: self._mute_or_not(
                    DriftTarget(Spot(monitor, column=name), columns=(name,)), mutes
                ),
            )  # fmt: skip

    def _ask_mute(
        self, monitor: str, columns: Sequence[str], before: Muting | None = None, news: str = ""
    ) -> None:
        until, reason = before if before is not None else ("30d", "")
        dialog = MuteScreen(
            f"Mute {', '.join(columns)} of {monitor}", self.session.clock.now,
            until=until, reason=reason, news=news,
        )  # fmt: skip
        self.app.push_screen(dialog, partial(self._mute, monitor, tuple(columns)))

    def _mute(self, monitor: str, columns: tuple[str, ...], muting: Muting | None) -> None:
        from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

        if muting is None:
            return
        session = self.session

        def work() -> None:
            for column in columns:
                alerts.mute(session, monitor, column, muting.until, muting.reason)

        self.record(
            work,
            lambda _: self.done(f"Muted {', '.join(columns)} until {muting.until}."),
            "Mute",
            lambda _, said: self._ask_mute(monitor, columns, muting, said),
        )

    def _ask_unmute(self, monitor: str, mute: "Mute") -> None:
        in_settings = not mute.id
        question = Question(
            f"Let {mute.column} of {monitor} alert again?", f"muted until {mute.until}",
            "alerts again", "Unmute",
            fails=("workbench.toml mutes it; take it out there.",) if in_settings else (),
            notes=(f"“{mute.reason}”", *([f"by {mute.actor}"] if mute.actor else [])),
        )  # fmt: skip
        dialog = ConfirmScreen(question)
        self.app.push_screen(dialog, partial(self._unmute, monitor, mute.column))

    def _unmute(self, monitor: str, column: str, consent: Consent | None) -> None:
        from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

        if consent is not None:
            session = self.session
            self.write(
                partial(alerts.unmute, session, monitor, column),
                lambda _: f"{column} alerts again.",
                "Unmute",
            )


def _until(mute: "Mute | None") -> str:
    return f"muted until {mute.until}" if mute is not None else ""
