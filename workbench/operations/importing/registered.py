"""Registered models of other tools, registered here by the registry's own rules.

An event's time and author are of now, because now is when it was recorded here; when and by whom
the version was registered there stands in its origin. Numbers here start at 1 and have no gaps,
so a version may get another one. No stage is taken that somebody guards: checks are for people
to see passed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.client.checks import whole_text
from workbench.errors import FormatError, WorkbenchError
from workbench.formats.detect import reader_named
from workbench.formats.registered import HoldsModels, RegisteredModel, RegisteredVersion
from workbench.operations.importing import kept
from workbench.operations.importing.finding import Store, said, told
from workbench.operations.importing.origin import run_folders
from workbench.operations.importing.values import Failed, Stop, Tell
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.operations.registry.register import (
    About,
    check_name,
    near_name,
    place_of,
    record,
    versions_of,
)
from workbench.operations.registry.source import Source, of_run
from workbench.registry.checks import Policy
from workbench.registry.policy import read_policy
from workbench.registry.state import State, Version
from workbench.words import moment

if TYPE_CHECKING:
    from workbench.operations.session import Session

EXPORTED: Final = "workbench.manifest"
"""The tag by which a version that was exported to another tool is known again."""
_REASON: Final = "held this stage where it was imported from"


class TakenModel(NamedTuple):
    """A model of another registry and what became of it here."""

    name: str
    there: str
    """Its name at the source."""
    new: int
    """Versions that were registered now."""
    numbers: Mapping[int, int]
    """Numbers here by those at the source."""
    stages: Mapping[str, int]
    """Stages that were taken now, with the version here."""
    said: tuple[str, ...]
    """What is not as it was, and what is left to do, in sentences."""


class Place(NamedTuple):
    """Where models are registered, and what is known there."""

    session: "Session"
    policy: Policy
    runs: Mapping[tuple[Path, str], str]
    """Ids of copied runs by the source's root and the tool's own id."""
    folders: Mapping[str, Path]
    """Folders of the workspace's runs by id."""


@dataclass(slots=True)
class _Model:
    """A model while it is taken in."""

    name: str
    there: RegisteredModel
    root: Path
    title: str
    """The tool, for people."""
    new: int = 0
    numbers: dict[int, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def take_models(
    session: "Session",
    stores: Sequence[Store],
    runs: Mapping[tuple[Path, str], str],
    failed: list[Failed],
    tell: Tell,
    stop: Stop = lambda: False,
) -> Sequence[TakenModel]:
    """Register the versions of every model that the stores hold, each once.

    Raises:
        SettingsError: ``workbench.toml`` cannot be read.
        StoppedError: A person asked for the end.
    """
    holders = [one for one in stores if isinstance(one.reader, HoldsModels)]
    if not holders:
        return ()
    root = session.require_writable()
    place = Place(session, read_policy(root), runs, run_folders(root))
    taken: list[TakenModel] = []
    for store in holders:
        for number, model in enumerate(models := _models(store, failed)):
            tell(number, len(models), f"Registering {model.name}")
            taken.append(_take(place, store, model, failed, stop))
    return taken


def _models(store: Store, failed: list[Failed]) -> Sequence[RegisteredModel]:
    assert isinstance(store.reader, HoldsModels)  # noqa: S101 - chosen so
    try:
        found = store.reader.registry(store.root)
    except (FormatError, OSError) as problem:
        failed.append(Failed(str(store.root), f"its registry cannot be read: {said(problem)}"))
        return ()
    failed += [Failed(told(store.root, fault), fault.reason) for fault in found.faults]
    return found.models


def _take(
    place: Place, store: Store, there: RegisteredModel, failed: list[Failed], stop: Stop
) -> TakenModel:
    """Register the versions of a model in the order of their numbers."""
    name = _name(there.name)
    model = _Model(name, there, store.root, store.reader.title)
    if not there.versions:
        failed.append(
            Failed(f"the model {there.name}", "it has no versions, of which models are made here")
        )
    known = _known(place, model)
    for version in sorted(there.versions, key=lambda one: one.number):
        if stop():
            break
        number = known.get(version.number)
        if number is None:
            number = _registered(place, model, version, failed)
        if number is not None:
            model.numbers[version.number] = number
    _tell_names(model, known)
    for stage, wanted in _holders(model).items():
        _hold(place, model, stage, wanted, failed)
    return TakenModel(name, there.name, model.new, model.numbers, model.stages, tuple(model.said))


def _name(name: str) -> str:
    try:
        check_name(name)
    except WorkbenchError:
        return near_name(name)
    return name


def _known(place: Place, model: _Model) -> Mapping[int, int]:
    """Return the numbers here of versions that were imported before, or exported from here."""
    found: dict[int, int] = {}
    for number, version in versions_of(place.session.root, model.name).versions.items():
        origin = _origin_of(version)
        for there in model.there.versions:
            imported = origin is not None and _same(origin, model, there)
            if imported or _is_ours(version, there):
                found[there.number] = number
    return found


def _is_ours(version: Version, there: RegisteredVersion) -> bool:
    """Say whether a version there is what an export wrote of one here."""
    exported = there.number, there.tags.get(EXPORTED)
    return version.deleted is None and exported == (version.number, version.manifest)


def _origin_of(version: Version) -> Mapping[str, Any] | None:
    origin = version.event.details.get("origin")
    return origin if isinstance(origin, Mapping) else None


def _same(origin: Mapping[str, Any], model: _Model, there: RegisteredVersion) -> bool:
    """Say whether an origin is of this version, wherever its store lies by now."""
    named = origin.get("model"), origin.get("version"), origin.get("registered")
    return bool(origin.get("from")) and named == (model.there.name, there.number, there.created)


def _registered(
    place: Place, model: _Model, version: RegisteredVersion, failed: list[Failed]
) -> int | None:
    """Register a version; None and the reason where it cannot be."""
    what = f"{model.there.name} version {version.number}"
    if version.files is None:
        failed.append(Failed(what, f"its files are nowhere to be found: {version.source}"))
        return None
    try:
        done = record(
            place_of(place.session), model.name, version.files,
            _source(place, model, version), _about(model, version),
        )  # fmt: skip
    except (WorkbenchError, OSError) as problem:
        failed.append(Failed(what, said(problem)))
        return None
    model.new += done.new
    return done.version


def _source(place: Place, model: _Model, version: RegisteredVersion) -> Source:
    """Return what is known of the version's run, if it was copied or is here."""
    run_id = place.runs.get((model.root, version.run_id)) if version.run_id else None
    folder = place.folders.get(run_id) if run_id else None
    if folder is None:
        return Source()
    root = place.session.root
    key = folder.relative_to(root).as_posix()
    try:
        return of_run(reader_named("native"), root, key, key, place.session.clock.now())
    except WorkbenchError:
        return Source()


def _about(model: _Model, version: RegisteredVersion) -> About:
    tags = {name: text for name, text in version.tags.items() if name != EXPORTED}
    tags |= kept.tags_of(model.there, version)
    tags = {whole_text(name): whole_text(text) for name, text in tags.items()}
    return About(
        version.description,
        tags,
        origin={
            "from": model.title, "path": str(model.root), "model": model.there.name,
            "version": version.number, "registered": version.created, "by": version.user,
            "source": version.source, "run": version.run_id,
        },
        apart=True,
    )  # fmt: skip


def _tell_names(model: _Model, known: Mapping[int, int]) -> None:
    """Say what is called otherwise here, once: when it is registered."""
    new = {there: here for there, here in model.numbers.items() if there not in known}
    if new and not known and model.name != model.there.name:
        model.said.append(f"The model {model.there.name!r} is called {model.name!r} here.")
    moved = {there: here for there, here in new.items() if there != here}
    if moved:
        pairs = ", ".join(f"{there} is {here}" for there, here in moved.items())
        model.said.append(f"Versions of {model.name} have other numbers here: {pairs}.")


def _holders(model: _Model) -> Mapping[str, int]:
    """Return the version at the source by what may be a stage here: aliases before stages."""
    found: dict[str, int] = {}
    for version in sorted(model.there.versions, key=lambda one: one.number):
        if version.stage.lower() not in kept.NO_STAGE:
            found[version.stage.lower()] = version.number
    return {**found, **model.there.aliases}


def _hold(place: Place, model: _Model, stage: str, wanted: int, failed: list[Failed]) -> None:
    """Put a version in the stage it held there, if nobody guards that stage here."""
    number = model.numbers.get(wanted)
    rules = place.policy.stages.get(stage)
    if number is None or rules is None:
        return
    state = versions_of(place.session.root, model.name)
    todo = f"workbench promote {model.name}@{number} --stage {stage}"
    holder = state.stage(stage).holder
    if _held_before(state, stage, number):
        return
    if rules.checks or rules.after or rules.deploy_to or rules.signed:
        model.said.append(f"{model.name}@{number} was in {stage}, which has rules here: {todo}")
        return
    if holder is not None:
        model.said.append(f"{model.name}@{number} was in {stage}, which is held here: {todo}")
        return
    try:
        card = gate(place.session, model.name, number, stage)
        promote(place.session, card, f"{_REASON}: {model.title}{_when(model, wanted)}")
    except (WorkbenchError, OSError) as problem:
        failed.append(Failed(todo, said(problem)))
        return
    model.stages[stage] = number


def _held_before(state: State, stage: str, number: int) -> bool:
    """Say whether the version is or was in the stage here: an import does not put it back."""
    return any(event.stage == stage and event.version == number for event in state.events)


def _when(model: _Model, number: int) -> str:
    created = next((v.created for v in model.there.versions if v.number == number), None)
    return f", where it was registered {moment(created)}" if created is not None else ""
