"""Print the budgets beside what was measured: ``python -m tests.benchmarks``."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import (
    arrival,
    challenging,
    comparing,
    datasets,
    drift_reports,
    drifting,
    event_files,
    indexing,
    logging_calls,
    many,
    mlflow_stores,
    models,
    overlay,
    painting,
    profiling,
    promoting,
    racing,
    rows_of_data,
    starting,
    tables,
    wandb_logs,
)
from tests.benchmarks.place import FULL, TINY, Place
from tests.benchmarks.rows import BROKEN, Measure, Row, figure

SUBJECTS: Mapping[str, Measure] = {
    "logging": logging_calls.rows,
    "arrival": arrival.rows,
    "indexing": indexing.rows,
    "event_files": event_files.rows,
    "mlflow_stores": mlflow_stores.rows,
    "starting": starting.rows,
    "tables": tables.rows,
    "comparing": comparing.rows,
    "overlay": overlay.rows,
    "many": many.rows,
    "painting": painting.rows,
    "models": models.rows,
    "datasets": datasets.rows,
    "drift_reports": drift_reports.rows,
    "drifting": drifting.rows,
    "racing": racing.rows,
    "promoting": promoting.rows,
    "rows_of_data": rows_of_data.rows,
    "challenging": challenging.rows,
    "profiling": profiling.rows,
    "wandb_logs": wandb_logs.rows,
}


def main(words: Sequence[str]) -> int:
    """Measure what was asked for; the exit code says whether everything could be measured."""
    asked = _parser().parse_args(words)
    subjects = asked.only or list(SUBJECTS)
    scale = TINY if asked.tiny else FULL
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        place = Place(asked.folder or Path(folder), scale, large=asked.large, peers=asked.peers)
        place.folder.mkdir(parents=True, exist_ok=True)
        found = []
        _say(_machine())
        for subject in subjects:
            for row in _measured(SUBJECTS[subject], subject, place):
                found.append((subject, row))
                _say(f"  {subject}: {row.what}: {_value(row)}")
    print(_as_json(found) if asked.json else "\n".join(_table(found)))
    return int(any(row.verdict == BROKEN for _, row in found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=SUBJECTS, help="one subject; repeat it")
    parser.add_argument("--large", action="store_true", help="also 100,000 runs on the disk")
    parser.add_argument("--peers", action="store_true", help="install and measure other tools")
    parser.add_argument("--tiny", action="store_true", help="next to nothing: does it run at all?")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--folder", type=Path, help="keep workspaces and peers there for next time")
    return parser


def _measured(measure: Measure, subject: str, place: Place) -> Iterator[Row]:
    """Yield the rows of a subject; what breaks is a row that says so."""
    try:
        yield from measure(place)
    except Exception as error:  # noqa: BLE001 - the other subjects can still be measured
        _say(f"{error}")
        yield Row(
            f"the rest of {subject}", None, note=f"{error!s:.200}".partition("\n")[0], broken=True
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} CPUs{load}; "
        "medians unless it says otherwise"
    )


def _value(row: Row) -> str:
    return row.note if row.value is None else figure(row.value, row.unit)


def _budget(row: Row) -> str:
    if row.limit is None:
        return ""
    return f"{'≥' if row.at_least else '≤'} {figure(row.limit, row.unit)}"


def _table(found: Sequence[tuple[str, Row]]) -> list[str]:
    """Return the lines of the table, the machine above it."""
    cells = [
        (row.what, _budget(row), "" if row.value is None else _value(row), row.verdict, row.note)
        for _, row in found
    ]
    head = ("what", "budget", "measured", "verdict", "note")
    widths = [max(len(line[k]) for line in (head, *cells)) for k in range(4)]
    rule = "-" * (sum(widths) + 8 + 40)
    lines = [_line(line, widths) for line in cells]
    return [_machine(), "", _line(head, widths), rule, *lines]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    what, budget, value, verdict, note = cells
    return (
        f"{what:<{widths[0]}}  {budget:>{widths[1]}}  {value:>{widths[2]}}  "
        f"{verdict:<{widths[3]}}  {note}"
    ).rstrip()


def _as_json(found: Sequence[tuple[str, Row]]) -> str:
    rows = [{"subject": s, **asdict(row), "verdict": row.verdict} for s, row in found]
    return json.dumps({"machine": _machine(), "rows": rows}, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
