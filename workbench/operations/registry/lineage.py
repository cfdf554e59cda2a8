"""Where a version comes from and where it went: dataset, run, version, stages; and back."""

from typing import NamedTuple

from workbench.catalogue.registered import VersionDataset
from workbench.operations.registry.names import Ref


class LineageRun(NamedTuple):
    """The run a version came from."""

    run_id: str
    name: str
    experiment: str
    path: str
    run: int | None
    """Its number in the catalogue; None when the run is not in the workspace any more."""


class LineageHolding(NamedTuple):
    """A stage the version held, or holds."""

    stage: str
    since: float
    """Seconds since 1970."""
    until: float | None
    """None while it lasts."""
    actor: str
    reason: str


class Lineage(NamedTuple):
    """A version with what it was made from and where it was put."""

    ref: Ref
    datasets: tuple[VersionDataset, ...]
    run: LineageRun | None
    holdings: tuple[LineageHolding, ...]
    """Oldest first."""
    pointers: tuple[str, ...]
    """Files that point consumers at it now, relative to the workspace."""
    siblings: tuple[Ref, ...]
    """Other versions from the same run, newest first."""
