"""Lines of the runs table as cells."""

import math
from typing import Any

import pytest

from workbench.catalogue.query import Head, RunRow
from workbench.operations.runs_table import Column, Spread, Varied
from workbench.tui.cells import Cell
from workbench.tui.runs.rows import Context, key_of, row_of, shown_column

NAME, STATUS = Column("attribute", "name"), Column("attribute", "status")
LOSS, LR = Column("metric", "loss"), Column("param", "lr")
NOW = 1_795_000_000.0


def cell(column: Column, value: Any, head: Head | None = None, **known: Any) -> Cell:
    """Return the cell of a value; in a group's line it stands in the second column."""
    told = {name: known.pop(name) for name in ("faults", "contested") if name in known}
    fields: dict[str, Any] = {"status": "FINISHED", "inferred": False, "faults": 0,
                              "contested": ""} | told  # fmt: skip
    line = RunRow(7, "01kb", **fields, cells=("first", value), head=head)
    return row_of(line, (Column("tag", "t"), column), Context(now=NOW, **known)).cells[1]


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (LOSS, 0.5, "0.5000"), (LOSS, math.nan, "NaN"), (LOSS, math.inf, "∞"), (LOSS, None, ""),
        (Column("metric", "loss", "count"), 12, "12"), (LR, 0.1, "0.1"), (LR, "adam", "adam"),
        (LR, None, ""), (LR, 3, "3"), (Column("attribute", "started"), NOW - 120, "2m"),
        (Column("attribute", "duration"), 90.0, "1m 30s"),
        (Column("attribute", "size"), 2048, "2.0 kB"),
        (Column("attribute", "faults"), 0, ""), (Column("attribute", "faults"), 2, "2"),
        (Column("attribute", "note"), None, ""), (Column("attribute", "ended"), None, ""),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_column_wants(column: Column, value: Any, text: str) -> None:
    """Numbers, ages, lengths and sizes; nothing where nothing is."""
    assert cell(column, value).text.strip() == text


def test_a_name_carries_what_is_wrong_with_its_run() -> None:
    """A mark for faults, one for a contested name; the baseline is bold."""
    assert cell(NAME, "a").text == "a"
    assert cell(NAME, "a", faults=2).text == "a !"
    assert cell(NAME, "a", faults=1, contested="name,note").text == "a !≠"
    assert cell(NAME, "a", baseline_run=7).style == "bold"


@pytest.mark.parametrize(
    ("goal", "value", "style"),
    [("min", 0.4, "good"), ("min", 0.6, "bad"), ("max", 0.6, "good"), ("max", 0.4, "bad"),
     (None, 0.6, "dim"), ("min", 0.5, "dim")],
)  # fmt: skip
def test_a_metric_is_compared_with_the_baseline(goal: str | None, value: float, style: str) -> None:
    """The difference has a sign, and is good or bad by the metric's direction."""
    goals = {"loss": goal} if goal else {}
    found = cell(LOSS, value, baseline={LOSS: 0.5}, goals=goals)
    assert found.style == style
    assert ("+" in found.text) == (value > 0.5)


@pytest.mark.parametrize("base", [None, math.nan, "x"])
@pytest.mark.parametrize("value", [0.5, math.nan])
def test_without_a_number_there_is_no_difference(base: Any, value: float) -> None:
    """Neither for a run that diverged, nor against a baseline that did."""
    found = cell(LOSS, value, baseline={LOSS: base})
    assert found.text == cell(LOSS, value).text
    own = cell(LOSS, 0.5, baseline={LOSS: 0.5}, baseline_run=7)
    assert own.text == cell(LOSS, 0.5).text


def test_the_best_value_is_marked_and_counts_are_not_compared() -> None:
    """Whoever is as good as the best is marked too; a step has no best."""
    assert cell(LOSS, 0.1, best={LOSS: 0.1}).style == "best"
    assert cell(LOSS, 0.2, best={LOSS: 0.1}).style == ""
    assert cell(LOSS, 0.1, best={LOSS: 0.1}, baseline={LOSS: 0.2},
                goals={"loss": "min"}).style == "best good"  # fmt: skip
    steps = Column("metric", "loss", "step_of_min")
    assert cell(steps, 3, best={steps: 3}, baseline={steps: 1}) == Cell("3", "")


GROUP = Head("churn\x1f", 3, expanded=False)


def test_a_group_is_titled_by_its_key_and_its_size() -> None:
    """A missing part of the key is a dash; the arrow says whether it is open."""
    line = RunRow(7, "01kb", "FINISHED", False, 0, "", ("x", 1), GROUP)
    row = row_of(line, (LR, NAME), Context(now=NOW))
    assert (row.key, row.group) == ("group:churn\x1f", True)
    assert row.cells[0] == Cell("▸ churn · — (3 runs)", "heading")
    opened = line._replace(head=Head("a", 1, expanded=True))
    assert row_of(opened, (LR, NAME), Context(now=NOW)).cells[0].text == "▾ a (1 run)"


@pytest.mark.parametrize("columns", [(NAME, STATUS), (STATUS, NAME), (LR, STATUS, NAME)])
@pytest.mark.parametrize("name", ["gbm", Varied("gbm", "mlp")])
def test_runs_equal_but_for_the_seed_are_titled_by_their_name(
    columns: tuple[Column, ...], name: Any
) -> None:
    """Wherever the name stands; their key is a mark that says nothing."""
    told = {NAME: name, STATUS: "FINISHED", LR: "adam"}
    cells = tuple(told[column] for column in columns)
    line = RunRow(7, "01kb", "FINISHED", False, 0, "", cells, Head("9f3c", 2, expanded=False))
    row = row_of(line, columns, Context(now=NOW, by_seed=True))
    assert row.cells[0].text == "▸ gbm (2 runs)"


def test_without_a_column_of_names_the_title_still_says_how_many() -> None:
    """A person may hide the name."""
    line = RunRow(7, "01kb", "FINISHED", False, 0, "", (1,), Head("9f3c", 2, expanded=False))
    row = row_of(line, (LR,), Context(now=NOW, by_seed=True))
    assert row.cells[0].text == "▸ — (2 runs)"


def test_a_group_shows_spread_and_range() -> None:
    """Mean with deviation, numbers from to, and a word for text that differs."""
    assert cell(LOSS, Spread(0.5, 0.1, 3), GROUP).text == "0.5 ±0.1"
    assert cell(LR, Varied(0.1, 10.0), GROUP) == Cell("0.1 … 10", "dim")
    assert cell(LR, Varied("a", "b"), GROUP) == Cell("varies", "dim")
    assert cell(Column("attribute", "started"), Varied(NOW - 3600, NOW - 60), GROUP).text == "1m"


def test_columns_have_keys_of_their_own() -> None:
    """Two parts of a metric are two columns; numbers stand to the right."""
    assert (
        key_of(LOSS) != key_of(Column("metric", "loss", "min")) != key_of(Column("param", "loss"))
    )
    assert shown_column(LOSS, width=None, pinned=False).align == "right"
    assert shown_column(NAME, width=5, pinned=True)[2:5] == ("left", 5, True)
    assert shown_column(Column("attribute", "started"), width=None, pinned=False).title == "age"
    assert shown_column(Column("param", "started"), width=None, pinned=False).title == "started"
