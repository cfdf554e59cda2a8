"""Draw the curves of every run of a workspace, first and again, as the chart pane does."""

import json
import shutil
import sys
from pathlib import Path
from time import perf_counter, process_time

from tests.waiting import wait_for_copies
from workbench.charts.palette import DARK
from workbench.operations import runs_table
from workbench.operations.runs_table import RunQuery
from workbench.operations.session import Session, open_session
from workbench.tui.chart_settings import ChartSettings, Line, Subject
from workbench.tui.painter import Painter, Wish, look_of

WISH = Wish("chart-0", "metric_0", 120, 40)
AGAIN = tuple(
    ChartSettings(smoothing=smoothing, clip=clip)
    for smoothing in (0.0, 0.6, 0.9, 0.99) for clip in (False, True)
)  # fmt: skip


def measured(session: Session, source: str) -> dict[str, object]:
    """Return the milliseconds of the first drawing, and the CPU of others of the same curves."""
    copies = session.cache / "curves"
    if source == "lines":
        shutil.rmtree(copies, ignore_errors=True)
    runs = runs_table.runs_in(session, runs_table.prepare(session, RunQuery()))
    lines = [Line(run, f"run-{run}", 0x5588CC, chr(97 + k % 26)) for k, run in enumerate(runs)]
    subject = Subject(tuple(lines), (WISH.metric,))
    painter = Painter(session.curves())
    began = perf_counter()
    pictures = painter.paint([WISH], subject, ChartSettings(), look_of(ChartSettings(), DARK))
    first = 1000 * (perf_counter() - began)
    again = []
    for settings in AGAIN:
        before = process_time()
        painter.paint([WISH], subject, settings, look_of(settings, DARK))
        again.append(1000 * (process_time() - before))
    if source == "copies":
        wait_for_copies(session.curves())
    return {
        "first": first, "again": again, "points": pictures[0].points,
        "copies": len(list(copies.glob("*.parquet"))),
    }  # fmt: skip


with open_session(Path(sys.argv[1])) as opened:
    print(json.dumps(measured(opened, sys.argv[2])))
