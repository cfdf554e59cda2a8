"""The states of what a monitor watches: versions of a dataset, a file as it is, new predictions.

Of a dataset every version that was never checked is a state, the oldest first, and the newest is
one always: another model may hold the stage by now, or the settings may ask otherwise. What was
found of older versions then stands as it was found.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets import declared
from workbench.datasets.drift.monitor import PREDICTIONS, Monitor
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import folder, locating
from workbench.errors import FormatError, NotAgreedError, NotFoundError, SettingsError, UsageError
from workbench.operations.datasets import names as datasets
from workbench.operations.datasets.agreed import permit_of
from workbench.operations.drift.done import Done
from workbench.operations.drift.planning import Asked, Plan, planned
from workbench.operations.drift.predicted import predicted
from workbench.operations.drift.references import Held, held
from workbench.operations.drift.sources import Progress, Require, roots_of, version_source
from workbench.operations.session import Session
from workbench.words import visible

_AGREE: Final = "If workbench.toml names it rightly, register it: workbench datasets add NAME PATH"


class State(NamedTuple):
    """The data at a moment."""

    name: str
    newest: bool
    """Nothing came after it."""
    plan: Callable[[], Plan]
    """Settles how it is checked; raises what stands in the way."""


class _Place(NamedTuple):
    """Where a monitor's paths are, and how they are read."""

    session: Session
    monitor: Monitor
    of: Held | None
    require: Require
    base: Callable[[str], Path]
    on_progress: Progress
    stopped: Callable[[], bool]


def states(
    session: Session,
    monitor: Monitor,
    done: Done,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
    *,
    rest_s: float = 0.0,
) -> Iterator[State]:
    """Yield the states of a monitor's data that are to be checked, unless their key is known.

    Raises:
        NotFoundError: What it watches is not there, or no version holds the stage.
        UsageError: It cannot be watched so.
    """
    of = held(session, monitor.model) if monitor.model else None
    place = _Place(
        session, monitor, of, require_of(session, monitor), base_of(session), on_progress, stopped
    )
    if monitor.data == PREDICTIONS and of is not None:
        plans = predicted(
            session, asked_of(monitor, PREDICTIONS), of, done, rest_s=rest_s, require=place.require,
            base=place.base, on_progress=on_progress, stopped=stopped,
        )  # fmt: skip
        yield from (State(one.name, one.newest, one.plan) for one in plans)
        return
    manifests = _versions(session, monitor.data)
    if manifests is None:
        yield State(monitor.data, newest=True, plan=partial(_file, place))
        return
    for manifest in manifests:
        newest = manifest is manifests[-1]
        if newest or not done.knows_version(manifest.dataset, manifest.version):
            name = f"{manifest.dataset}@{manifest.version}"
            yield State(name, newest, partial(_version, place, manifest))


def asked_of(monitor: Monitor, current: str) -> Asked:
    """Return what a monitor asks of current data."""
    return Asked(
        current,
        reference=monitor.reference,
        model=monitor.model,
        chunks=monitor.chunks,
        time=monitor.time,
        columns=monitor.columns,
        exclude=monitor.exclude,
        segments=monitor.segments,
        roles=monitor.roles,
        options=monitor.options,
        measures=monitor.measures,
        opinions=monitor.opinions,
        thresholds=monitor.thresholds,
    )


def _version(place: _Place, manifest: Manifest) -> Plan:
    source = version_source(place.session, manifest)
    return planned(
        place.session, asked_of(place.monitor, source.side.name), of=place.of, current=source,
        require=place.require, base=place.base, on_progress=place.on_progress,
        stopped=place.stopped,
    )  # fmt: skip


def _file(place: _Place) -> Plan:
    return planned(
        place.session, asked_of(place.monitor, place.monitor.data), of=place.of,
        require=place.require,
        base=place.base, on_progress=place.on_progress, stopped=place.stopped,
    )  # fmt: skip


# -- what is meant -----------------------------------------------------------------------


def _versions(session: Session, data: str) -> list[Manifest] | None:
    """Return the versions of the dataset that is meant, oldest first; None where it is a path.

    Raises:
        NotFoundError: It is neither.
    """
    ref = dataset_meant(session, data)
    if ref is None:
        return None
    if ref.version is not None:
        return [_resolved(session, ref)]
    found = []
    for number in folder.standing(session.root, ref.name):
        try:
            found.append(folder.read_manifest(session.root, ref.name, number))
        except (NotFoundError, FormatError):
            continue  # one version that cannot be read is a fault; it hides no other
    return [one for one in found if not one.unread or one is found[-1]]


def dataset_meant(session: Session, data: str) -> datasets.Ref | None:
    """Return the dataset that is watched, there already or still to come; None for a path.

    Raises:
        NotFoundError: It is neither.
    """
    if not datasets.is_ref(data):
        return None
    ref = datasets.parse(data)
    there = folder.names(session.root)
    if ref.version is not None or ref.name in there:
        return ref
    known = tuple(dict.fromkeys([*there, *_declared(session)]))
    if ref.name in known:  # its first version is still to come
        return ref
    _require_path(session, data, known)
    return None


def _resolved(session: Session, ref: datasets.Ref) -> Manifest:
    try:
        return datasets.resolve(session, ref)
    except FormatError as error:
        raise UsageError(f"{ref} cannot be read: {error.message}", hint=error.hint) from None


def _require_path(session: Session, data: str, known: tuple[str, ...]) -> None:
    if base_of(session)(data).exists():
        return
    near = get_close_matches(data, known, n=3)
    raise NotFoundError(
        f"There is neither a dataset nor a file {visible(data)[:200]}.",
        hint=f"Did you mean {' or '.join(near)}?" if near else "List them: workbench datasets",
    )


def _declared(session: Session) -> tuple[str, ...]:
    try:
        return tuple(declared.read(session.root).datasets)
    except SettingsError:
        return ()


def base_of(session: Session) -> Callable[[str], Path]:
    """Return what turns a text of the settings into a path."""

    def meant(text: str) -> Path:
        return locating.meant(text, session.root, roots_of(session))

    return meant


def require_of(session: Session, monitor: Monitor) -> Require:
    """Return what refuses files that the settings of others name outside the workspace.

    A report shows what is in a file to everybody who may look at the workspace: a stranger's line
    could name any file of whoever runs it.
    """
    permit = permit_of(session, monitor.name)

    def require(places: Sequence[str]) -> None:
        try:
            permit.require(places)
        except NotAgreedError as error:
            raise NotAgreedError(error.message, hint=_AGREE) from None

    return require
