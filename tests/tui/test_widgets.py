"""Small widgets: trees of values, empty places, charts, backgrounds."""

from collections.abc import Iterable
from typing import Any

import pytest
from textual.app import App
from textual.widget import Widget

from tests.tui.gallery import Gallery, wave
from tests.tui.looking import lines_with, screen_text, until
from workbench.tui.inks import inks_of
from workbench.tui.keys import BY_ID, Context
from workbench.tui.toast import tell
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted
from workbench.tui.widgets.confirm import ConfirmScreen, Question
from workbench.tui.widgets.empty import Empty, EmptyState, empty_lines
from workbench.tui.widgets.help import help_lines
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.tree import ValueTree, nested


class Holder(App[None]):
    """An app with one widget that remembers which drawings were wanted."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.wanted: list[tuple[int, int]] = []

    def compose(self) -> Iterable[Widget]:
        """Show the widgets."""
        yield from self.widgets

    def on_drawing_wanted(self, event: DrawingWanted) -> None:
        """Remember the size."""
        self.wanted.append((event.width, event.height))

    on_chart_drawing_wanted = on_drawing_wanted


@pytest.mark.parametrize(
    ("flat", "tree"),
    [
        ({}, {}),
        ({"lr": 1}, {"lr": 1}),
        ({"model.depth": 4, "model.kind": "gbm"}, {"model": {"depth": 4, "kind": "gbm"}}),
        ({"a": 1, "a.b": 2}, {"a": 1, "a.b": 2}),
        ({"a.b.c": 1, "a.b": 2}, {"a": {"b": 2}, "a.b.c": 1}),
    ],
)
def test_nested(flat: dict[str, Any], tree: dict[str, Any]):
    """Dotted names become a tree; a name that is leaf and branch at once keeps its dots."""
    assert nested(flat) == tree


async def test_a_tree_shows_values_literally():
    """Markup and control characters in names and values are text."""
    tree = ValueTree({"model": {"[b]depth[/]": 4, "note": "a\x1b[2Jb"}, "lr": 0.1})
    app = Holder(tree)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "model" in screen_text(app))
        text = screen_text(app)
        assert lines_with(text, "[b]depth[/]")
        assert lines_with(text, "a␛[2Jb")
        tree.values = {"only": True}
        await until(pilot, lambda: lines_with(screen_text(app), "only  true"))
        assert "model" not in screen_text(app)


def test_empty_lines_leave_nothing_out():
    """An empty place says what, why, what to type, and one key."""
    empty = Empty("No runs yet", "A script writes them.", ("workbench demo",), "?", "keys")
    said = ["".join(cell.text for cell in line) for line in empty_lines(empty, 80)]
    assert said == [
        "No runs yet", "", "A script writes them.", "", "    workbench demo", "", "?  keys",
    ]  # fmt: skip


async def test_a_long_reason_for_an_empty_place_goes_on_below():
    """Nothing of why it is empty is cut off, however narrow the place is."""
    why = "The rows cannot be shown. There is nothing at data/some/long/folder/of/files.parquet."
    app = Holder(EmptyState(Empty("No rows", why)))
    async with app.run_test(size=(40, 20)) as pilot:
        await until(pilot, lambda: "No rows" in screen_text(app))
        said = " ".join(screen_text(app).split())
        assert said.endswith("files.parquet.")
        assert "The rows cannot be shown. There is" in said


async def test_an_empty_state_is_centred():
    """The words stand as a block, in the upper middle."""
    app = Holder(EmptyState(Empty("No runs yet", "Runs appear as soon as a script writes them.")))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "No runs yet" in screen_text(app))
        lines = screen_text(app).splitlines()
        place = next(n for n, line in enumerate(lines) if "No runs yet" in line)
        assert 4 <= place <= 12
        assert lines[place].index("No runs") == lines[place + 2].index("Runs appear")


async def test_a_chart_asks_for_its_size():
    """A chart wants a drawing for each size it gets, and shows the one it is given."""
    chart = ChartView()
    app = Holder(chart)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.wanted == [(80, 24)])
        chart.drawing = wave(80, 24)
        await until(pilot, lambda: "1.00 ┤" in screen_text(app))
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: app.wanted[-1] == (100, 30))
        chart.words = "No run here has val/[b]auc[/]."
        await until(pilot, lambda: "No run here has val/[b]auc[/]." in screen_text(app))
        assert "1.00 ┤" not in screen_text(app)


async def test_lines_scroll_and_follow_the_width():
    """Lines are made for the width they get, also after the scrollbar took a column."""
    app = Holder(Lines(_rows))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "row 0 " in screen_text(app))
        assert "…" not in screen_text(app)
        app.query_one(Lines).focus()
        await pilot.press("G")
        await until(pilot, lambda: "row 59 " in screen_text(app))
        await pilot.press("g", "j")
        await until(pilot, lambda: screen_text(app).splitlines()[0].startswith("row 1 "))


def _rows(width: int):
    from workbench.tui.cells import Cell, fit

    return [(Cell(fit(f"row {n} ", width)),) for n in range(60)]


async def test_every_segment_has_a_background():
    """A terminal's own background never shows through, not even in a dialog."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.gallery.table.cursor_row is not None)
        question = Question("Archive", "shown", "archived", "Archive", holds=("It is over.",))
        app.push_screen(ConfirmScreen(question))
        await until(pilot, lambda: "It is over." in screen_text(app))
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                assert segment.style is not None, segment
                assert segment.style.bgcolor is not None, segment


async def test_inks_follow_the_theme():
    """The same name is another colour in another theme, and unknown names are plain."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        dark = inks_of(app).style("accent")
        assert inks_of(app).style("no-such-name") == inks_of(app).style("")
        app.theme = "workbench-light"
        await pilot.pause()
        assert inks_of(app).style("accent") != dark
        assert inks_of(app).style("#56b4e9 bold").bold


async def test_the_same_notice_stands_once() -> None:
    """A key that is pressed again where it cannot do anything says so in the same place."""
    app = Gallery()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for _ in range(3):
            tell(app, "Nothing can be written here.")
            await pilot.pause()
        tell(app, "Another thing.")
        await until(pilot, lambda: "Another thing." in screen_text(app))
        assert [one.message for one in app._notifications] == [
            "Nothing can be written here.",
            "Another thing.",
        ]


def test_a_command_in_the_help_is_not_broken_at_a_hyphen() -> None:
    """What is to be typed, or where something is, stands whole in a line."""
    key = BY_ID["rename"]
    path = "/home/ana/churn-prediction-2026/mlruns-old"
    lines = help_lines(
        [("Runs", [key])], Context(rows=1, selected=True, read_only=f"{path} is only read"), 80
    )
    assert any(path in cell.text for line in lines for cell in line)
