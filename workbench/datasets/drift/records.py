"""What people say of alerts: acknowledged, muted, taken back; a file each, never changed.

    alerts/<yyyy-mm>/<id>.json

Anybody who can write to the workspace can write one. docs/formats/drift-report.md is the contract.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from workbench.datasets.damage import why_unread
from workbench.datasets.declared import is_day
from workbench.datasets.drift.plausible import LATEST
from workbench.durable import write_once
from workbench.errors import FormatError, NotAllowedError
from workbench.ids import is_id, is_path_name
from workbench.opening import read_small, require_inside
from workbench.runfolder import TEMPORARY

FOLDER: Final = "alerts"
FORMAT: Final = 1
ACKNOWLEDGED, MUTED, TAKEN_BACK = "acknowledged", "muted", "taken back"
KINDS: Final = (ACKNOWLEDGED, MUTED, TAKEN_BACK)
LONGEST: Final = 10_000
"""Characters of a note or a reason."""
_LARGEST: Final = 1 << 20
_MOST_NAMED: Final = 10_000


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one person said."""

    id: str
    """Sortable by time."""
    kind: str
    """One of `KINDS`."""
    monitor: str
    time: float
    """Seconds since 1970."""
    actor: str
    host: str = ""
    label: str = ""
    """Of the chunk that was acknowledged."""
    segment: str = ""
    key: str = ""
    """Of the report that was looked at."""
    verdict: str = ""
    """As it was when it was acknowledged: one that is graver is another alert."""
    columns: tuple[str, ...] = ()
    """Those in drift then: another one that joins them is another alert."""
    column: str = ""
    """What is muted."""
    until: str = ""
    """The last day it is muted on, ``YYYY-MM-DD``."""
    said: str = ""
    """The note, or the reason."""
    takes_back: tuple[str, ...] = ()
    """Ids of records that count no more."""
    format: int = FORMAT


_DECODER: Final = msgspec.json.Decoder(Record)
_UNREAD: Final = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)


def path_of(record: Record) -> str:
    """Return where a record is, relative to the workspace: by its month, which is that of UTC."""
    month = datetime.fromtimestamp(record.time, tz=UTC).strftime("%Y-%m")
    return f"{FOLDER}/{month}/{record.id}.json"


def write(root: Path, record: Record) -> None:
    """Publish a record; the file appears whole.

    Raises:
        NotAllowedError: It cannot be written.
    """
    path = path_of(record)
    require_inside(root, path, TEMPORARY)
    data = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
    try:
        write_once(root / path, data, temp=root / TEMPORARY)
    except OSError as error:
        raise NotAllowedError(
            f"Nothing could be written to {FOLDER}: {error.strerror or error}.",
            hint="Nothing was changed; check the disk and try again.",
        ) from None


def read(path: Path) -> Record:
    """Return the record in a file.

    Raises:
        FormatError: It is none.
        OSError: It cannot be opened.
    """
    data = read_small(str(path), _LARGEST)
    try:
        record = _DECODER.decode(data)
    except _UNREAD as error:
        raise FormatError(f"This cannot be read: {why_unread(error)}.") from None
    wrong = impossible(record)
    if record.id != path.stem:
        wrong = "its id is not the name of its file"
    if wrong:
        raise FormatError(f"This cannot be read: {wrong}.")
    return record


def impossible(record: Record) -> str:
    """Return what of a record cannot be, in words; empty where nothing is."""
    if record.format > FORMAT:
        return f"it was written by a newer program (format {record.format})"
    if record.kind not in KINDS or not is_id(record.id) or not is_path_name(record.monitor):
        return "it is nothing that can be said of a monitor"
    if not 0 <= record.time <= LATEST:
        return "its time is none"
    texts = (
        record.actor, record.host, record.label, record.segment, record.key, record.verdict,
        record.column, record.said, *record.columns, *record.takes_back,
    )  # fmt: skip
    if len(texts) > _MOST_NAMED or any(len(one) > LONGEST or "\0" in one for one in texts):
        return "a text in it is too long, or holds a zero character"
    if record.kind == MUTED and not (record.column and is_day(record.until) and record.said):
        return "a mute needs a column, a last day and a reason"
    return ""
