"""What is asked about before it is recorded: in which words, and by which operation.

A deed is asked about with the page as it was read. Whoever is refused is asked again with a page
read anew, so a question is a function of the page and nothing else.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from workbench.operations.session import Session
from workbench.registry.state import Request
from workbench.tui.registry.card_lines import version_words
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.offers import Offer, offer_words, rules_of
from workbench.tui.widgets.confirm import Question
from workbench.words import moment

_SHORT = 12


class Deed(NamedTuple):
    """Something that is asked about and then recorded."""

    question: Callable[[ModelPage], Question]
    carry_out: Callable[[ModelPage, str], object]
    """Given the page the question was made of, and the reason."""
    said: str
    """Once it is recorded."""


# ------------------------------------------------------------ freezing


def freezing(session: Session, page: ModelPage, stage: str, until: float | None) -> Deed:
    """Return that a stage is frozen until a moment, in seconds since 1970, or until thawed."""
    from workbench.operations.registry.freezing import freeze  # noqa: PLC0415 - when asked for

    model = page.state.model
    becomes = f"frozen until {moment(until)}" if until is not None else "frozen until thawed"

    def question(now: ModelPage) -> Question:
        holder = version_words(now.state.stage(stage).holder)
        return Question(
            f"Freeze {stage} of {model}?", f"{stage} holds {holder}", becomes, "Freeze",
            holds=("Rolling back stays possible.",),
            notes=("Nobody can promote to it while it is frozen.",), reason=True,
        )  # fmt: skip

    return Deed(
        question,
        lambda _page, reason: freeze(session, model, stage, reason, until),
        f"{stage} of {model} is {becomes}.",
    )


def thawing(session: Session, page: ModelPage, stage: str) -> Deed:
    """Return that a frozen stage may change again."""
    from workbench.operations.registry.freezing import unfreeze  # noqa: PLC0415 - when asked

    model = page.state.model

    def question(now: ModelPage) -> Question:
        freeze = now.state.stage(stage).freeze
        who = f"Frozen by {freeze.event.actor}: {freeze.event.reason}" if freeze else ""
        return Question(
            f"Thaw {stage} of {model}?", "frozen", "may be promoted to", "Thaw",
            notes=(who,) * bool(who), reason=True,
        )  # fmt: skip

    return Deed(
        question,
        lambda _page, reason: unfreeze(session, model, stage, reason),
        f"{stage} of {model} may be promoted to again.",
    )


# ------------------------------------------------------------ approving and ticking


def signing(session: Session, page: ModelPage, offer: Offer) -> Deed:
    """Return that an approval is given or an item ticked, bound to what the page shows."""
    from workbench.operations.registry import requests  # noqa: PLC0415 - when asked for

    model, version, stage, check = page.state.model, offer.version, offer.stage, offer.check

    def carry_out(shown: ModelPage, reason: str) -> object:
        rules = rules_of(shown, stage)
        seen = requests.Seen(shown.state, rules) if rules is not None else None
        if check is None:
            return requests.approve(session, model, version, stage, reason, seen=seen)
        return requests.tick(session, model, version, stage, check.name, reason, seen=seen)

    question = partial(_tick_question if check is not None else _approval_question, offer)
    return Deed(question, carry_out, f"{offer_words(offer)}: recorded for {page.actor}.")


def _approval_question(offer: Offer, page: ModelPage) -> Question:
    from workbench.registry.objections import approving  # noqa: PLC0415 - when asked for

    state, stage, version = page.state, offer.stage, offer.version
    rules = rules_of(page, stage)
    bound = (
        f"Bound to the files {state.versions[version].manifest[:_SHORT]},",
        f"to {stage} holding {version_words(state.stage(stage).holder)},",
        f"and to the rules {rules.rules_hash[:_SHORT] if rules else 'of no settings'}.",
        "A change of any of these ends the approval.",
    )
    fails = approving(state, version, stage, rules, page.actor)
    return _signing_question(page, offer, "Approve", "approved by you", fails, bound)


def _tick_question(offer: Offer, page: ModelPage) -> Question:
    from workbench.registry.objections import ticking  # noqa: PLC0415 - when asked for

    rules, version = rules_of(page, offer.stage), offer.version
    name = offer.check.name if offer.check is not None else ""
    asked = (one for one in (rules.checks if rules else ()) if one.name == name)
    items = tuple(str(one.options.get("item", "")) for one in asked)
    bound = (*items, f"Bound to the files {page.state.versions[version].manifest[:_SHORT]}.")
    fails = ticking(page.state, version, rules, name, page.actor)
    return _signing_question(page, offer, "Tick", "ticked by you", fails, bound)


def _signing_question(
    page: ModelPage,
    offer: Offer,
    do: str,
    becomes: str,
    fails: tuple[str, ...],
    bound: tuple[str, ...],
) -> Question:
    """Return what is asked before something is signed: exactly what it is bound to."""
    version = offer.version
    return Question(
        f"{offer_words(offer)} of {page.state.model}?",
        f"v{version} by {page.state.versions[version].event.actor}", becomes, do, fails=fails,
        notes=(
            *(part for part in bound if part),
            f"You are {page.actor}: a setting or user@host,",
            "which is not authentication.",
        ),
        reason=True,
    )  # fmt: skip


# ------------------------------------------------------------ retiring, withdrawing


def retiring(session: Session, page: ModelPage, version: int) -> Deed:
    """Return that a version is retired."""
    from workbench.operations.registry.retiring import retire  # noqa: PLC0415 - when asked for
    from workbench.registry.objections import retiring as against  # noqa: PLC0415

    model = page.state.model

    def question(now: ModelPage) -> Question:
        return Question(
            f"Retire {model}@{version}?", "may be promoted", "retired", "Retire",
            fails=against(now.state, version),
            notes=("It stays readable, with its files; D brings it back.",), reason=True,
        )  # fmt: skip

    return Deed(
        question,
        lambda _page, reason: retire(session, model, version, reason),
        f"{model}@{version} is retired.",
    )


def reinstating(session: Session, page: ModelPage, version: int) -> Deed:
    """Return that a retired version is brought back."""
    from workbench.operations.registry.retiring import reinstate  # noqa: PLC0415 - when asked
    from workbench.registry.objections import reinstating as against  # noqa: PLC0415

    model = page.state.model

    def question(now: ModelPage) -> Question:
        return Question(
            f"Bring back {model}@{version}?", "retired", "may be promoted", "Bring back",
            fails=against(now.state, version), reason=True,
        )  # fmt: skip

    return Deed(
        question,
        lambda _page, reason: reinstate(session, model, version, reason),
        f"{model}@{version} may be promoted again.",
    )


def withdrawing(session: Session, page: ModelPage, request: Request) -> Deed:
    """Return that a request is taken back."""
    from workbench.operations.registry.requests import withdraw  # noqa: PLC0415 - when asked
    from workbench.registry.objections import withdrawing as against  # noqa: PLC0415

    model, version, stage = page.state.model, request.version, request.stage

    def question(now: ModelPage) -> Question:
        return Question(
            f"Withdraw the request for {model}@{version} in {stage}?", "asked for", "withdrawn",
            "Withdraw", fails=against(now.state, version, stage, now.actor), reason=True,
        )  # fmt: skip

    return Deed(
        question,
        lambda _page, reason: withdraw(session, model, version, stage, reason),
        f"Nobody is asked for {model}@{version} in {stage} any more.",
    )
