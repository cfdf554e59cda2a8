"""Datasets and their versions, from the catalogue: for looking, never for deciding."""

from typing import Final, NamedTuple

from workbench.catalogue import data_lines
from workbench.catalogue.data_lines import DataLine, VersionLine
from workbench.datasets.duties import PERSONAL_WORDS, Duty
from workbench.datasets.fields import Fields
from workbench.operations.data_fields import fields_of_all
from workbench.operations.datasets.duties import duties_of_all
from workbench.operations.datasets.locate import State
from workbench.operations.datasets.presence import states
from workbench.operations.session import Session
from workbench.runs.edits import DATASET

__all__ = ["DatasetLine", "VersionLine", "dataset", "datasets", "versions"]

UNREADABLE, AWAY, CHANGED = "unreadable", "files away", "changed since"
RETENTION, PURPOSE, ARCHIVED = "retention due", "purpose not allowed", "archived"
FLAGS: Final = (
    UNREADABLE, RETENTION, PURPOSE, AWAY, CHANGED, *PERSONAL_WORDS.values(), ARCHIVED,
)  # fmt: skip
"""Every word that `DatasetLine.flags` may hold, in their order."""
WORRYING: Final = frozenset({UNREADABLE, RETENTION, PURPOSE, AWAY, CHANGED})
"""Flags that ask for a person."""
_PATIENCE_S: Final = 0.5


class DatasetLine(NamedTuple):
    """A dataset by its newest version that can be read."""

    name: str
    version: int
    versions: int
    """How many stand: not deleted."""
    rows: int | None
    columns: int
    size: int
    """Bytes."""
    time: float
    """When that version was registered, seconds since 1970; 0 where none can be read."""
    owner: str
    personal: str
    """One of `workbench.datasets.fields.PERSONAL`, or empty."""
    path: str
    reader: str
    """The format's word."""
    flags: tuple[str, ...]
    """Of `FLAGS`, in their order."""
    archived: bool
    runs: int
    """That used any version."""
    versions_of_models: int
    """Versions of models made from any version."""
    description: str
    hash: str = ""
    unread: str = ""
    """Why the newest is no table; empty where it is one."""
    fault: str = ""
    """Why the newest that stands cannot be read at all."""
    duties: tuple[Duty, ...] = ()
    """What is due first."""


def datasets(
    session: Session,
    filter: str = "",  # noqa: A002 - the field's word
    *,
    patience_s: float | None = _PATIENCE_S,
) -> tuple[DatasetLine, ...]:
    """Return the datasets, by name; archived ones too.

    Args:
        session: Where.
        filter: Words that must all stand in a dataset's name, description, owner, path, format
            or flags; capitals do not matter.
        patience_s: How long to look whether files are away or changed; what was not looked at in
            that time is looked at by the next call. None: look at all.
    """
    found = data_lines.datasets(session.catalogue)
    fields = fields_of_all(session, {one.name: one.fields for one in found})
    archived = _archived(session)
    owed = duties_of_all(session, fields, session.clock.now())
    wanted = [(one.name, one.version) for one in found if one.hash and not one.copied]
    files = states(session, wanted, patience_s)
    lines = (
        _line(
            one, fields[one.name], owed[one.name], files.get(one.name, "same"),
            archived=one.name in archived,
        )
        for one in found
    )  # fmt: skip
    asked = filter.casefold().split()
    return tuple(one for one in lines if all(word in _searched(one) for word in asked))


def dataset(session: Session, name: str) -> DatasetLine | None:
    """Return one dataset; None if there is no such."""
    return next((one for one in datasets(session) if one.name == name), None)


def versions(session: Session, name: str, *, deleted: bool = False) -> tuple[VersionLine, ...]:
    """Return the versions of a dataset, newest first; none if there is no such.

    Args:
        session: Where.
        name: Of the dataset.
        deleted: Whether those that were deleted come too.
    """
    return data_lines.versions(session.catalogue, name, deleted=deleted)


def _archived(session: Session) -> frozenset[str]:
    if session.workspace is None:
        return frozenset()
    return frozenset(
        thing.removeprefix(DATASET)
        for thing, held in session.amendments().held.items()
        if thing.startswith(DATASET) and "archived" in held and held["archived"].value
    )


def _line(
    one: DataLine, fields: Fields, owed: tuple[Duty, ...], files: State, *, archived: bool
) -> DatasetLine:
    flags = _flags(one, fields, owed, files, archived=archived)
    return DatasetLine(
        one.name, one.version, one.versions, one.rows, one.columns, one.size, one.time,
        fields.owner, fields.personal, one.path, one.reader, flags, archived, one.runs, one.models,
        fields.description, one.hash, one.unread, one.fault, owed,
    )  # fmt: skip


def _flags(
    one: DataLine, fields: Fields, owed: tuple[Duty, ...], files: State, *, archived: bool
) -> tuple[str, ...]:
    due = {duty.kind for duty in owed if duty.due}
    words = {
        UNREADABLE: bool(one.fault),
        RETENTION: "retention" in due,
        PURPOSE: "purpose" in due,
        AWAY: files == "away",
        CHANGED: files == "changed",
        PERSONAL_WORDS.get(fields.personal, ""): bool(fields.personal),
        ARCHIVED: archived,
    }
    return tuple(flag for flag in FLAGS if words.get(flag))


def _searched(one: DatasetLine) -> str:
    said = (one.name, one.description, one.owner, one.path, one.reader, *one.flags)
    return " ".join(said).casefold()
