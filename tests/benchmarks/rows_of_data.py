"""The rows of large data files: opening one, moving about in it, filtering and sorting it."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.place import Place, program
from tests.benchmarks.rows import Row, of_many
from tests.benchmarks.starting import NO_TERMINAL
from tests.building import write_workspace

_HELD_S, _PAGED_S = 0.025, 0.03


def rows(place: Place) -> Iterator[Row]:
    """Write a table as Parquet and CSV, and look at both."""
    count, lines = place.scale.data_rows, place.scale.data_rows * 4 // 5
    folder = place.folder / f"data-{count}"
    size = place.run("big_table", folder, count, lines)["csv"]
    parquet, text = folder / "big.parquet", folder / "big.csv"
    yield _opened(place, parquet, f"first rows of {count:,} in Parquet")
    yield _opened(place, text, f"first rows of {size / 1e9:,.2f} GB of CSV")
    found = place.run("rows_of_data", "arrange", parquet)
    for name in ("filter", "sort by a number", "sort by a text", "repeated rows"):
        yield Row(f"  {name}, {count:,} rows", found[name], "ms", None, "stopped by Esc")
    for name in ("a block in the order of the file", "a block in that order"):
        yield Row(f"  {name}, 1,000 rows", found[name], "ms CPU", None, "fetched ahead")
    if os.name == "nt":
        yield Row(f"moving the cursor in {count:,} rows", None, note=NO_TERMINAL)
        return
    yield from _moves(place, parquet, count)


def _opened(place: Place, path: Path, what: str) -> Row:
    # The first one compiles everything and is not counted, unless it is the only one.
    times = place.scale.screens + (place.scale.screens > 1)
    moments = [place.run("rows_of_data", "open", path) for _ in range(times)]
    moments = moments[-place.scale.screens :]
    cpu = min(moment["cpu"] for moment in moments)
    note = f"with polars imported; CPU {cpu:.0f} ms"
    return of_many(what, [moment["wall"] for moment in moments], "ms", 1000, note)


def _moves(place: Place, path: Path, count: int) -> Iterator[Row]:
    from tests.benchmarks.screen import DOWN, PAGE_DOWN, Screen
    from tests.benchmarks.tables import cpu_ms

    workspace = place.workspace("empty", write_workspace)
    keys, times = place.scale.keys, place.scale.times
    note = f"{keys} presses each; whole process"
    for order, words in ((), ""), (("x",), ", sorted"):
        argv = [*program("show_rows"), str(workspace), str(path), *order]
        with Screen(argv, place.environment()) as screen:
            screen.until(f"{count:,} rows")
            screen.settle(0.5)
            down = [cpu_ms(screen, DOWN, keys, _HELD_S) for _ in range(times)]
            paged = [cpu_ms(screen, PAGE_DOWN, keys, _PAGED_S) for _ in range(times)]
            resident = screen.now().rss_mb
        yield of_many(f"  cursor one row down, {count:,} rows{words}", down, "ms CPU", 15, note)
        yield of_many(
            f"  one page down, {count:,} rows{words}", paged, "ms CPU", 30,
            f"{note}, rows fetched; RSS {resident:.0f} MB",
        )  # fmt: skip
