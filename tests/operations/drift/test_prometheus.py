"""What is watched as Prometheus text: valid, escaped, each series once, nothing unknown."""

import re
from math import inf, nan
from typing import Any

from workbench.datasets.drift.report import VERDICTS
from workbench.operations.drift.listing import WatchedLine
from workbench.operations.drift.prometheus import MOST_COLUMNS, as_prometheus
from workbench.operations.drift.series import Cell, ChunkHead, ColumnHead, Series

_LINE = re.compile(
    r'(?P<name>[a-z_]+)(?:\{(?P<labels>(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (?P<value>\S+)'
)


def watched(name: str = "flights", **fields: Any) -> WatchedLine:
    """Return a monitor that was checked and drifted; ``fields`` replace what it says."""
    said: dict[str, Any] = {
        "name": name, "model": "flights", "stage": "production", "version": 1,
        "data": "flights-month", "checked": 1000.5, "verdict": "drift", "worst": (),
        "heard": "drift",
        "trend": (0.1, 0.25), "alerts": 2, "acknowledged": 0, "overdue": False,
        "data_time": 900.0, "chunks": 12, "reference": "training", "fault": "", "muted": (),
        "severity": "warning", "rows": 27_662,
    }  # fmt: skip
    return WatchedLine(**(said | fields))


def chunk(label: str, segment: str = "") -> ChunkHead:
    """Return a chunk of a series."""
    return ChunkHead(
        label=label, key="k", segment=segment, start=None, end=None, verdict="drift", score=0.2,
        rows=10, reference="", time=1.0, alert="",
    )  # fmt: skip


def head(name: str) -> ColumnHead:
    """Return a column of a series."""
    return ColumnHead(name=name, part="feature", importance=0.1, worst="drift", muted_until="")


def cell(verdict: str = "drift", effect: float = 2.0) -> Cell:
    """Return what became of a column in a chunk."""
    return Cell(verdict, effect, 0.001, None, "psi", "it moved")


def series(*names: str, effect: float = 2.0) -> Series:
    """Return a series of a chunk of all rows, and after it one of a segment."""
    chunks = (chunk("2013-01"), chunk("2013-02"), chunk("2013-02", "origin=JFK"))
    cells = tuple((cell("stable", 0.1), cell(effect=effect), cell("severe", 9.0)) for _ in names)
    return Series("flights", chunks, tuple(map(head, names)), cells, ())


def samples(text: str) -> dict[tuple[str, str], str]:
    """Return metrics and labels with their values, each line held against the format."""
    assert text.endswith("\n")
    found: dict[tuple[str, str], str] = {}
    said: list[str] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            said.append(line.split()[2])
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {said[-1]} gauge"
        else:
            parts = _LINE.fullmatch(line)
            assert parts, line
            assert parts["name"] == said[-1]
            key = (parts["name"].removeprefix("workbench_drift_"), parts["labels"] or "")
            assert key not in found
            float(parts["value"].replace("Inf", "inf"))
            found[key] = parts["value"]
    assert len(said) == len(set(said))
    return found


def test_each_metric_has_its_help_its_type_and_its_lines_together() -> None:
    """Two monitors do not split a metric, which the format forbids."""
    text = as_prometheus([watched("a"), watched("b")], {}, {}, 5.0)
    found = samples(text)
    own = 'model="flights",stage="production"'
    assert found["alerts", f'monitor="a",{own}'] == "2"
    assert found["alerts", f'monitor="b",{own}'] == "2"
    assert found["score", f'monitor="a",{own}'] == "0.25"
    assert found["checked_timestamp_seconds", f'monitor="a",{own}'] == "1000.5"
    assert found["run_timestamp_seconds", ""] == "5"


def test_one_verdict_is_1_and_all_others_0() -> None:
    """A verdict that went away is 0, not a series that stopped."""
    found = samples(as_prometheus([watched()], {}, {}, 5.0))
    verdicts = {key[1].rpartition('verdict="')[2][:-1]: value for key, value in found.items()
                if key[0] == "verdict"}  # fmt: skip
    assert verdicts == {one: "1" if one == "drift" else "0" for one in VERDICTS}


def test_of_what_was_never_checked_nothing_is_said() -> None:
    """No score of 0 that looks like an answer; that it could not be run is said."""
    line = watched(checked=None, verdict="", trend=(), rows=None, fault="no such dataset")
    names = {key[0] for key in samples(as_prometheus([line], {}, {}, 5.0))}
    assert names == {"failed", "overdue", "alerts", "run_timestamp_seconds"}
    assert '_failed{monitor="flights",model="flights",stage="production"} 1' in as_prometheus(
        [line], {}, {}, 5.0
    )


def test_columns_are_of_the_newest_chunk_of_all_rows() -> None:
    """Neither of an older one, nor of a segment that happens to stand last."""
    found = samples(as_prometheus([watched()], {"flights": series("dest")}, {}, 5.0))
    assert found["column_effect", 'monitor="flights",column="dest"'] == "2"
    assert found["column_alarm", 'monitor="flights",column="dest"'] == "1"


def test_names_of_columns_cannot_break_the_file() -> None:
    """Quotes, backslashes, line ends and half characters are escaped as the format says."""
    strange = 'a"b\\c\nd\ud800{x="1"} 3'
    found = samples(as_prometheus([watched()], {"flights": series(strange)}, {}, 5.0))
    assert 'monitor="flights",column="a\\"b\\\\c\\nd?{x=\\"1\\"} 3"' in {key[1] for key in found}


def test_a_wide_table_does_not_flood_the_server() -> None:
    """The gravest columns are given, a bounded number of series."""
    names = [f"c{n}" for n in range(MOST_COLUMNS + 50)]
    found = samples(as_prometheus([watched()], {"flights": series(*names)}, {}, 5.0))
    assert sum(key[0] == "column_effect" for key in found) == MOST_COLUMNS


def test_numbers_that_are_not_finite_are_written_as_the_format_does() -> None:
    """Not as Python does."""
    for value, written in ((inf, "+Inf"), (-inf, "-Inf"), (nan, "NaN")):
        made = {"flights": series("a", effect=value)}
        found = samples(as_prometheus([watched()], made, {}, 5.0))
        assert found["column_effect", 'monitor="flights",column="a"'] == written


def test_a_monitor_nobody_lists_and_that_failed_is_there() -> None:
    """A fault of this run is never left out."""
    found = samples(as_prometheus([], {}, {"gone": "no such dataset"}, 5.0))
    assert found["failed", 'monitor="gone"'] == "1"
