"""Changing a stage from a screen: what is chosen first, the card, and what comes of it.

Every change goes one road: read what is so, choose what was left open, show the card, do it
away from the UI thread, and say what happened. Where the cursor stood when the key was pressed
is what counts: reading takes a while, and the cursor goes on. Whoever was refused sees the card
again, with the reason at its top and everything they had written still in it.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import UnknownOutcomeError
from workbench.operations.edits import actor
from workbench.operations.session import Session
from workbench.tui.asking import AskingScreen
from workbench.tui.registry import choices
from workbench.tui.registry.card_screen import CardScreen, Signed
from workbench.tui.registry.loader import ModelPage, load_model
from workbench.tui.routes import screen_of
from workbench.tui.toast import error_text, tell
from workbench.tui.widgets.choose import Choice, ChooseScreen

if TYPE_CHECKING:
    from workbench.operations.registry.card import Card, Done


class Target(NamedTuple):
    """What the cursor is on: a model, perhaps one of its versions, perhaps one of its stages.

    Both is a request: that this version may go to this stage.
    """

    model: str
    version: int | None = None
    stage: str = ""


class Acting(AskingScreen):
    """The part of a screen of models that changes stages."""

    def target(self) -> Target | None:
        """Return what the cursor is on; screens know."""
        return None

    # ------------------------------------------------------------ the one road

    def with_page(self, then: Callable[[ModelPage, Target], None]) -> None:
        """Read the model under the cursor; go on with it and what the cursor is on now."""
        target, session = self.target(), self.session
        if target is None:
            tell(self.app, "There is no model under the cursor.")
            return
        self.ask(
            lambda: load_model(session, target.model),
            lambda page: then(page, target),
            f"Read {target.model}",
        )

    def open_model(self, model: str) -> None:
        """Open the page of a model."""
        self.app.push_screen(screen_of("model", self.session, model))

    def press_history(self) -> None:
        """Show who did what: to the model under the cursor, to all where there is none."""
        target = self.target()
        self.app.push_screen(screen_of("history", self.session, target.model if target else ""))

    def press_register(self) -> None:
        """Register a version from a run or from files: of the model on the screen, or of any."""
        from workbench.tui.registry.registering import register_anything  # noqa: PLC0415

        target = self.target() if "model" in self.SCOPES else None
        register_anything(self, self.session, target.model if target else "")

    # ------------------------------------------------------------ promoting

    def press_promote(self) -> None:
        """Put a version in a stage."""
        self.with_page(partial(self._choose_version, self._promote))

    def press_gate(self) -> None:
        """Look which checks would hold, without promoting."""
        self.with_page(partial(self._choose_version, self._look))

    def _choose_version(
        self, then: Callable[[str, int, str], None], page: ModelPage, target: Target
    ) -> None:
        if page.settings_fault:
            said = f"{page.settings_fault} Until it is mended nothing is promoted."
            tell(self.app, said)
            return
        if target.version is not None:
            self._choose_stage(then, page, target.version, target.stage)
            return
        self.choose(
            f"Which version of {page.state.model}?",
            choices.version_choices(page),
            lambda id_: self._choose_stage(then, page, int(id_), target.stage),
            none="Every version is retired or deleted.",
        )

    def _choose_stage(
        self, then: Callable[[str, int, str], None], page: ModelPage, version: int, stage: str
    ) -> None:
        model = page.state.model
        if stage:
            then(model, version, stage)
            return
        self.choose(
            f"{model}@{version} to which stage?",
            choices.open_to(page, version),
            lambda id_: then(model, version, id_),
            none=f"{model}@{version} holds every stage.",
        )

    def _look(self, model: str, version: int, stage: str) -> None:
        session = self.session

        def show(card: "Card") -> None:
            now = session.clock.now()
            self.app.push_screen(CardScreen(card, now, actor(session), look_only=True))

        work = partial(_gate, session, model, version, stage)
        self.ask(work, show, f"Check {model}@{version}")

    def _promote(self, model: str, version: int, stage: str) -> None:
        work = partial(_gate, self.session, model, version, stage)
        self.ask(work, self._show_card, f"Check {model}@{version}")

    def _show_card(self, card: "Card", news: str = "", signed: Signed | None = None) -> None:
        session = self.session
        screen = CardScreen(card, session.clock.now(), actor(session), news=news, signed=signed)
        self.app.push_screen(screen, partial(self._take, card))

    def _take(self, card: "Card", signed: Signed | None) -> None:
        """Do what was decided on a card."""
        if signed is None:
            return
        if signed.other:
            self._choose_target(card, signed)
            return
        if signed.again:
            self._show_other(partial(_as_now, self.session, card), card, signed)
            return
        session = self.session
        again = partial(self._again, card, signed)
        if signed.ask:
            work = partial(_request, session, card, signed.reason)
            self.record(work, self.done, "Ask for a promotion", again)
        else:
            act = partial(_carry_out, session, card, signed)
            self.record(act, self._changed, _doing(card), again)

    def _again(self, card: "Card", signed: Signed, error: Exception, news: str) -> None:
        """Show a card again with what was written, as things are now.

        Where nobody can tell whether it was recorded it stays as it was: what is said again
        word for word is recorded once.
        """
        if isinstance(error, UnknownOutcomeError):
            self._show_card(card, news, signed)
        else:
            self._show_other(partial(_as_now, self.session, card), card, signed, news)

    def _show_other(
        self, work: "Callable[[], Card]", card: "Card", signed: Signed, news: str = ""
    ) -> None:
        """Show the card that comes of ``work`` with what was written; where none does, this one."""

        def show(found: "Card") -> None:
            self._show_card(found, news, signed)

        def stay(error: Exception) -> None:
            self._show_card(card, news or error_text(error), signed)

        self.look_anew(work, show, stay, news)

    def _changed(self, done: "Done") -> None:
        """Say what happened, and whether consumers see it yet."""
        words = done_words(done)
        if done.deployment.state == "pending":
            why = f"Recorded, not yet deployed: {done.deployment.reason}"
            self.app.notify(why, title=words, markup=False, severity="warning", timeout=10)
        else:
            tell(self.app, words)
        self.look_again()

    # ------------------------------------------------------------ rolling back

    def press_roll_back(self) -> None:
        """Give the stage under the cursor back to a version that held it before."""
        self.with_page(self._choose_held)

    def _choose_held(self, page: ModelPage, target: Target) -> None:
        model, stages = page.state.model, _stages_at(page, target)
        self.choose(
            f"Roll back which stage of {model}?",
            choices.held_choices(page, stages),
            lambda id_: self._roll_back(model, id_),
            none="This stage holds no version." if stages else "No stage holds a version.",
        )

    def _roll_back(self, model: str, stage: str) -> None:
        work = partial(_rollback_card, self.session, model, stage)
        self.ask(work, self._show_card, f"Look who held {stage}")

    def _choose_target(self, card: "Card", signed: Signed) -> None:
        """Let a person choose another version for a stage; who does not comes back to the card."""
        offered = [
            *(Choice(str(to), f"v{to}", now=to == card.version) for to in card.targets),
            Choice("", "Nothing", "empties the stage"),
        ]

        def take(id_: str | None) -> None:
            if id_ is None:
                self._show_card(card, "", signed)
                return
            to = int(id_) if id_ else None
            work = partial(
                _rollback_card, self.session, card.model, card.stage, to, empty=to is None
            )
            self._show_other(work, card, signed)

        title = f"Give {card.stage} back to which version?"
        self.app.push_screen(ChooseScreen(title, offered), take)


def _stages_at(page: ModelPage, target: Target) -> tuple[str, ...] | None:
    """Return the stage the cursor is on, or those the version there holds; None for all."""
    if target.stage:
        return (target.stage,)
    return choices.held_by(target.version, page) or None


def _gate(session: Session, model: str, version: int, stage: str) -> "Card":
    from workbench.operations.registry.gate import gate  # noqa: PLC0415 - when asked for

    return gate(session, model, version, stage)


def _rollback_card(
    session: Session, model: str, stage: str, to: int | None = None, *, empty: bool = False
) -> "Card":
    from workbench.operations.registry import rollback  # noqa: PLC0415 - when asked for

    return rollback.card(session, model, stage, to, empty=empty)


def _as_now(session: Session, card: "Card") -> "Card":
    if card.kind == "promote" and card.version is not None:
        return _gate(session, card.model, card.version, card.stage)
    empty = card.version is None
    return _rollback_card(session, card.model, card.stage, card.version, empty=empty)


def _request(session: Session, card: "Card", reason: str) -> str:
    from workbench.operations.registry.requests import request  # noqa: PLC0415 - when asked

    assert card.version is not None  # noqa: S101 - a promotion is of a version
    request(session, card.model, card.version, card.stage, reason)
    return f"Asked for {card.model}@{card.version} in {card.stage}."


def _doing(card: "Card") -> str:
    if card.kind == "promote":
        return f"Promote {card.model}@{card.version}"
    return f"Roll back {card.stage} of {card.model}"


def _carry_out(session: Session, card: "Card", signed: Signed) -> "Done":
    from workbench.operations.registry import promote, rollback  # noqa: PLC0415 - when asked for

    if card.kind == "promote":
        return promote.promote(session, card, signed.reason, signed.overrides)
    return rollback.roll_back(session, card, signed.reason)


def done_words(done: "Done") -> str:
    """Return what a stage holds now."""
    event = done.event
    again = " It had been recorded already." if done.repeated else ""
    if event.version is None:
        return f"{event.stage} of {event.model} is empty now.{again}"
    return f"{event.model}@{event.version} holds {event.stage}.{again}"
