"""What else can be said about a model: freeze, approve, tick, describe, retire, withdraw."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from workbench.errors import UsageError
from workbench.registry.checks import Check, StagePolicy
from workbench.registry.state import Request, Version
from workbench.runs.edits import TAG
from workbench.tui.registry import choices
from workbench.tui.registry.acting import Acting
from workbench.tui.registry.card_lines import version_words
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.versions import open_requests
from workbench.tui.tagging import read_tags
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.confirm import ConfirmScreen, Question
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen
from workbench.tui.widgets.toast import tell
from workbench.words import moment

_SHORT = 12


class Offer(NamedTuple):
    """Something that somebody could sign: an approval, or an item of a checklist."""

    version: int
    stage: str
    check: Check | None
    """None for an approval."""
    asked: Request | None


class Changing(Acting):
    """The part of a screen of models that changes anything but what holds a stage."""

    def confirm(self, question: Question, then: Callable[[str], None]) -> None:
        """Ask, and go on with the reason."""

        def take(consent: object) -> None:
            if consent is not None:
                then(str(getattr(consent, "reason", "")))

        self.app.push_screen(ConfirmScreen(question), take)

    def write(self, work: Callable[[], object], said: str, doing: str) -> None:
        """Record something and say so."""

        def recorded() -> str:
            work()
            return said

        self.ask(recorded, self.done, doing)

    # ------------------------------------------------------------ freezing

    def press_freeze(self) -> None:
        """Freeze the stage under the cursor, or thaw it."""
        self.with_page(self._choose_frozen)

    def _choose_frozen(self, page: ModelPage) -> None:
        target = self.target()
        if target is not None and target.stage:
            self._freeze_or_thaw(page, target.stage)
            return
        offered = choices.stage_choices(page)
        title = f"Freeze or thaw which stage of {page.state.model}?"
        self.choose(title, offered, partial(self._freeze_or_thaw, page))

    def _freeze_or_thaw(self, page: ModelPage, stage: str) -> None:
        freeze = page.state.stage(stage).freeze
        if freeze is not None and freeze.holds(page.now):
            self._thaw(page, stage)
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
        from workbench.operations.registry.freezing import freeze  # noqa: PLC0415 - when asked for

        session, model = self.session, page.state.model
        until = _end_of(text, session.clock.now())
        becomes = f"frozen until {moment(until)}" if until is not None else "frozen until thawed"
        question = Question(
            f"Freeze {stage} of {model}?", _held_words(page, stage), becomes, "Freeze",
            holds=("Rolling back stays possible.",),
            notes=("Nobody can promote to it while it is frozen.",), reason=True,
        )  # fmt: skip
        self.confirm(
            question,
            lambda reason: self.write(
                lambda: freeze(session, model, stage, reason, until),
                f"{stage} of {model} is {becomes}.", "Freeze",
            ),
        )  # fmt: skip

    def _thaw(self, page: ModelPage, stage: str) -> None:
        from workbench.operations.registry.freezing import unfreeze  # noqa: PLC0415 - when asked

        session, model = self.session, page.state.model
        freeze = page.state.stage(stage).freeze
        who = f"Frozen by {freeze.event.actor}: {freeze.event.reason}" if freeze else ""
        question = Question(
            f"Thaw {stage} of {model}?", "frozen", "may be promoted to", "Thaw",
            notes=(who,) * bool(who), reason=True,
        )  # fmt: skip
        self.confirm(
            question,
            lambda reason: self.write(
                lambda: unfreeze(session, model, stage, reason),
                f"{stage} of {model} may be promoted to again.", "Thaw",
            ),
        )  # fmt: skip

    # ------------------------------------------------------------ approving and ticking

    def press_approve(self) -> None:
        """Approve a promotion, or tick an item of its checklist."""
        self.with_page(self.offer_signing)

    def offer_signing(self, page: ModelPage) -> None:
        """Let a person choose what to sign."""
        target = self.target()
        offered = offers(page, target.version if target is not None else None)
        named = {str(place): offer for place, offer in enumerate(offered)}
        self.choose(
            f"Approve or tick, for {page.state.model}",
            [Choice(id_, offer_words(offer), _offer_about(offer)) for id_, offer in named.items()],
            lambda id_: self.sign(page, named[id_]),
            none="Nobody asks for a promotion, and no check waits for a word of anybody.",
        )

    def sign(self, page: ModelPage, offer: Offer) -> None:
        """Show what would be signed, and record it."""
        from workbench.operations.registry import requests  # noqa: PLC0415 - when asked for

        session, model = self.session, page.state.model
        question = signing_question(page, offer)
        version, stage, check = offer.version, offer.stage, offer.check

        def carry_out(reason: str) -> None:
            if check is None:
                act = partial(requests.approve, session, model, version, stage, reason)
            else:
                act = partial(requests.tick, session, model, version, stage, check.name, reason)
            self.write(act, f"{offer_words(offer)}: recorded for {page.actor}.", question.do)

        self.confirm(question, carry_out)

    # ------------------------------------------------------------ describing, retiring, withdrawing

    def press_describe(self) -> None:
        """Change the description or the tags of the version under the cursor."""
        self.with_page(lambda page: self._with_version(page, self._describe))

    def _with_version(self, page: ModelPage, then: Callable[[ModelPage, Version], None]) -> None:
        target = self.target()
        version = page.state.versions.get(target.version or 0) if target is not None else None
        if version is None:
            tell(self.app, "There is no version under the cursor.")
        else:
            then(page, version)

    def _describe(self, page: ModelPage, version: Version) -> None:
        name = f"{page.state.model}@{version.number}"

        def take(id_: str | None) -> None:
            if id_ == "description":
                self.app.push_screen(
                    NoteScreen(f"Description of {name}", version.description),
                    partial(self._keep_description, page, version),
                )
            elif id_ == "tags":
                self.app.push_screen(
                    PromptScreen(
                        f"Tags of {name}", hint="team=risk sets one, -old takes one away",
                        check=_wrong_tags,
                    ),
                    partial(self._keep_tags, page, version),
                )  # fmt: skip

        offered = (Choice("description", "Description", "text"), Choice("tags", "Tags", "a=b"))
        self.app.push_screen(ChooseScreen(f"Change what of {name}?", offered), take)

    def _keep_description(self, page: ModelPage, version: Version, text: str | None) -> None:
        from workbench.operations.registry.describing import describe  # noqa: PLC0415

        session, model, number = self.session, page.state.model, version.number
        if text is not None and text != version.description:
            self.write(
                lambda: describe(session, model, number, description=text),
                f"Described {model}@{number}.", "Describe",
            )  # fmt: skip

    def _keep_tags(self, page: ModelPage, version: Version, text: str | None) -> None:
        from workbench.operations.registry.describing import describe  # noqa: PLC0415

        if text is None:
            return
        session, model, number = self.session, page.state.model, version.number
        wanted = read_tags(text)
        if isinstance(wanted, str) or not wanted:
            return
        changes = {name.removeprefix(TAG): value for name, value in wanted.items()}
        self.write(
            lambda: describe(session, model, number, tags=changes),
            f"Tagged {model}@{number}.", "Tag",
        )  # fmt: skip

    def press_retire(self) -> None:
        """Retire the version under the cursor, or bring it back."""
        self.with_page(lambda page: self._with_version(page, self._retire))

    def _retire(self, page: ModelPage, version: Version) -> None:
        from workbench.operations.registry import retiring  # noqa: PLC0415 - when asked for
        from workbench.registry.objections import reinstating  # noqa: PLC0415
        from workbench.registry.objections import retiring as against  # noqa: PLC0415

        session, model, number = self.session, page.state.model, version.number
        back = version.retired is not None
        act = retiring.reinstate if back else retiring.retire
        question = Question(
            f"{'Bring back' if back else 'Retire'} {model}@{number}?",
            "retired" if back else "may be promoted",
            "may be promoted" if back else "retired",
            "Bring back" if back else "Retire",
            fails=(reinstating if back else against)(page.state, number),
            notes=() if back else ("It stays readable, with its files; D brings it back.",),
            reason=True,
        )
        said = f"{model}@{number} {'may be promoted again' if back else 'is retired'}."
        self.confirm(
            question,
            lambda reason: self.write(
                lambda: act(session, model, number, reason), said, question.do
            ),
        )

    def withdraw(self, page: ModelPage, request: Request) -> None:
        """Take a request back: only who asked can."""
        from workbench.operations.registry.requests import withdraw  # noqa: PLC0415 - when asked
        from workbench.registry.objections import withdrawing  # noqa: PLC0415

        session, model = self.session, page.state.model
        version, stage = request.version, request.stage
        question = Question(
            f"Withdraw the request for {model}@{version} in {stage}?", "asked for", "withdrawn",
            "Withdraw", fails=withdrawing(page.state, version, stage, page.actor), reason=True,
        )  # fmt: skip
        self.confirm(
            question,
            lambda reason: self.write(
                lambda: withdraw(session, model, version, stage, reason),
                f"Nobody is asked for {model}@{version} in {stage} any more.", "Withdraw",
            ),
        )  # fmt: skip


# ------------------------------------------------------------ what can be signed


def offers(page: ModelPage, version: int | None) -> tuple[Offer, ...]:
    """Return what somebody could sign: what was asked for first, then what checks wait for."""
    asked = {(each.version, each.stage): each for each in open_requests(page)}
    places = [place for place in asked if version is None or place[0] == version]
    if version is not None:
        places += [(version, stage) for stage in page.stages if (version, stage) not in asked]
    found: list[Offer] = []
    for number, stage in places:
        policy = page.policy.stages.get(stage) if page.policy is not None else None
        request = asked.get((number, stage))
        if page.state.stage(stage).holder == number:
            continue
        found += _of_stage(policy, number, stage, request)
    return tuple(found)


def _of_stage(
    policy: StagePolicy | None, version: int, stage: str, request: Request | None
) -> list[Offer]:
    checks = policy.checks if policy is not None else ()
    wants_approval = any(check.kind == "approval" for check in checks)
    found = [Offer(version, stage, None, request)] if request or wants_approval else []
    return found + [
        Offer(version, stage, check, request) for check in checks if check.kind == "manual"
    ]


def offer_words(offer: Offer) -> str:
    """Return what would be signed."""
    what = f"v{offer.version} for {offer.stage}"
    return f"Approve {what}" if offer.check is None else f"Tick {offer.check.name}: {what}"


def _offer_about(offer: Offer) -> str:
    asked = f"{offer.asked.event.actor} asks: {offer.asked.event.reason}" if offer.asked else ""
    item = str(offer.check.options.get("item", "")) if offer.check is not None else ""
    return "; ".join(part for part in (item, asked) if part)


def signing_question(page: ModelPage, offer: Offer) -> Question:
    """Return what is asked before something is signed: exactly what it is bound to."""
    from workbench.registry.objections import approving, ticking  # noqa: PLC0415 - when asked for

    state, stage, version = page.state, offer.stage, offer.version
    policy = page.policy.stages.get(stage) if page.policy is not None else None
    there = state.versions[version]
    if offer.check is None:
        fails = approving(state, version, stage, policy, page.actor)
        holder = version_words(state.stage(stage).holder)
        bound: tuple[str, ...] = (
            f"Bound to the files {there.manifest[:_SHORT]}, to {stage} holding {holder},",
            f"and to the rules {policy.rules_hash[:_SHORT] if policy else 'of no settings'}.",
            "A change of any of these ends the approval.",
        )
    else:
        fails = ticking(state, version, policy, offer.check.name, page.actor)
        item = str(offer.check.options.get("item", ""))
        bound = (item, f"Bound to the files {there.manifest[:_SHORT]}.")
    return Question(
        f"{offer_words(offer)} of {state.model}?",
        f"v{version} by {there.event.actor}",
        "approved by you" if offer.check is None else "ticked by you",
        "Approve" if offer.check is None else "Tick",
        fails=fails,
        notes=(
            *(part for part in bound if part),
            f"You are {page.actor}: a setting or user@host,",
            "which is not authentication.",
        ),
        reason=True,
    )


def _held_words(page: ModelPage, stage: str) -> str:
    return f"{stage} holds {version_words(page.state.stage(stage).holder)}"


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
