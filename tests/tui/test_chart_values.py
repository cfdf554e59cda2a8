"""Values under the crosshair and as a table, by hand; and what is kept of costly results."""

import numpy as np

from workbench.charts.reduction import Curve
from workbench.operations.traces import Trace
from workbench.runs.alignment import band
from workbench.tui.cells import Cell, width_of_line
from workbench.tui.chart_curves import Drawn
from workbench.tui.chart_settings import Group, Line
from workbench.tui.chart_values import Table, read_out, read_out_lines, table_of
from workbench.tui.keeping import Kept


def drawn(letter: str, label: str, x: list[float], y: list[float]) -> Drawn:
    """Return a run's curve."""
    who = Line(1, label, 0x56B4E9, letter)
    trace = Trace(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return Drawn(who, trace, Curve(label, *trace, who.color, letter), 1)


def group(*runs: tuple[list[float], list[float]], label: str = "lr=1") -> Drawn:
    """Return the mean of some runs."""
    parts = tuple(Trace(np.asarray(x, dtype=float), np.asarray(y, dtype=float)) for x, y in runs)
    made = band(parts)
    who = Group(label, 0x56B4E9, "A", tuple(range(len(parts))))
    curve = Curve(f"{label} (n={len(parts)})", made.x, made.mean, who.color, who.letter)
    return Drawn(who, Trace(made.x, made.mean), curve, len(parts), parts)


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


def test_a_mean_is_told_with_its_deviation_and_of_how_many_where_some_are_missing():
    """One of three is NaN from step 2 on, one ends at 2: the mean there is of fewer."""
    nan = np.nan
    mean = group(([0, 1, 2], [1, 1, 1]), ([0, 1, 2, 3], [2, 2, nan, nan]), ([0, 3], [3, 5]))
    words = [read_out("loss", [mean], at, "step").values[0].words for at in (-1, 0, 2, 3, 9)]
    assert words == ["—", "2 ±1", "2 ±1.4 n=2", "5 n=1", "5 n=1 @3"]
    rows = [text.split("  ")[-1].strip() for text in texts(table_of("loss", [mean], "step").lines)]
    assert rows[3:] == ["5 n=1", "2 ±1.4 n=2", "2 ±1", "2 ±1"]


def test_a_mean_is_told_exactly_however_many_points_it_has():
    """Between two of the places a long band is drawn at, it is what it is there."""
    x = [float(step) for step in range(20_000)]
    mean = group((x, x), (x, x))
    assert read_out("loss", [mean], 12_345.0, "step").values[0].words == "12345 ±0"


def at_step(table: Table) -> str:
    """Return the line of the crosshair's place without its blanks."""
    assert table.here is not None
    return " ".join(texts(table.lines)[table.here].split())


def test_the_place_of_the_crosshair_has_a_mark_in_the_table():
    """It is the last one before where there is none; of many places those around it are shown."""
    few = [drawn("a", "one", [0, 2, 5], [7, 8, 9])]
    assert [at_step(table_of("loss", few, "step", at=at)) for at in (2, 4.5, -1, 99)] == [
        "▸ 2 8", "▸ 2 8", "▸ 0 7", "▸ 5 9",
    ]  # fmt: skip
    x = [float(step) for step in range(5000)]
    for at in (0.0, 120.0, 2500.0, 4999.0):
        many = table_of("loss", [drawn("a", "one", x, x)], "step", at=at)
        assert at_step(many) == f"▸ {at:,.0f} {at:.0f}"
        assert texts(many.lines)[0] == "loss: around the crosshair 1000 of 5,000 places"
        assert len(many.lines) == 1003


def test_columns_of_a_table_share_the_width():
    """A head is cut only where there is no room for it, and no value ever is."""
    label = "optimizer=adamw weight_decay=0.001"
    curves = [drawn("a", label, [0], [1]), drawn("b", "lr=2", [0], [-1.2345e-7])]
    wide, narrow = (texts(table_of("loss", curves, "step", width=w).lines) for w in (90, 40))
    assert f"a {label}" in wide[2]
    assert label not in narrow[2]
    assert "a optimizer" in narrow[2]
    assert all("b lr=2" in text[2] and "-1.235e-7" in text[3] for text in (wide, narrow))
    assert max(map(len, narrow)) <= 60


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
    lines = table_of("loss", curves, "step").lines
    assert [text.split() for text in texts(lines)[3:]] == [
        ["3", "—", "∞"], ["2", "7", "9"], ["1", "6", "(8)"], ["0", "5", "8"],
    ]  # fmt: skip
    assert [line[2].style for line in lines[3:]] == ["plain", "plain", "dim", "plain"]
    assert len({width_of_line(line) for line in lines[2:]}) == 1
    assert texts(lines)[0] == "loss"


def test_a_long_table_says_what_it_leaves_out():
    """The last places are shown."""
    x = [float(step) for step in range(5000)]
    lines = table_of("loss", [drawn("a", "one", x, x)], "step").lines
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
