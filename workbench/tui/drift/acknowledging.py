"""Saying that an alert was seen: the same question wherever an alert is under the cursor."""

from functools import partial
from typing import TYPE_CHECKING

from workbench.tui.asking import AskingScreen
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question
from workbench.words import moment

if TYPE_CHECKING:
    from workbench.operations.drift.alerts import Alert


def ask_note(screen: AskingScreen, alert: "Alert", note: str = "", news: str = "") -> None:
    """Ask what came of looking at an alert, and keep it.

    Args:
        screen: Where the question is asked.
        alert: Which one.
        note: What was typed before.
        news: Why it is asked again.
    """
    question = Question(
        f"Acknowledge {alert.monitor} {alert.label}?", "alert", "acknowledged", "Acknowledge",
        notes=(alert.words, f"columns: {', '.join(alert.columns)}", moment(alert.time)),
        reason=True, asked="note", undoable=True,
    )  # fmt: skip
    dialog = ConfirmScreen(question, reason=note, news=news)
    screen.app.push_screen(dialog, partial(_acknowledge, screen, alert))


def _acknowledge(screen: AskingScreen, alert: "Alert", consent: Consent | None) -> None:
    from workbench.operations.drift import alerts  # noqa: PLC0415 - when asked for

    if consent is None:
        return
    session, note = screen.session, consent.reason
    screen.record(
        partial(alerts.acknowledge, session, alert.id, note),
        lambda _: screen.done(f"Acknowledged {alert.monitor} {alert.label}."),
        "Acknowledge",
        lambda _, said: ask_note(screen, alert, note, said),
    )
