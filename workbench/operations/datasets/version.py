"""Everything about a dataset version, under headings: for a page, a print-out and a file."""

from typing import Any, NamedTuple

from workbench import words
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import Profile
from workbench.datasets.table import format_words
from workbench.operations.datasets import summary
from workbench.operations.datasets.duties import Duty, duties
from workbench.operations.datasets.fields import contested_of, fields_of
from workbench.operations.datasets.lineage import DatasetLineage, lineage
from workbench.operations.datasets.plain import plain
from workbench.operations.sections import Section, section
from workbench.operations.session import Session

_MOST_FILES = 20
_LONGEST = 1000
"""Signs of what somebody said that stand on a page; all of them stand in JSON."""


class DatasetDetail(NamedTuple):
    """A version with all that is known around it."""

    manifest: Manifest
    profile: Profile | None
    fields: Fields
    """What people say of the dataset now."""
    duties: tuple[Duty, ...]
    lineage: DatasetLineage
    contested: tuple[str, ...] = ()
    """Fields that people changed at once, without knowing of each other."""


def detail(session: Session, manifest: Manifest, profile: Profile | None) -> DatasetDetail:
    """Return all that is known around a version."""
    said = fields_of(session, manifest.dataset)
    return DatasetDetail(
        manifest, profile, said, duties(session, said, session.clock.now(), name=manifest.dataset),
        lineage(session, manifest.dataset, manifest.version),
        contested_of(session, manifest.dataset),
    )  # fmt: skip


def fields(found: DatasetDetail, *, unmask: bool = False) -> dict[str, Any]:
    """Return a version as what JSON is made of; sensitive columns masked unless asked."""
    from workbench.datasets.profiling.hiding import shown  # noqa: PLC0415 - numpy

    profile = found.profile and shown(found.profile, unmask=unmask)
    return {
        **plain(found._replace(profile=profile)),
        "manifest": {**plain(found.manifest), "time": words.iso(found.manifest.time)},
    }


def sections(found: DatasetDetail, *, unmask: bool = False) -> tuple[Section, ...]:
    """Return a version as facts under headings; sensitive columns masked unless asked."""
    return (
        *section(f"{found.manifest.dataset}@{found.manifest.version}", _facts(found.manifest)),
        *section("what people say", _said(found)),
        *section("files", _files(found.manifest), ("path", "size", "sha256")),
        *section("used by", _used(found.lineage)),
        *(summary.sections(found.profile, unmask=unmask) if found.profile is not None else ()),
    )


def _facts(one: Manifest) -> list[tuple[str, str]]:
    how = ", ".join(f"{name} {value}" for name, value in one.read_as.items())
    facts = (
        ("registered", f"{words.second(one.time)} by {one.actor} on {one.host} ({one.how})"),
        ("hash", one.hash),
        ("size", words.size(one.size)),
        ("from", one.path),
        ("kept", "copied into the workspace" if one.copied else ""),
        ("read as", f"{format_words(one.reader)}{f' ({how})' if how else ''}"),
        ("dvc", one.dvc),
        ("not read", one.unread),
    )
    return [(name, value) for name, value in facts if value]


def _said(found: DatasetDetail) -> list[tuple[str, str]]:
    said = [
        (name.replace("_", " "), _value(value))
        for name, value in plain(found.fields).items()
        if value and name not in {one.kind for one in found.duties}
    ]
    if found.contested:
        said.append(("changed by two people at once", ", ".join(found.contested)))
    return [*said, *(("due" if one.due else one.kind, one.words) for one in found.duties)]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    said = ", ".join(value) if isinstance(value, list) else str(value)
    left = len(said) - _LONGEST
    return f"{said[:_LONGEST]}… ({left:,} signs more: --json)" if left > 0 else said


def _files(one: Manifest) -> list[tuple[str, ...]]:
    shown: list[tuple[str, ...]] = [
        (file.path, words.size(file.size), file.sha256[:12]) for file in one.files[:_MOST_FILES]
    ]
    left = len(one.files) - len(shown)
    return [*shown, (f"and {words.plural(left, 'file')} more (--json)",)] if left else shown


def _used(found: DatasetLineage) -> list[tuple[str, ...]]:
    runs = [("run", f"{one.name} ({one.experiment})") for one in found.runs]
    models = [
        ("model", " in ".join([f"{model}@{number}", *([", ".join(stages)] if stages else [])]))
        for model, number, stages in found.models
    ]
    return [*runs, *models, *(("pointer", path) for path in found.deployments)]
