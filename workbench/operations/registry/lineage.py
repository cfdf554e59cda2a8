"""Where a version comes from and where it went: dataset, run, version, stages; and back."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.catalogue import descent, drift_lines
from workbench.catalogue.drift_lines import ReportLine
from workbench.catalogue.registered import VersionDataset
from workbench.errors import NotFoundError
from workbench.operations.registry.listing import versions
from workbench.operations.registry.names import Ref
from workbench.operations.session import Session


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
    drift: tuple[ReportLine, ...] = ()
    """Checks of drift that were about it, newest first."""


def lineage(session: Session, model: str, version: int) -> Lineage:
    """Return what a version was made from and where it was put.

    Raises:
        NotFoundError: There is no such version.
    """
    there = next((one for one in versions(session, model) if one.number == version), None)
    if there is None:
        raise NotFoundError(
            f"There is no {model}@{version}.",
            hint=f"See what there is with: workbench models {model}",
        )
    ref = Ref(model, version)
    found = descent.origin(session.catalogue, model, version)
    return Lineage(
        ref,
        there.datasets,
        LineageRun(*found) if found else None,
        tuple(LineageHolding(*one) for one in descent.holdings(session.catalogue, model, version)),
        tuple(f"deploy/{stage}/{model}.json" for stage in there.stages),
        tuple(one for one in versions_of_run(session, found.run_id) if one != ref) if found else (),
        drift_lines.reports(session.catalogue, model=model, version=version),
    )


def versions_of_run(session: Session, run_id: str) -> tuple[Ref, ...]:
    """Return the versions that came from a run, newest first."""
    return tuple(Ref(one.model, one.version) for one in descent.of_run(session.catalogue, run_id))


def versions_of_dataset(session: Session, name: str, digest: str = "") -> tuple[Ref, ...]:
    """Return the versions made from a dataset, newest first.

    Args:
        session: Where.
        name: Of the dataset.
        digest: Hash of its content; empty for any.
    """
    found = descent.of_dataset(session.catalogue, name, digest)
    return tuple(Ref(one.model, one.version) for one in found)


def protected(session: Session) -> Mapping[str, str]:
    """Return the runs that cannot be put in the trash: id to why.

    They are those whose version holds a stage.
    """
    return {
        run_id: f"it made {_said(names)}"
        for run_id, names in descent.held_runs(session.catalogue).items()
    }


def protected_datasets(session: Session) -> Mapping[tuple[str, str], str]:
    """Return the datasets that cannot be deleted: (name, hash) to why."""
    return {
        dataset: f"it was used for {_said(names)}"
        for dataset, names in descent.held_datasets(session.catalogue).items()
    }


def _said(names: tuple[str, ...]) -> str:
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}"
