"""Values under the crosshair and as a table, by hand; and what is kept of costly results."""

import numpy as np

from workbench.charts.reduction import Curve
from workbench.operations.traces import Trace
from workbench.tui.cells import Cell, width_of_line
from workbench.tui.chart_curves import Drawn
from workbench.tui.chart_settings import Line
from workbench.tui.chart_values import read_out, read_out_lines, table_lines
from workbench.tui.keeping import Kept


def drawn(letter: str, label: str, x: list[float], y: list[float]) -> Drawn:
    """Return a run's curve."""
    who = Line(1, label, 0x56B4E9, letter)
    trace = Trace(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return Drawn(who, trace, Curve(label, *trace, who.color, letter), 1)


def texts(lines: tuple[tuple[Cell, ...], ...]) -> list[str]:
    """Return lines as text."""
    return ["".join(cell.text for cell in line) for line in lines]


def test_a_run_without_a_value_there_has_none():
    """One that had ended says where."""
    curves = [
        drawn("a", "lr=1", [0, 10], [0.5, 0.25]),
        drawn("b", "lr=2", [0, 100], [1, np.nan]),
        drawn("c", "lr=3", [50], [1]),
        drawn("d", "lr=4", [np.nan], [1]),
    ]
    found = read_out("loss", curves, 20.0, "step")
    assert [value.words for value in found.values] == ["0.25 @10", "1", "—", "—"]


def test_a_read_out_fits_its_width():
    """Labels go before letters do, and no part is broken in two."""
    curves = [drawn(chr(97 + n), f"lr=0.0{n}", [0], [n / 7]) for n in range(10)]
    found = read_out("val/auc", curves, 0.0, "step")
    (whole,) = texts(read_out_lines(found, 300, 3))
    assert whole.startswith("val/auc at step 0  a lr=0.00 0  b lr=0.01 0.1429")
    narrow = read_out_lines(found, 80, 3)
    assert len(narrow) == 2
    assert all(width_of_line(line) <= 80 for line in narrow)
    assert all(f"{chr(97 + n)} " in " ".join(texts(narrow)) for n in range(10))


def test_a_control_character_in_a_label_stays_in_sight():
    """It is never sent to the terminal."""
    (line,) = texts(
        read_out_lines(read_out("m", [drawn("a", "x\x1b[2J", [0], [1])], 0, "step"), 80, 1)
    )
    assert "\x1b" not in line


def test_a_table_stands_side_by_side():
    """What a run stands at between its points is in brackets; after its end there is nothing."""
    curves = [drawn("a", "one", [0, 1, 2], [5, 6, 7]), drawn("b", "two", [0, 2, 3], [8, 9, np.inf])]
    lines = table_lines("loss", curves, "step")
    assert [text.split() for text in texts(lines)[3:]] == [
        ["3", "—", "∞"], ["2", "7", "9"], ["1", "6", "(8)"], ["0", "5", "8"],
    ]  # fmt: skip
    assert [line[2].style for line in lines[3:]] == ["plain", "plain", "dim", "plain"]
    assert len({width_of_line(line) for line in lines[2:]}) == 1
    assert texts(lines)[0] == "loss"


def test_a_long_table_says_what_it_leaves_out():
    """The last places are shown."""
    x = [float(step) for step in range(5000)]
    lines = table_lines("loss", [drawn("a", "one", x, x)], "step")
    assert texts(lines)[0] == "loss: the last 1000 of 5,000 places"
    assert len(lines) == 1003


def test_a_result_is_kept_while_its_sources_are_the_same():
    """Another object is another source, even an equal one."""
    made: list[str] = []
    kept: Kept[str] = Kept(10, len)
    one, other = [1], [1]
    for source, name in ((one, "a"), (one, "b"), (other, "c")):
        found = kept.get("key", (source,), lambda name=name: made.append(name) or name)  # type: ignore[misc, func-returns-value]
    assert (made, found) == (["a", "c"], "c")


def test_the_results_used_last_are_kept():
    """Up to a size; the newest in any case."""
    kept: Kept[str] = Kept(5, len)
    kept.get(1, (), lambda: "aa")
    kept.get(2, (), lambda: "bb")
    kept.get(1, (), lambda: "never")
    kept.get(3, (), lambda: "cc")
    assert kept.get(1, (), lambda: "made anew") == "aa"
    assert kept.get(2, (), lambda: "larger than all") == "larger than all"
    assert kept.get(2, (), lambda: "never") == "larger than all"
