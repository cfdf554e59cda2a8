"""Checks before a promotion, as values: what is asked, and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, get_args

CheckKind: TypeAlias = Literal[
    "rule", "format", "files-intact", "reproducible", "manual", "approval", "prediction"
]
CHECK_KINDS: Final[tuple[CheckKind, ...]] = get_args(CheckKind)
Outcome: TypeAlias = Literal["holds", "fails", "undecided", "not applicable"]
"""``undecided``: it could not be evaluated, and counts as not passed. ``not applicable``: it names
the champion and there is none yet; it blocks nothing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a stage, as `workbench.toml` says it."""

    name: str
    kind: CheckKind
    text: str
    """What is asked, as shown and stored: the rule, or the kind and its options in words."""
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    line: int = 0
    """In ``workbench.toml``, from 1; 0 if unknown."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a check."""

    check: Check
    outcome: Outcome
    observed: str = ""
    """What was found: ``0.912``, ``churn@2: 1 extra type``."""
    required: str = ""
    """What was asked of it: ``≥ 0.85``."""
    sentence: str = ""
    """Why it fails or cannot be decided, and what to do; empty where nothing is to be said."""

    @property
    def passed(self) -> bool:
        """Say whether it stands in nobody's way."""
        return self.outcome in ("holds", "not applicable")


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """What `workbench.toml` asks of whoever puts a version in a stage."""

    name: str
    after: str = ""
    """The version must hold this stage now or have held it before."""
    deploy_to: str = ""
    """A folder outside the workspace that gets a verified copy; as written."""
    signed: bool = False
    """Only approvals and ticks signed with a known SSH key count."""
    checks: tuple[Check, ...] = ()
    rules_hash: str = ""
    """SHA-256 of everything above, in hexadecimal: what an approval is bound to."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All stages, in the order of the file; ``staging`` and ``production`` without settings."""

    stages: Mapping[str, StagePolicy]
    settings_hash: str = ""
    """SHA-256 of workbench.toml, in hexadecimal; empty without one."""
