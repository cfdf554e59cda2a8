"""Reports on disk: JSON in gzip, written once, read back as a stranger's word.

    reports/drift/<monitor>/<key>.json.gz

The key says what was checked against what and how, so the same check made by two people is one
file, whoever was first. docs/formats/drift-report.md is the contract.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from math import isfinite, isnan
from pathlib import Path
from sys import float_info
from typing import Any, Final, NamedTuple

import msgspec

from workbench.datasets.damage import why_unread
from workbench.datasets.drift.plausible import impossible, is_key, is_to_come, undrawable
from workbench.datasets.drift.report import FORMAT, DriftReport
from workbench.datasets.named_folders import named_folders
from workbench.durable import write_once
from workbench.errors import FormatError, NotAllowedError, NotFoundError
from workbench.ids import is_path_name
from workbench.opening import inside, read_small, require_inside
from workbench.runfolder import TEMPORARY

FOLDER: Final = "reports/drift"
ENDING: Final = ".json.gz"
LARGEST: Final = 256_000_000
"""Bytes of JSON that are read: 1,000 chunks of 100 columns with all that is drawn of them."""
LARGEST_PACKED: Final = 64 << 20
_LEVEL: Final = 6
_DECODER: Final = msgspec.json.Decoder(DriftReport)
_UNREAD: Final = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)
_LEFT_OUT: Final = "The distributions of {} are left out: the report would be too large."


class Listed(NamedTuple):
    """What is in the folder of a monitor."""

    keys: tuple[str, ...]
    strange: tuple[str, ...]
    """Files that end like a report and are called as none is."""


def folder_of(root: Path, monitor: str) -> Path:
    """Return where the reports of a monitor are, there or not.

    Raises:
        NotFoundError: No monitor can be called so.
    """
    if not is_path_name(monitor):
        raise NotFoundError(f"No monitor can be called {monitor[:80]!r}.")
    return root / FOLDER / monitor


def path_of(monitor: str, key: str) -> str:
    """Return where a report is, relative to the workspace."""
    return f"{FOLDER}/{monitor}/{key}{ENDING}"


def names(root: Path) -> tuple[str, ...]:
    """Return the names of the monitors that have a folder, in order.

    Raises:
        OSError: The folder is there and cannot be listed.
    """
    return named_folders(root / FOLDER)


def links(root: Path) -> tuple[str, ...]:
    """Return the names of links where folders of monitors belong: they are not followed.

    Raises:
        OSError: The folder is there and cannot be listed.
    """
    try:
        with os.scandir(root / FOLDER) as found:
            return tuple(sorted(one.name for one in found if one.is_symlink()))
    except (FileNotFoundError, NotADirectoryError):
        return ()


def keys(root: Path, monitor: str) -> tuple[str, ...]:
    """Return the keys of a monitor's reports, in no order that means anything.

    Raises:
        NotFoundError: No monitor can be called so.
        OSError: The folder is there and cannot be listed.
    """
    return listed(root, monitor).keys


def listed(root: Path, monitor: str) -> Listed:
    """Return what is in the folder of a monitor; it errs as `keys`."""
    folder = folder_of(root, monitor)
    try:
        if folder.is_symlink():
            return Listed((), ())
        there = os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
    except (FileNotFoundError, NotADirectoryError):
        return Listed((), ())
    named = sorted(name for name in there if name.endswith(ENDING))
    bare = tuple(name.removesuffix(ENDING) for name in named)
    strange = tuple(f"{name}{ENDING}" for name in bare if not is_key(name))
    return Listed(tuple(filter(is_key, bare)), strange)


def write(root: Path, report: DriftReport) -> bool:
    """Publish a report; return whether it is new: a check that was made before is not.

    Raises:
        NotAllowedError: It cannot be written there.
        FormatError: It is none that could be read again.
    """
    why_not = impossible(report)
    if why_not:
        raise FormatError(f"The report cannot be kept: {why_not}.")
    path = path_of(report.monitor, report.key)
    require_inside(root, path, TEMPORARY)
    if (root / path).exists():
        return False
    try:
        write_once(root / path, encode(report), temp=root / TEMPORARY)
    except FileExistsError:
        return False
    except OSError as error:
        raise NotAllowedError(
            f"The report could not be written to {path}: {error.strerror or error}.",
            hint="Check the disk and try again; nothing is half written.",
        ) from None
    return True


def read(root: Path, monitor: str, key: str) -> DriftReport:
    """Return a report with all that is drawn of it.

    Raises:
        NotFoundError: There is none.
        FormatError: It cannot be read, or is another one.
        OSError: The drive does not answer.
    """
    report = read_for_lists(root, monitor, key)
    wrong = undrawable(report)
    if wrong:
        raise FormatError(f"The report cannot be read: {wrong}.")
    return report


def read_for_lists(root: Path, monitor: str, key: str) -> DriftReport:
    """Return a report of which what is drawn was not looked at; it errs as `read`."""
    if not (is_path_name(monitor) and is_key(key)):
        raise NotFoundError(f"There is no report {key[:40]!r} of {monitor[:80]!r}.")
    path = inside(root, path_of(monitor, key))
    report = decode(read_small(str(path), LARGEST_PACKED))
    if (report.monitor, report.key) != (monitor, key):
        raise FormatError("The report is in the place of another one.")
    return report


def require_past(report: DriftReport, now: float) -> None:
    """Refuse a report that no clock can have made yet: it would be the newest for years.

    Args:
        report: As it was read.
        now: By the clock here, or by that of the workspace's disk where that is later.

    Raises:
        FormatError: It is of a time to come.
    """
    if is_to_come(report.time, now):
        raise FormatError("The report cannot be read: it was made at a time to come.")


def encode(report: DriftReport) -> bytes:
    """Return a report as it is written to disk, the same bytes for the same report.

    Of more than a reader takes in what is drawn is left out: first of what is in order.
    """
    text = _text(report)
    for verdicts, words in (({"stable", "shifted"}, "columns in order"), (None, "all columns")):
        if len(text) <= LARGEST:
            break
        text = _text(_without_shapes(report, verdicts, _LEFT_OUT.format(words)))
    return gzip.compress(text, _LEVEL, mtime=0)


def decode(data: bytes) -> DriftReport:
    """Return the report that was written; what is drawn of it is not looked at.

    Raises:
        FormatError: It is none, is damaged, is unreasonably large, can be of no check, or is of a
            newer format.
    """
    text = _unpacked(data)
    try:
        report = _DECODER.decode(text)
    except _UNREAD as error:
        _refuse_newer(text)
        raise FormatError(f"The report cannot be read: {why_unread(error)}.") from None
    if report.format != FORMAT:
        _refuse_newer(text)
        raise FormatError("The report cannot be read: it names no format.")
    wrong = impossible(report)
    if wrong:
        raise FormatError(f"The report cannot be read: {wrong}.")
    return report


class _Formatted(msgspec.Struct):
    """All that is asked of a report that cannot be read."""

    format: int = FORMAT


def _refuse_newer(text: bytes) -> None:
    try:
        number = msgspec.json.decode(text, type=_Formatted).format
    except _UNREAD:
        return
    if number > FORMAT:
        raise FormatError(
            f"The report is of format {number}; this program reads up to {FORMAT}.",
            hint="Use a newer workbench.",
        )


def _unpacked(data: bytes) -> bytes:
    packed = zlib.decompressobj(wbits=31)
    try:
        text = packed.decompress(data, LARGEST)
    except zlib.error:
        raise FormatError("The report cannot be read: it is not gzip, or damaged.") from None
    if packed.unconsumed_tail:
        raise FormatError("The report cannot be read: it is larger than any report is.")
    if not packed.eof:
        raise FormatError("The report cannot be read: its end is missing.")
    return text


def _text(report: DriftReport) -> bytes:
    """Return a report as JSON, which has no word for what is not finite."""
    plain = msgspec.to_builtins(report)
    plain["thresholds"] = msgspec.to_builtins(report.thresholds)  # the defaults too
    for chunk in plain["chunks"]:
        for column in chunk.get("columns", ()):
            _settle(column)
    return msgspec.json.encode(plain)


def _settle(column: dict[str, Any]) -> None:
    """Take out of a column what JSON cannot say: the largest number stands for what is larger."""
    measures = [one for one in column.get("measures", ()) if not isnan(one["value"])]
    for facts in (column, *measures, *column.get("findings", ())):
        for name in [name for name, value in facts.items() if isinstance(value, float)]:
            if isnan(facts[name]):
                del facts[name]
            else:
                facts[name] = _finite(facts[name])
    if "measures" in column:
        column["measures"] = measures
    shape = column.get("shape")
    if shape and not all(map(isfinite, _numbers(shape))):
        del column["shape"]


def _finite(value: float) -> float:
    return max(-float_info.max, min(float_info.max, value))


def _numbers(shape: dict[str, Any]) -> Iterator[float]:
    for value in shape.values():
        items = value if isinstance(value, list | tuple) else (value,)
        yield from (one for one in items if isinstance(one, float))


def _without_shapes(report: DriftReport, verdicts: set[str] | None, said: str) -> DriftReport:
    """Return a report without what is drawn of columns with these verdicts; None means of all."""
    chunks = tuple(
        msgspec.structs.replace(
            chunk,
            columns=tuple(
                msgspec.structs.replace(column, shape=None)
                if verdicts is None or column.verdict in verdicts
                else column
                for column in chunk.columns
            ),
        )
        for chunk in report.chunks
    )
    return msgspec.structs.replace(report, chunks=chunks, said=(*report.said, said))
