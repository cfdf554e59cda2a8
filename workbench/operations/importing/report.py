"""What an import did and what could not be carried over: printed, and kept in the workspace."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.durable import write_once
from workbench.ids import new_id
from workbench.operations.importing.registered import TakenModel
from workbench.operations.importing.values import Failed, Lost, Taken
from workbench.runfolder import FORMAT, TEMPORARY

FOLDER: Final = "reports/imports"


class Due(NamedTuple):
    """A run that an import would copy."""

    run_id: str
    source: str
    state: str
    """``new`` or ``grown``."""
    size: int
    """Bytes of its artifacts."""


class Report(NamedTuple):
    """What an import did."""

    path: str
    dry: bool
    found: int
    """Runs at the path, or those of them that were asked for."""
    due: tuple[Due, ...]
    """What was to be copied."""
    taken: tuple[Taken, ...]
    same: int
    """Runs that were there already."""
    grown: int
    """Runs that have grown since they were copied and were left as they are."""
    older: tuple[str, ...]
    """Where runs are that have a longer history here already, and were left out."""
    edits: int
    """Later edits that came along with runs of another workspace."""
    models: tuple[TakenModel, ...]
    failed: tuple[Failed, ...]
    hints: tuple[str, ...] = ()
    """What a person may want to do now, in sentences."""
    kept: str = ""
    """Where the report is, relative to the workspace."""

    @property
    def lost(self) -> Mapping[str, int]:
        """Return how much could not be carried over, by kind."""
        counts: Counter[str] = Counter()
        for one in self.taken:
            for lost in one.lost:
                counts[lost.kind] += lost.number
        return counts


def as_fields(report: Report) -> dict[str, Any]:
    """Return the whole report as JSON can hold it."""
    return {
        "format": FORMAT, "path": report.path, "dry_run": report.dry, "found": report.found,
        "due": [one._asdict() for one in report.due] if report.dry else len(report.due),
        "runs": [_run(one) for one in report.taken], "already_there": report.same,
        "grown_since": report.grown, "older": list(report.older), "edits": report.edits,
        "models": [_model(one) for one in report.models],
        "failed": [one._asdict() for one in report.failed],
        "hints": list(report.hints), "not_carried_over": dict(report.lost), "report": report.kept,
    }  # fmt: skip


def _run(one: Taken) -> dict[str, Any]:
    return {**one._asdict(), "lost": _lost(one.lost)}


def _lost(lost: Sequence[Lost]) -> list[dict[str, Any]]:
    return [one._asdict() for one in lost]


def _model(one: TakenModel) -> dict[str, Any]:
    return {**one._asdict(), "numbers": {str(k): v for k, v in one.numbers.items()}}


def keep(report: Report, root: Path, now: float, actor: str) -> Report:
    """Keep a report in the workspace, if anything came of the import.

    Raises:
        OSError: The workspace cannot be written.
    """
    if not (report.taken or report.edits or any(one.new for one in report.models)):
        return report
    name = f"{FOLDER}/{new_id(now)}.json"
    fields = {**as_fields(report._replace(kept=name)), "time": now, "actor": actor}
    data = json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")
    write_once(root / name, data, temp=root / TEMPORARY)
    return report._replace(kept=name)
