"""Models and their versions as rows: what lists and pages of the registry show."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class FreezeLine(NamedTuple):
    """Who froze a stage, until when and why."""

    actor: str
    reason: str
    since: float
    """Seconds since 1970."""
    until: float | None
    """None until somebody thaws it."""


class StageLine(NamedTuple):
    """A stage of a model, as it is."""

    stage: str
    version: int | None
    """None while it is empty."""
    since: float
    """Seconds since 1970."""
    actor: str
    """Who put the version there."""
    reason: str
    frozen: FreezeLine | None
    """None where the stage may change."""


class RequestLine(NamedTuple):
    """Somebody asks for a promotion, and it has not happened yet."""

    model: str
    version: int
    stage: str
    actor: str
    reason: str
    time: float
    """Seconds since 1970."""
    needs: tuple[str, ...]
    """What is still missing, one phrase each: ``1 more approval``, ``tick: model card``."""
    event_id: str


class ModelLine(NamedTuple):
    """A registered model."""

    name: str
    versions: int
    """Registered and not deleted."""
    latest: int
    """The newest version's number; 0 without any."""
    registered: float
    """When that one was registered, in seconds since 1970; 0 without any."""
    stages: tuple[StageLine, ...]
    """Those something ever happened to, in the order of ``workbench.toml``, others by name."""
    requests: int
    """How many are open."""
    description: str
    """Of the newest version that has one."""
    unreadable: str
    """Path and reason of the first event that does not fit; empty when all do."""
    champion: int | None
    """The version in the last of the stages that has one; None without any."""
    metrics: Mapping[str, float]
    """Last values of the champion, of the newest version where there is none."""
    goals: Mapping[str, str]
    """``min`` or ``max`` for the metrics that have a direction."""
    changed: float
    """Effective time of the newest event, in seconds since 1970."""


class VersionDataset(NamedTuple):
    """A dataset a version was made from."""

    name: str
    hash: str
    role: str
    path: str
    rows: int | None


class VersionLine(NamedTuple):
    """A version of a model."""

    number: int
    stages: tuple[str, ...]
    """Those it holds now."""
    registered: float
    """Effective time, in seconds since 1970."""
    author: str
    rung: str
    """Of the ladder: ``data``, ``data with extra types``, ``code``, ``unknown``."""
    format: str
    types: tuple[str, ...]
    """Extra types in its files."""
    run_id: str
    """Empty where it came from no run."""
    run_name: str
    metrics: Mapping[str, float]
    """Last values."""
    goals: Mapping[str, str]
    size: int
    """Bytes of all files."""
    files: int
    retired: str
    """Who retired it and why; empty when nobody did."""
    deleted: str
    """Who deleted it and why; empty when nobody did."""
    description: str
    tags: Mapping[str, str]
    manifest: str
    """Hash of MANIFEST.json, in hexadecimal."""
    datasets: tuple[VersionDataset, ...]
    params: Mapping[str, Any]
    signature_hash: str
