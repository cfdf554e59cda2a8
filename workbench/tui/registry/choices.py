"""What a person may choose from before a card is made: versions, stages, champions."""

from collections.abc import Iterable

from workbench import words
from workbench.registry.state import State, Version
from workbench.tui.registry.loader import ModelPage
from workbench.tui.widgets.choose import Choice


def standing(state: State) -> tuple[Version, ...]:
    """Return the versions that are there, newest first."""
    found = (version for version in state.versions.values() if version.deleted is None)
    return tuple(sorted(found, key=lambda version: -version.number))


def held_by(version: int | None, page: ModelPage) -> tuple[str, ...]:
    """Return the stages a version holds, in the order of the settings; no version holds none."""
    if version is None:
        return ()
    return tuple(stage for stage in page.stages if page.state.stage(stage).holder == version)


def version_choices(page: ModelPage) -> tuple[Choice, ...]:
    """Return the versions that could be promoted, newest first."""
    return tuple(
        Choice(str(version.number), _named(version, page), _about(version, page))
        for version in standing(page.state)
        if version.retired is None
    )


def stage_choices(page: ModelPage) -> tuple[Choice, ...]:
    """Return all stages with what holds them."""
    return tuple(Choice(stage, stage, stage_words(page, stage)) for stage in page.stages)


def open_to(page: ModelPage, version: int) -> tuple[Choice, ...]:
    """Return the stages that a version does not hold, with what holds them."""
    return tuple(
        choice for choice in stage_choices(page) if page.state.stage(choice.id).holder != version
    )


def held_choices(page: ModelPage, stages: Iterable[str] | None = None) -> tuple[Choice, ...]:
    """Return the stages that hold a version."""
    wanted = page.stages if stages is None else tuple(stages)
    return tuple(
        Choice(stage, stage, stage_words(page, stage))
        for stage in wanted
        if page.state.stage(stage).holder is not None
    )


def stage_words(page: ModelPage, stage: str) -> str:
    """Return what holds a stage, since when, and what it asks for."""
    found = page.state.stage(stage)
    holding = found.holding
    held = "empty"
    if holding is not None and holding.version is not None:
        held = f"v{holding.version} for {words.age(page.now - holding.since)}"
    frozen = found.freeze is not None and found.freeze.holds(page.now)
    policy = page.policy.stages.get(stage) if page.policy is not None else None
    after = f"after {policy.after}" if policy is not None and policy.after else ""
    checks = words.plural(len(policy.checks), "check") if policy and policy.checks else ""
    return ", ".join(part for part in (held, after, checks, "frozen" * frozen) if part)


def champion_of(page: ModelPage, stage: str) -> int | None:
    """Return the version that others are compared to."""
    return page.state.stage(stage).holder if stage else None


def first_champion_stage(page: ModelPage) -> str:
    """Return the last stage that holds a version: what comes after all others counts."""
    held = held_choices(page)
    return held[-1].id if held else ""


def _named(version: Version, page: ModelPage) -> str:
    return f"v{version.number}  {', '.join(held_by(version.number, page))}".rstrip()


def _about(version: Version, page: ModelPage) -> str:
    return f"{words.age(page.now - version.event.effective)} old, {version.event.actor}"
