"""Many reports of drift: read for the first time, listed, laid out over time, and at rest."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many
from tests.drift_building import write_many

_COLD = "drift-cold"


def rows(place: Place) -> Iterator[Row]:
    """Write the reports of many monitors, index them, and ask."""
    monitors, reports, wide = place.scale.monitors, place.scale.reports, place.scale.chunks
    workspace = place.workspace(
        f"drift-{monitors}-{reports}-{wide}",
        lambda path: write_many(path, monitors, reports, wide=wide),
    )
    named = f"{monitors:,} monitors x {reports:,} reports x 30 columns"
    yield _cold(place, workspace, monitors * reports + wide, named)
    place.run("drift_reports", workspace, 1)
    found = place.run("drift_reports", workspace, place.scale.repeats)
    for what, part, limit in (
        (f"what is watched listed, {named}", "watched", 100),
        ("  open alerts of all monitors", "alerts", 200),
        (f"  one monitor over time, {wide:,} chunks x 100 columns", "series", 200),
        ("  one report opened", "report", 50),
    ):
        yield of_many(what, found[part], "ms", limit, named)
    yield of_many("sweep over idle reports of drift", found["idle"], "ms CPU", 5, named)


def _cold(place: Place, workspace: Path, expected: int, named: str) -> Row:
    """Index into an empty cache, the files in memory."""
    shutil.rmtree(place.folder / "own" / _COLD, ignore_errors=True)
    found = place.run("drift_reports", workspace, 0, cache=_COLD)
    if found["chunks"] != expected or found["faults"]:
        raise RuntimeError(f"only {found['chunks']} chunks, {found['faults']} faults")
    rate = expected / found["cold"]
    return Row(f"cold index of {named}", found["cold"], "s", note=f"n=1; {rate:,.0f} reports/s")
