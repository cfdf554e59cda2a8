"""Models as other tools' registries hold them, for whoever takes them over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from workbench.formats.contract import Fault


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """One version of a registered model."""

    number: int
    run_id: str | None
    source: str
    """Where the files were when it was registered, as the tool wrote it."""
    files: Path | None
    """Where they are now; None if they are nowhere to be found."""
    stage: str = ""
    """The tool's own word, empty for none."""
    status: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    created: float | None = None
    """Seconds since 1970, as all times."""
    user: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A registered model with its versions and their aliases."""

    name: str
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    created: float | None = None
    versions: Sequence[RegisteredVersion] = ()
    """By number."""
    aliases: Mapping[str, int] = field(default_factory=dict)
    """The version's number by alias."""


@dataclass(frozen=True, slots=True)
class Registry:
    """All that a store's registry holds."""

    models: Sequence[RegisteredModel] = ()
    faults: Sequence[Fault] = ()


@runtime_checkable
class HoldsModels(Protocol):
    """A reader of stores that hold registered models beside runs."""

    def registry(self, root: Path) -> Registry:
        """Return the registered models of the store at ``root``."""
