"""The rows of a comparison: a tree of differences, the best marked, what is common dim."""

from collections.abc import Sequence
from typing import Any

from workbench.operations.compare import Compared, Comparison
from workbench.runs.comparing import MISSING, Fact, facts
from workbench.tui.compare.rows import lay_out, page_of
from workbench.tui.compare.state import Choices, Order, Shown
from workbench.tui.widgets.table_values import Row


def comparison(
    *sections: Sequence[Fact], runs: int = 3, baseline: int | None = None, **more: Any
) -> Comparison:
    """Return a comparison of runs labelled ``lr=0``, ``lr=1`` and so on."""
    compared = tuple(
        Compared(n, f"id{n}", f"run-{n}", f"lr={n}", "abcdefgh"[n], "FINISHED", False, "r")
        for n in range(runs)
    )
    found = tuple(fact for section in sections for fact in section)
    return Comparison(compared, found, baseline, metrics=("auc",), **more)


PARAMS = facts(
    "params",
    [{"lr": 0.1, "depth": 3}, {"lr": 0.1, "depth": 3}, {"lr": 0.2, "depth": 3, "extra": True}],
)
METRICS = facts("metrics", [{"auc": 0.9}, {"auc": 0.95}, {}], {"auc": "max"})


def shown(found: Comparison, **chosen: Any) -> tuple[Shown, list[Row]]:
    """Return a comparison laid out, and its rows."""
    made = lay_out(found, Choices(**chosen), 1)
    return made, list(page_of(made, 0, 100).rows)


def said(row: Row) -> list[str]:
    """Return what stands in the cells of a row."""
    return [cell.text.strip() for cell in row.cells]


def test_only_what_differs_is_shown_and_the_rest_is_counted() -> None:
    """A section's heading says how many rows differ and how many are equal."""
    _, rows = shown(comparison(PARAMS))
    assert [said(row)[0] for row in rows] == ["params", "extra", "lr"]
    assert rows[0].span
    assert said(rows[0])[1] == "2 differ, 1 equal row"


def test_equal_rows_are_shown_when_asked_for() -> None:
    """The equal row stands in its section, dim, and says that all runs share it."""
    _, rows = shown(comparison(PARAMS), equal=True)
    depth = next(row for row in rows if said(row)[0] == "depth")
    assert said(depth) == ["depth", "all", "3", "3", "3"]
    assert {cell.style for cell in depth.cells} == {"dim", "faint"}


def test_most_have_it_and_one_stands_out() -> None:
    """Of three runs two share a value: those are dim, the third is not, and k/n says so."""
    _, rows = shown(comparison(PARAMS))
    lr = next(row for row in rows if said(row)[0] == "lr")
    assert said(lr) == ["lr", "2/3", "0.1", "0.1", "0.2"]
    assert [cell.style for cell in lr.cells[2:]] == ["dim", "dim", ""]


def test_what_a_run_does_not_have_is_a_dash() -> None:
    """A param of one run alone is missing in the others, faintly."""
    _, rows = shown(comparison(PARAMS))
    extra = next(row for row in rows if said(row)[0] == "extra")
    assert said(extra)[2:] == ["—", "—", "true"]
    assert extra.cells[2].style == "faint"


def test_the_best_has_an_arrow_and_differences_have_signs() -> None:
    """Against a baseline a metric shows value and difference, the best the way that is good."""
    _, rows = shown(comparison(METRICS, baseline=0))
    auc = rows[1]
    assert said(auc)[2:] == ["0.9", "↑ 0.95 +0.05", "—"]
    assert auc.cells[3].style == "best good"


def test_values_of_a_run_stand_in_one_line_with_those_of_metrics() -> None:
    """Beside differences, other values keep the same room at their right."""
    made, rows = shown(comparison(PARAMS, METRICS, baseline=0))
    lr = next(row for row in rows if said(row)[0] == "lr")
    auc = next(row for row in rows if said(row)[0] == "auc ↑")
    assert len(auc.cells[3].text) - len("↑ 0.95") == len(lr.cells[3].text) - len("0.1")
    assert made.sheet.columns[2].title == "a lr=0 (base)"


def test_of_two_runs_nothing_is_counted() -> None:
    """Two runs that differ share nothing; the column would say 1/2 on every line."""
    pair = facts("params", [{"lr": 1}, {"lr": 2}])
    made, rows = shown(comparison(pair, runs=2))
    assert [column.key for column in made.sheet.columns] == ["name", "id0", "id1"]
    assert said(rows[1]) == ["lr", "1", "2"]


def test_runs_are_ordered_by_a_row() -> None:
    """Columns go by the value, those without one last; the letters stay with their runs."""
    made, rows = shown(comparison(METRICS), order=Order("metrics", "auc", True))
    assert made.runs == (1, 0, 2)
    assert [column.title[0] for column in made.sheet.columns[2:]] == ["b", "a", "c"]
    assert said(rows[1])[0] == "auc ↑ ▼"


def test_letters_narrow_the_rows_by_name() -> None:
    """Only rows whose name holds the letters are left, and the headings above them."""
    made, rows = shown(comparison(PARAMS, METRICS), typed="ep", equal=True)
    assert [said(row)[0] for row in rows] == ["params", "depth"]
    assert made.differing == ()


def test_a_metric_of_the_machine_comes_last() -> None:
    """What a model reached stands above what the machine did meanwhile."""
    found = facts("metrics", [{"system/cpu": 1.0, "val/auc": 1.0}, {"system/cpu": 2.0}])
    _, rows = shown(comparison(found, runs=2))
    assert [said(row)[0] for row in rows] == ["metrics", "val/auc", "system/cpu"]


def test_a_status_is_said_in_one_word_and_missing_ones_are_dashes() -> None:
    """A run whose file does not say how it stands has a dash, not a state."""
    found = (Fact("run", "status", ("finished", MISSING)),)
    _, rows = shown(comparison(found, runs=2))
    assert said(rows[1])[1:] == ["✓ finished", "—"]


def test_columns_are_as_narrow_as_their_numbers() -> None:
    """A long command is cut where numbers end, and four of eight runs stand side by side."""
    said = facts("run", [{"command": f"train.py --config {n} " * 9, "duration": 60.0 + n}
                         for n in range(8)])  # fmt: skip
    made, rows = shown(comparison(said, runs=8), width=71)
    command = next(row for row in rows if said_of(row) == "command")
    assert max(len(cell.text) for cell in command.cells[2:]) < 14
    assert sum(one + 2 for one in made.widths.runs[:4]) < 71 - 20


def test_moments_of_one_day_are_said_without_it() -> None:
    """The day is on the line under the table; hours tell the runs apart."""
    begun = facts("run", [{"started": 1_795_253_160.0 + 600 * n} for n in range(3)])
    _, rows = shown(comparison(begun), width=60)
    assert all(len(text) == len("11:06") for text in said(rows[1])[2:])


def said_of(row: Row) -> str:
    """Return the name of a row."""
    return said(row)[0]
