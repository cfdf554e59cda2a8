"""What is noted of a run between two looks at its log: everything but its points."""

from typing import Any

import msgspec
from msgspec import Struct, field

from workbench.formats.notes import noted
from workbench.formats.wandb.log import START, Damage, Place

MOST_NAMES = 10_000
"""Metrics, params or values of the summary kept of one run."""
MOST_FAULTS = 20
LONGEST_TEXT = 2_000
TYPE = "_type"
"""The name wandb puts in what is an image, a table, a histogram."""


class Story(Struct):
    """Everything noted of a run."""

    version: int = 1
    place: Place = START
    run: dict[str, Any] = field(default_factory=dict)
    """What the newest record of the run itself says."""
    facts: dict[str, Any] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    """How many records there were of each kind."""
    config: dict[str, str] = field(default_factory=dict)
    """Values as JSON, by name."""
    config_size: int = 0
    """About their bytes."""
    summary: dict[str, str] = field(default_factory=dict)
    """The newest value of each name, as JSON."""
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    """Artifacts the run took in: name to type."""
    made: dict[str, str] = field(default_factory=dict)
    """Artifacts the run made: name to type."""
    exit: int | None = None
    last_time: float | None = None
    """The newest time in any record, in seconds since 1970."""
    metrics: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """Summaries as `points.closed` gives them; only cards keep them."""
    logged: dict[str, None] = field(default_factory=dict)
    """Names of metrics with curves."""
    single: dict[str, None] = field(default_factory=dict)
    """Names of metrics that were in nothing but the summary."""
    others: dict[str, str] = field(default_factory=dict)
    """What was logged and is no number: name to what it is."""
    left_out: bool = False
    """There were more metrics than there is room for."""
    wrong: list[Damage] = field(default_factory=list)
    wrong_count: int = 0


_STORY = msgspec.json.Decoder(Story)


def opened(notes: bytes) -> Story:
    """Return the story that `closed` put away; a new one if it cannot be understood."""
    return noted(notes, _STORY)


def closed(story: Story) -> bytes:
    """Return a story as notes."""
    return msgspec.json.encode(story)


def values_of(story: Story) -> dict[str, str]:
    """Return the summary without what is of images, tables and histograms."""
    media = tuple(name[: -len(TYPE)] for name in story.summary if name.endswith(f".{TYPE}"))
    return {name: value for name, value in story.summary.items() if not name.startswith(media)}


def complain(story: Story, damage: Damage) -> None:
    """Note something that is wrong; of very much that is, the first few and how many."""
    story.wrong_count += 1
    if len(story.wrong) < MOST_FAULTS:
        story.wrong.append(damage)
