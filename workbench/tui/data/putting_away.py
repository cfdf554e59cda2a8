"""Putting a dataset away or bringing it back, and deleting one of its versions."""

from functools import partial
from typing import Final

from workbench.operations.datasets.names import Ref
from workbench.tui.data.desk import DataDesk, DataTarget
from workbench.tui.widgets.choose import Choice
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question

_ARCHIVE, _DELETE = "archive", "delete"
_KEPT: Final = (
    "The files themselves stay where they are; a copy in the workspace goes to the trash.",
    "The number stays taken. `workbench restore` brings the version back.",
)


def put_away(screen: DataDesk, target: DataTarget) -> None:
    """Let a person choose what goes; a list of datasets has nothing but whole ones."""
    offered = [
        Choice(_ARCHIVE, "Bring back" if target.archived else "Archive",
               "list it with the others again" if target.archived else "hide it; nothing is lost")
    ]  # fmt: skip
    if target.version is not None:
        named = f"Delete version {target.version}"
        offered.append(Choice(_DELETE, named, "to the trash, where it is until `workbench gc`"))
    act = {_ARCHIVE: partial(_archive, screen, target), _DELETE: partial(_delete, screen, target)}
    screen.choose(f"Put away what of {target.name}?", offered, lambda id_: act[id_]())


def _archive(screen: DataDesk, target: DataTarget) -> None:
    from workbench.operations.datasets.fields import archive  # noqa: PLC0415 - when asked for

    session, away = screen.session, not target.archived
    words = f"{'Archived' if away else 'Brought back'} {target.name}. u takes it back."
    screen.write(lambda: archive(session, target.name, archived=away), lambda _: words, "Archive")


def _delete(screen: DataDesk, target: DataTarget) -> None:
    """Ask, with what stands in the way; it is looked at again when it is done."""
    from workbench.operations.datasets.deleting import objections  # noqa: PLC0415 - when asked

    session, ref = screen.session, Ref(target.name, target.version)
    screen.ask(
        lambda: objections(session, ref), partial(_confirm, screen, ref), f"Read {target.name}"
    )


def _confirm(
    screen: DataDesk, ref: Ref, why_not: tuple[str, ...], reason: str = "", news: str = ""
) -> None:
    question = Question(
        f"Delete {ref}?", str(ref), "in the trash", "Delete", fails=why_not, notes=_KEPT,
        reason=True,
    )  # fmt: skip

    def take(consent: Consent | None) -> None:
        if consent is not None:
            _carry_out(screen, ref, consent.reason)

    screen.app.push_screen(ConfirmScreen(question, reason=reason, news=news), take)


def _carry_out(screen: DataDesk, ref: Ref, reason: str) -> None:
    from workbench.operations.datasets.deleting import delete  # noqa: PLC0415 - when asked for

    session = screen.session

    def again(_error: Exception, news: str) -> None:
        _confirm(screen, ref, (), reason, news)

    screen.record(
        lambda: delete(session, ref, reason),
        lambda _: screen.done(f"Deleted {ref}. `workbench restore` brings it back."),
        f"Delete {ref}", again,
    )  # fmt: skip
