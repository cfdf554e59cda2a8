"""What is to be checked against what, and how: settled before a row is read.

The key of a check follows from it alone. The same bytes, the same reference and the same
settings have the same key on every machine, so nothing is checked twice, and anything that could
change what is found changes the key.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from workbench.datasets.drift.monitor import TRAINING
from workbench.datasets.drift.report import FORMAT, LABEL, METHOD, Finding, Side
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.fields import Fields
from workbench.datasets.versions import folder
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.operations.drift.importances import NONE, Importances, of_version
from workbench.operations.drift.references import RELATIVE, Held, held, named_source, training
from workbench.operations.drift.said_of_sides import hiding, together
from workbench.operations.drift.sources import (
    CURRENT,
    REFERENCE,
    Progress,
    Require,
    Source,
    VersionSource,
)
from workbench.operations.session import Session
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.datasets.drift.part import Part
    from workbench.datasets.manifest import Manifest

_NO_ROLES: Final[Mapping[str, str]] = MappingProxyType({})
_NO_THRESHOLDS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know."""

    current: str
    """``census@5``, ``census``, a path, or ``predictions`` of the model."""
    reference: str = ""
    """``census@4``, a path, ``training``, ``previous``, ``last week`` or ``last year``; by default
    the training data of the model."""
    model: str = ""
    """``churn@production`` or ``churn@3``."""
    chunks: str = ""
    time: str = ""
    columns: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=lambda: _NO_ROLES)
    options: Mapping[str, str] = field(default_factory=lambda: _NO_ROLES)
    """How to read a file."""
    measures: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    thresholds: Thresholds = _NO_THRESHOLDS


class Remark(NamedTuple):
    """A finding about rows of a certain time, which no test finds."""

    finding: Finding
    start: float | None
    """Seconds since 1970; None: it is about all."""
    end: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A check that can be made."""

    asked: Asked
    model: Held | None
    importances: Importances
    current: Source
    reference: Source | None
    """None where it differs from chunk to chunk."""
    earlier: "tuple[Manifest, ...]"
    """Versions of the current dataset before the current one, newest first, where the reference is
    among them."""
    fields: Fields
    """Of both sides, with every column named that is hidden."""
    key: str
    said: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=lambda: _NO_ROLES)
    """What columns are to the model, where they are more than features."""
    set_aside: Mapping[str, str] = field(default_factory=lambda: _NO_ROLES)
    """Columns that are not compared, beside those somebody named, with the reason."""
    remarks: tuple[Remark, ...] = ()
    keeps: "Callable[[Part], bool]" = lambda _part: True
    """Whether a part is judged; others are there to be held against."""

    @property
    def reads_rows(self) -> bool:
        """Say whether the rows of the current data are read."""
        return self.current.stored is None or bool(self.asked.chunks or self.asked.segments)

    @property
    def counts_repeated(self) -> bool:
        """Say whether repeated rows of the current data are counted, or were when it was stored."""
        stored = self.current.stored
        return self.reads_rows or (stored is not None and stored.duplicates is not None)

    @property
    def time(self) -> str:
        """Return the column of time; empty where nobody said which."""
        return self.asked.time or self.fields.time

    @property
    def roles(self) -> Mapping[str, str]:
        """Return the roles that people said."""
        return self.fields.roles


def planned(
    session: Session | None,
    asked: Asked,
    *,
    of: Held | None = None,
    current: Source | None = None,
    against: Source | None = None,
    require: Require | None = None,
    base: Callable[[str], Path] = Path,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Plan:
    """Return what is to be done; files are hashed, and none of their rows read.

    Args:
        session: The workspace; None for two files.
        asked: What.
        of: The version of the model, where whoever asks knows it already.
        current: The current data, where whoever asks has them already.
        against: The reference, likewise.
        require: Asked whether a file may be read.
        base: Turns a text into the path that is meant.
        on_progress: Told how far hashing is.
        stopped: Whether to give up.

    Raises:
        NotFoundError: One side, or the model, is not there.
        UsageError: It cannot be read, or there is nothing to compare with.
    """
    of = of or _model(session, asked)

    def named(text: str, what: str) -> Source:
        return named_source(
            session, text, asked.options, on_progress, stopped, what=what, require=require,
            base=base,
        )  # fmt: skip

    now = current or named(asked.current, CURRENT)
    if against is None:
        against = _reference(session, asked, of, lambda text: named(text, REFERENCE))
    sides = [now] if against is None else [now, against]
    said = [*_absent(asked, sides)]
    if against is not None and against.side.hash == now.side.hash:
        said.append("Reference and current data are the same bytes.")
    earlier, fields = _earlier(session, asked, now), _fields(asked, sides)
    held_against = None if against is None else against.side
    return Plan(
        asked, of, NONE if of is None else of_version(of.model, of.version), now, against,
        earlier, fields, key_of(asked, of, now.side, held_against, fields, earlier), tuple(said),
        parts={fields.label: LABEL} if fields.label else _NO_ROLES,
    )  # fmt: skip


def _absent(asked: Asked, sides: Sequence[Source]) -> Iterator[str]:
    """Yield sentences about columns that are named and that neither side has.

    Raises:
        UsageError: One of those that alone are to be looked at, or that divide the data.
    """
    there = list(dict.fromkeys(name for side in sides for name in side.columns))
    own = [*asked.segments, *([asked.time] if asked.time else [])]
    for name in (*asked.columns, *own):
        if name not in (sides[0].columns if name in own else there):
            near = get_close_matches(name, there, n=1)
            raise UsageError(
                f"There is no column {visible(name)[:80]!r}.",
                hint=f"Did you mean {visible(near[0])}?" if near else "Check the name.",
            )
    for name in dict.fromkeys((*asked.exclude, *asked.roles)):
        if name not in there:
            yield f"There is no column {visible(name)[:80]!r}, which is named."


def _model(session: Session | None, asked: Asked) -> Held | None:
    if not asked.model:
        return None
    if session is None or session.workspace is None:
        raise UsageError(
            f"{visible(asked.model)} is a model of a workspace, and there is none here.",
            hint="Name the workspace, or a reference.",
        )
    return held(session, asked.model)


def _reference(
    session: Session | None, asked: Asked, of: Held | None, named: Callable[[str], Source]
) -> Source | None:
    text = asked.reference or (TRAINING if of is not None else "")
    if text in RELATIVE:
        return None
    if text == TRAINING:
        if session is None or of is None:
            raise UsageError("Training data are those of a model.", hint="Name the model.")
        return training(session, of)
    if not text:
        raise UsageError(
            "There is nothing to compare with.",
            hint="Name a reference (a dataset version, a file, or previous), or a model.",
        )
    return named(text)


def _earlier(session: Session | None, asked: Asked, now: Source) -> "tuple[Manifest, ...]":
    """Return the versions before the current one where the reference is looked for among them.

    Raises:
        UsageError: Nothing can come before the current data.
    """
    if asked.reference not in RELATIVE:
        return ()
    if not isinstance(now, VersionSource) or session is None:
        if not asked.chunks:
            raise UsageError(
                f"{now.side.name} is all at once: nothing in it comes before anything.",
                hint="Divide it with chunks, or name a reference.",
            )
        return ()
    found = []
    for number in reversed(folder.standing(session.root, now.manifest.dataset)):
        if number < now.manifest.version:
            try:
                manifest = folder.read_manifest(session.root, now.manifest.dataset, number)
            except (NotFoundError, FormatError):
                continue  # one version that cannot be read is a fault; it hides no other
            if not manifest.unread:
                found.append(manifest)
    return tuple(found)


def _fields(asked: Asked, sides: Sequence[Source]) -> Fields:
    """Return what is said of both sides, with what was asked for on top."""
    both = together([side.fields for side in sides])
    columns = list(dict.fromkeys(name for side in sides for name in side.columns))
    roles = {**both.roles, **asked.roles}
    return hiding(msgspec.structs.replace(both, roles=roles), columns)


def key_of(
    asked: Asked,
    of: Held | None,
    current: Side,
    reference: Side | None,
    fields: Fields,
    earlier: "Sequence[Manifest]" = (),
) -> str:
    """Return the key of a check, 32 hexadecimal digits."""
    deciding = {
        "format": FORMAT,
        "method": METHOD,
        "current": _exactly(current),
        "reference": asked.reference if reference is None else _exactly(reference),
        "earlier": [[one.version, one.hash] for one in earlier],
        "model": None if of is None else [of.model, of.number, of.stage, of.version.manifest],
        "chunks": asked.chunks,
        "time": asked.time or fields.time,
        "columns": sorted(asked.columns),
        "exclude": sorted(asked.exclude),
        "segments": list(asked.segments),
        "roles": dict(fields.roles),
        "label": fields.label,
        "hidden": sorted(fields.sensitive),
        "read": dict(asked.options),
        "measures": sorted(asked.measures),
        "opinions": sorted(asked.opinions),
        "thresholds": msgspec.structs.asdict(asked.thresholds),
    }
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def key_after(key: str, before: str) -> str:
    """Return the key of a check that is made again because another one came between.

    Whoever sees the same reports comes to the same key.
    """
    return blake2b(f"{key} after {before}".encode(), digest_size=16).hexdigest()


def _exactly(side: Side) -> list[Any]:
    """Return what tells one side from another: bytes, and which version of what they are."""
    return [side.kind, side.dataset, side.version, side.hash]
