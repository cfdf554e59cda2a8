"""Draw every kind of chart over the runs of a filled catalogue."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from workbench.catalogue import ingest
from workbench.catalogue.query import Column, RunQuery
from workbench.catalogue.values import everyone, values
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.palette import DARK
from workbench.operations.many import KINDS, Asked, picture
from workbench.operations.session import Session, open_session

_WIDE, _HIGH = 120, 40
_COLUMNS = tuple(
    Column(kind, f"{kind}_{number}") for kind in ("metric", "param") for number in range(4)
)  # fmt: skip


def columns(session: Session) -> float:
    """Return the milliseconds it takes to read eight columns of all runs."""
    began = perf_counter()
    found = everyone(session.catalogue, RunQuery(), session.goals)
    values(session.catalogue, found.runs, _COLUMNS, session.goals)
    return 1000 * (perf_counter() - began)


def once(session: Session, kind: str) -> dict[str, float]:
    """Return the milliseconds to a picture of a kind, and of CPU to draw it."""
    began = perf_counter()
    found = picture(session, Asked(kind))
    made = perf_counter()
    before = process_time()
    draw_figure(found.figure, width=_WIDE, height=_HIGH, theme=DARK)
    return {
        "picture": 1000 * (made - began),
        "draw": 1000 * (process_time() - before),
        "rows": len(found.rows),
    }


if __name__ == "__main__":
    times, kinds = int(sys.argv[2]), sys.argv[3:]
    with open_session(Path(sys.argv[1])) as opened:
        ingest.set_goals(
            opened.catalogue, {"metric_0": ("min", "script"), "metric_1": ("max", "script")}
        )
        answer: dict[str, object] = {"columns": [columns(opened) for _ in range(times + 1)][1:]}
        for kind in kinds or KINDS:
            answer[kind] = [once(opened, kind) for _ in range(times)]
    print(json.dumps(answer))
