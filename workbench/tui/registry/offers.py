"""What somebody could sign on a model's page: approvals, and items of checklists."""

from typing import NamedTuple

from workbench.registry.checks import Check, StagePolicy
from workbench.registry.state import Request
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.versions import open_requests


class Offer(NamedTuple):
    """Something that somebody could sign: an approval, or an item of a checklist."""

    version: int
    stage: str
    check: Check | None
    """None for an approval."""
    asked: Request | None


def offers(page: ModelPage, version: int | None, stage: str = "") -> tuple[Offer, ...]:
    """Return what somebody could sign: what was asked for first, then what checks wait for.

    Args:
        page: Of the model.
        version: Of this one alone, whether it is asked for or not; None for all asked for.
        stage: For this stage alone; empty for all.
    """
    asked = {(each.version, each.stage): each for each in open_requests(page)}
    places = [place for place in asked if version is None or place[0] == version]
    if version is not None:
        places += [(version, each) for each in page.stages if (version, each) not in asked]
    found: list[Offer] = []
    for number, where in places:
        if stage in ("", where) and page.state.stage(where).holder != number:
            found += _of_stage(rules_of(page, where), number, where, asked.get((number, where)))
    return tuple(found)


def rules_of(page: ModelPage, stage: str) -> StagePolicy | None:
    """Return what a stage asks; None where the settings know no such stage, or cannot be read."""
    return page.policy.stages.get(stage) if page.policy is not None else None


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


def offer_about(offer: Offer) -> str:
    """Return what the item says, and who asks for the promotion and why."""
    asked = f"{offer.asked.event.actor} asks: {offer.asked.event.reason}" if offer.asked else ""
    item = str(offer.check.options.get("item", "")) if offer.check is not None else ""
    return "; ".join(part for part in (item, asked) if part)
