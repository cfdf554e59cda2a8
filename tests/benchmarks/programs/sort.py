"""Filter and sort a filled catalogue, and fetch pages of it."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from tests.benchmarks.programs.fill import columns
from workbench.operations import runs_table
from workbench.operations.runs_table import Column, RunQuery, Sort
from workbench.operations.session import Session, open_session

FILTER = "metric_3 < 0.5 and param_7 > 2 and status = 'FINISHED'"
ORDER = (Sort(Column("metric", "metric_0"), descending=True), Sort(Column("param", "param_5")))
_PAGE = 200


def once(session: Session) -> dict[str, float]:
    """Return the milliseconds of one answer and of one page from its middle."""
    began = perf_counter()
    tree = runs_table.read_filter(session, FILTER)
    view = runs_table.prepare(session, RunQuery(filter=tree, columns=columns(), sort=ORDER))
    answered = perf_counter()
    before = process_time()
    runs_table.page(session, view, view.rows // 2, view.rows // 2 + _PAGE)
    after = process_time()
    runs_table.drop(session, view)
    return {"answer": 1000 * (answered - began), "page": 1000 * (after - before),
            "rows": view.rows}  # fmt: skip


with open_session(Path(sys.argv[1])) as opened:
    once(opened)
    found = [once(opened) for _ in range(int(sys.argv[2]))]
print(json.dumps({name: [one[name] for one in found] for name in found[0]}))
