"""What else can be said about a model: freeze, approve, tick, describe, retire, withdraw."""

from collections.abc import Callable
from functools import partial

from workbench.errors import UnknownOutcomeError, UsageError
from workbench.registry.state import Request, Version
from workbench.runs.edits import TAG
from workbench.tui.registry import choices
from workbench.tui.registry.acting import Acting, Target
from workbench.tui.registry.deeds import (
    Deed,
    freezing,
    reinstating,
    retiring,
    signing,
    thawing,
    withdrawing,
)
from workbench.tui.registry.loader import ModelPage, load_model
from workbench.tui.registry.offers import offer_about, offer_words, offers
from workbench.tui.tagging import read_tags
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.confirm import ConfirmScreen, Consent
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen


class Changing(Acting):
    """The part of a screen of models that changes anything but what holds a stage."""

    def decide(self, page: ModelPage, deed: Deed, reason: str = "", news: str = "") -> None:
        """Ask, and record what was confirmed; whoever is refused is asked again, reason and all."""
        question = deed.question(page)

        def take(consent: Consent | None) -> None:
            if consent is not None:
                work = partial(deed.carry_out, page, consent.reason)
                again = partial(self._decide_again, page, deed, consent.reason)
                self.write(work, deed.said, question.do, again)

        self.app.push_screen(ConfirmScreen(question, reason=reason, news=news), take)

    def _decide_again(
        self, page: ModelPage, deed: Deed, reason: str, error: Exception, news: str
    ) -> None:
        """Ask again as things are now; as they were where nobody can tell what became of it."""
        session, model = self.session, page.state.model

        def show(now: ModelPage) -> None:
            self.decide(now, deed, reason, news)

        if isinstance(error, UnknownOutcomeError):
            show(page)
        else:
            self.look_anew(
                partial(load_model, session, model), show, lambda _error: show(page), news
            )

    def write(
        self,
        work: Callable[[], object],
        said: str,
        doing: str,
        again: Callable[[Exception, str], None],
    ) -> None:
        """Record something and say so; refused, ask ``again`` with the error and its words."""
        self.record(work, lambda _done: self.done(said), doing, again)

    # ------------------------------------------------------------ freezing

    def press_freeze(self) -> None:
        """Freeze the stage under the cursor, or thaw it."""
        self.with_page(self._choose_frozen)

    def _choose_frozen(self, page: ModelPage, target: Target) -> None:
        if target.stage:
            self._freeze_or_thaw(page, target.stage)
            return
        offered = choices.stage_choices(page)
        title = f"Freeze or thaw which stage of {page.state.model}?"
        self.choose(title, offered, partial(self._freeze_or_thaw, page))

    def _freeze_or_thaw(self, page: ModelPage, stage: str) -> None:
        freeze = page.state.stage(stage).freeze
        if freeze is not None and freeze.holds(page.now):
            self.decide(page, thawing(self.session, page, stage))
            return
        now = self.session.clock.now()
        self.app.push_screen(
            PromptScreen(
                f"Freeze {stage} of {page.state.model} until when?",
                hint="a day (2027-01-31), a length of time (7d), or nothing: until thawed",
                check=partial(_wrong_end, now),
            ),
            lambda text: self._freeze(page, stage, text) if text is not None else None,
        )

    def _freeze(self, page: ModelPage, stage: str, text: str) -> None:
        until = _end_of(text, self.session.clock.now())
        self.decide(page, freezing(self.session, page, stage, until))

    # ------------------------------------------------------------ approving and ticking

    def press_approve(self) -> None:
        """Approve a promotion, or tick an item of its checklist."""
        self.with_page(self.offer_signing)

    def offer_signing(self, page: ModelPage, target: Target) -> None:
        """Let a person choose what to sign of what the cursor is on."""
        offered = offers(page, target.version, target.stage)
        named = {str(place): offer for place, offer in enumerate(offered)}
        self.choose(
            f"Approve or tick, for {page.state.model}",
            [Choice(id_, offer_words(offer), offer_about(offer)) for id_, offer in named.items()],
            lambda id_: self.decide(page, signing(self.session, page, named[id_])),
            none="Nobody asks for a promotion, and no check waits for a word of anybody.",
        )

    # ------------------------------------------------------------ describing, retiring, withdrawing

    def press_describe(self) -> None:
        """Change the description or the tags of the version under the cursor."""
        self.with_page(partial(self._with_version, self._describe))

    def _with_version(
        self, then: Callable[[ModelPage, Version], None], page: ModelPage, target: Target
    ) -> None:
        version = page.state.versions.get(target.version or 0)
        if version is None:
            tell(self.app, "There is no version under the cursor.")
        else:
            then(page, version)

    def _describe(self, page: ModelPage, version: Version) -> None:
        name = f"{page.state.model}@{version.number}"

        def take(id_: str | None) -> None:
            if id_ == "description":
                self._ask_description(name, version, version.description)
            elif id_ == "tags":
                self._ask_tags(name, version)

        offered = (Choice("description", "Description", "text"), Choice("tags", "Tags", "a=b"))
        self.app.push_screen(ChooseScreen(f"Change what of {name}?", offered), take)

    def _ask_description(self, name: str, version: Version, text: str, news: str = "") -> None:
        self.app.push_screen(
            NoteScreen(f"Description of {name}", text, news=news),
            partial(self._keep_description, name, version),
        )

    def _keep_description(self, name: str, version: Version, text: str | None) -> None:
        from workbench.operations.registry.describing import describe  # noqa: PLC0415

        session, event = self.session, version.event
        if text is not None and text != version.description:
            self.write(
                lambda: describe(session, event.model, version.number, description=text),
                f"Described {name}.", "Describe",
                lambda _error, news: self._ask_description(name, version, text, news),
            )  # fmt: skip

    def _ask_tags(self, name: str, version: Version, text: str = "", news: str = "") -> None:
        self.app.push_screen(
            PromptScreen(
                f"Tags of {name}", text, hint="team=risk sets one, -old takes one away",
                check=_wrong_tags, news=news,
            ),
            partial(self._keep_tags, name, version),
        )  # fmt: skip

    def _keep_tags(self, name: str, version: Version, text: str | None) -> None:
        from workbench.operations.registry.describing import describe  # noqa: PLC0415

        wanted = read_tags(text or "")
        if text is None or isinstance(wanted, str) or not wanted:
            return
        session, event = self.session, version.event
        changes = {name.removeprefix(TAG): value for name, value in wanted.items()}
        self.write(
            lambda: describe(session, event.model, version.number, tags=changes),
            f"Tagged {name}.", "Tag",
            lambda _error, news: self._ask_tags(name, version, text, news),
        )  # fmt: skip

    def press_retire(self) -> None:
        """Retire the version under the cursor, or bring it back."""
        self.with_page(partial(self._with_version, self._retire))

    def _retire(self, page: ModelPage, version: Version) -> None:
        make = reinstating if version.retired is not None else retiring
        self.decide(page, make(self.session, page, version.number))

    def withdraw(self, page: ModelPage, request: Request) -> None:
        """Take a request back: only who asked can."""
        self.decide(page, withdrawing(self.session, page, request))


def _wrong_end(now: float, text: str) -> str | None:
    try:
        _end_of(text, now)
    except UsageError as error:
        return str(error)
    return None


def _end_of(text: str, now: float) -> float | None:
    from workbench.operations.moments import moment_until  # noqa: PLC0415 - when asked for

    return moment_until(text, now) if text.strip() else None


def _wrong_tags(text: str) -> str | None:
    found = read_tags(text)
    return found if isinstance(found, str) else None
