"""Open a large data file as the screen does, look at pages of it, filter it and sort it."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

PAGES = 20


def opened(path: Path) -> tuple[float, float]:
    """Return the milliseconds until the first rows of a file are ready to be drawn, and CPU."""
    import workbench.tui.app  # noqa: F401 - runs already where somebody opens a file

    began, before = perf_counter(), process_time()
    from workbench.operations.datasets.rows import open_rows
    from workbench.tui.data.rows_loader import Look, Wanted, load

    with open_rows(None, path) as rows:
        loaded = load(rows, Wanted(1, Look(), None, (0, 50)))
        ended, after = perf_counter(), process_time()
    assert loaded is not None
    assert loaded.pages
    return 1000 * (ended - began), 1000 * (after - before)


def arranged(path: Path) -> dict[str, float]:
    """Return the milliseconds that answers and pages of a file take."""
    from workbench.operations.datasets.rows import BLOCK, Order, open_rows

    found: dict[str, float] = {}
    orders = {
        "filter": Order("n > 990 and city = 'city 7'"),
        "sort by a number": Order(sort=(("x", True),)),
        "sort by a text": Order(sort=(("email", False),)),
        "repeated rows": Order(only="duplicates"),
    }
    with open_rows(None, path) as rows:
        for name, order in orders.items():
            began = perf_counter()
            view = rows.arrange(order)
            assert view is not None
            found[name] = 1000 * (perf_counter() - began)
            if name == "sort by a number":
                found["a block in that order"] = _blocks(rows, view, BLOCK)
            rows.forget(view)
        found["a block in the order of the file"] = _blocks(rows, None, BLOCK)
    return found


def _blocks(rows: object, view: object, size: int) -> float:
    """Return the CPU milliseconds of a block of rows somewhere in the middle."""
    before = process_time()
    for number in range(PAGES):
        place = (rows.at_hand // PAGES) * number // size * size  # type: ignore[attr-defined]
        rows.page(place, size, view)  # type: ignore[attr-defined]
    return 1000 * (process_time() - before) / PAGES


what, file = sys.argv[1], Path(sys.argv[2])
if what == "open":
    wall, cpu = opened(file)
    print(json.dumps({"wall": wall, "cpu": cpu}))
else:
    print(json.dumps(arranged(file)))
