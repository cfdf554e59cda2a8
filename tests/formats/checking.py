"""Holding what a reader says of a specimen against what the tool's own reader said."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.formats.contract import FolderReader, RunCard, StoreReader
from workbench.formats.walking import Limits, Walk
from workbench.runfolder import Summary

SPECIMENS = Path(__file__).parent.parent / "specimens"
LATER = 1_800_000_000.0
"""A time long after every specimen was written."""
_WHAT = ("count", "last", "min", "max", "first_step", "last_step")


def expected(name: str) -> dict[str, Any]:
    """Return what is in a specimen."""
    found: dict[str, Any] = json.loads((SPECIMENS / name / "expected.json").read_text("utf-8"))
    return found


def spelled(value: Any) -> Any:
    """Return a value as the expectations spell it: non-finite numbers by name."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def told(metrics: Mapping[str, Summary], wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return metrics as the expectations spell them, with the figures ``wanted`` has of each."""
    return {
        name: {
            what: spelled(getattr(summary, what))
            for what in _WHAT
            if what in wanted.get(name, dict.fromkeys(_WHAT))
        }
        for name, summary in metrics.items()
    }


def figures(metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return expected metrics with nothing but the figures every reader gives."""
    return {n: {k: v for k, v in m.items() if k in _WHAT} for n, m in metrics.items()}


def claimed(reader: FolderReader, root: Path) -> Iterator[str]:
    """Yield the key of every folder below ``root`` that the reader claims."""
    walk = Walk(root, Limits())
    for step in walk.steps():
        path = step.path or "."
        if reader.detect(step.folder):
            claim = reader.claim(step.folder, path, None)
            if claim is not None:
                yield claim.part_of or path
                if claim.closed:
                    walk.prune(step.path)


def folder_cards(reader: FolderReader, root: Path, now: float = LATER) -> dict[str, RunCard]:
    """Return every run below ``root`` that is a folder of this format, by key."""
    keys = dict.fromkeys(claimed(reader, root))
    return {key: reader.read(root, key, b"", now).card for key in keys}


def store_cards(reader: StoreReader, root: Path, now: float = LATER) -> dict[str, RunCard]:
    """Return every run of the store at ``root``, by key."""
    survey = reader.survey(root, None)
    assert survey.faults == ()
    return {key: reader.read(root, key, b"", now).card for key in survey.refs}


def damaged(data: bytes, cuts: int = 64) -> Iterator[tuple[str, bytes]]:
    """Yield what can become of a file: cut at every 64th of its length, a byte flipped there."""
    for number in range(cuts):
        at = len(data) * number // cuts
        yield f"cut-{number}", data[:at]
        if at < len(data):
            yield f"flip-{number}", data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
