"""Header, footer, help, palette and the guard of the size, on a screen."""

import pytest

from tests.tui.gallery import Gallery
from tests.tui.looking import lines_with, screen_text, until
from workbench.tui.cells import Cell, width_of_line
from workbench.tui.keys import KEYS, Context, for_footer, grouped, keys_for
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.footer import footer_line
from workbench.tui.widgets.header import HeaderFacts, header_line
from workbench.tui.widgets.help import HelpScreen, help_lines
from workbench.tui.widgets.lines import rule_line
from workbench.tui.widgets.too_small import TooSmallScreen


def text_of(line) -> str:
    """Return a line's text."""
    return "".join(cell.text for cell in line)


FULL = HeaderFacts(
    crumbs=("Runs",),
    workspace="churn-2026",
    facts=("5,051 runs", "3 marked", "/auc>0.9"),
    watch="polled 14:02:10",
    new=12,
)


def test_header_at_length():
    """With room enough everything is said."""
    assert text_of(header_line(FULL, 120)).split("  ")[0].strip() == "workbench › Runs"
    for said in ("5,051 runs · 3 marked · /auc>0.9", "churn-2026", "12 new ↑ f", "polled 14:02:10"):
        assert said in text_of(header_line(FULL, 120))


@pytest.mark.parametrize("width", [80, 90, 100, 160])
def test_header_fits(width):
    """The header is exactly as wide as the screen and keeps its right end whole."""
    line = text_of(header_line(FULL, width))
    assert len(line) == width
    assert line.endswith("○ polled 14:02:10 ")


def test_a_filter_is_cut_and_never_left_out():
    """That rows are filtered is seen at 80 cells, however long the filter is."""
    facts = ("3,000,000 rows", "/income > 50000 and city = Berlin", "3 columns masked")
    line = text_of(
        header_line(HeaderFacts(("Data", "p.parquet", "rows"), "", facts, "watching"), 80)
    )
    assert len(line) == 80
    assert "3,000,000 rows · /income" in line
    assert "…" in line
    assert "masked" not in line
    assert line.endswith("● watching ")


def test_a_long_name_is_cut_before_the_first_fact_is_left_out() -> None:
    """How a run stands is read beside any name, and that the folder is watched too."""
    name = "resnet50-imagenet-long-name-of-a-run-x"
    told = HeaderFacts(("Runs", name), "w", ("✗ failed~", "3m 05s"), "watching", new=133)
    line = text_of(header_line(told, 80))
    assert "resnet50-ima" in line
    assert "✗ failed~" in line
    assert "133 new" in line
    assert "● watching" in line
    assert name in text_of(header_line(told, 160))


async def test_a_dialog_takes_the_keys_below_out_of_sight():
    """What would be typed into the box is no key; with the box gone they are offered again."""
    app = Gallery()
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "? Help" in screen_text(app))
        app.push_screen(ChooseScreen("Which?", [Choice("a", "alpha"), Choice("b", "beta")]))
        await until(pilot, lambda: "alpha" in screen_text(app))
        await until(pilot, lambda: "? Help" not in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "? Help" in screen_text(app))


async def test_what_was_told_on_another_screen_goes_with_it():
    """A notice that was read does not lie over the words of the next screen; a new one stays."""
    app = Gallery()
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "? Help" in screen_text(app))
        app.notify("read long ago", timeout=1000)
        await until(pilot, lambda: len(app._notifications) == 1)
        (old,) = app._notifications
        old.raised_at -= 5
        app.notify("just said", timeout=1000)
        await until(pilot, lambda: len(app._notifications) == 2)
        await pilot.press("question_mark", "escape")
        await until(pilot, lambda: [one.message for one in app._notifications] == ["just said"])


def test_header_says_what_goes_on():
    """Long work takes the watcher's place, with its time."""
    line = text_of(header_line(HeaderFacts(("Runs",), watch="watching", busy="reading 3s"), 80))
    assert "◌ reading 3s" in line
    assert "watching" not in line


@pytest.mark.parametrize("width", [80, 100, 160])
def test_footer_never_cuts_a_word(width):
    """Whole keys only, and help always."""
    keys = for_footer(keys_for("table", "runs", "chart", "everywhere"))
    line = text_of(footer_line(keys, Context(rows=3, selected=True, metrics=2), width))
    assert len(line) == width
    assert line.endswith("? Help ")
    shown = {f"{key.keys[0]}" for key in keys}
    assert shown
    words = {key.words for key in keys}
    first = line.split("  ")[0].strip()
    assert first.partition(" ")[2] in words


def test_a_footer_key_that_is_not_possible_is_dimmed():
    """It stays where the hand expects it."""
    keys = for_footer(keys_for("table"))
    line = footer_line(keys, Context(), 100)
    assert {cell.style for cell in line if cell.text.strip() == "Open"} == {"faint"}
    possible = footer_line(keys, Context(selected=True, rows=1), 100)
    assert {cell.style for cell in possible if cell.text.strip() == "Open"} == {"dim"}


def test_a_rule_is_as_wide_as_asked():
    """A hairline fills its line around its titles."""
    title, end = (Cell("val/auc"),), (Cell("日本語"),)
    assert text_of(rule_line((), (), 10)) == "─" * 10
    assert text_of(rule_line(title, end, 30)) == "── val/auc ────────── 日本語 ─"
    assert width_of_line(rule_line((Cell("x" * 50),), end, 30)) == 30


@pytest.mark.parametrize("width", [76, 156])
def test_help_names_every_key(width):
    """Help wraps its sentences and drops none of them."""
    groups = grouped("runs", "table", "chart", "everywhere")
    said = " ".join(
        " ".join(text_of(line).split()) for line in help_lines(groups, Context(), width)
    )
    for key in KEYS:
        if set(key.scopes) & {"runs", "table", "chart", "everywhere"} and key.keys:
            assert key.sentence.split()[-1] in said
    assert all(len(text_of(line)) <= width for line in help_lines(groups, Context(), width))


async def test_help_opens_and_closes():
    """`?` shows the keys of this screen, Esc goes back, and q does not quit from there."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        text = screen_text(app)
        assert "── Keys: Runs " in text
        assert lines_with(text, "Choose, order, pin and hide columns.")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.gallery)
        await pilot.press("question_mark", "q")
        await until(pilot, lambda: app.screen is app.gallery)
        assert app.is_running


async def test_keys_follow_the_focus():
    """The footer shows the chart's keys when the chart has the focus."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab")
        await until(pilot, lambda: "␣ Mark" not in screen_text(app).splitlines()[-1])
        await pilot.press("shift+tab")
        await until(pilot, lambda: "␣ Mark" in screen_text(app).splitlines()[-1])


async def test_zoom_gives_a_pane_everything():
    """`z` hides the other panes and brings them back."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "val/auc  gbm" in screen_text(app))
        await pilot.press("z")
        await until(pilot, lambda: "val/auc  gbm" not in screen_text(app))
        await pilot.press("z")
        await until(pilot, lambda: "val/auc  gbm" in screen_text(app))


async def test_the_palette_knows_the_screen_below():
    """Actions of the screen one came from are found by their words and then done."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.gallery.table.cursor_row is not None)
        await pilot.press("colon")
        await pilot.press(*"mark")
        await until(pilot, lambda: "Mark the row for comparing" in screen_text(app))
        await until(pilot, lambda: "Mark  ␣" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.gallery.table.marks)


@pytest.mark.parametrize("size", [(70, 20), (79, 40), (100, 23)])
async def test_a_small_terminal_gets_a_sentence(size):
    """Below 80x24 there is one line that says so, and q quits."""
    app = Gallery()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TooSmallScreen))
        sentence = f"Terminal is {size[0]}x{size[1]}; the workbench needs 80x24. q quits."
        assert sentence in screen_text(app).splitlines()[0]
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)


async def test_growing_again_brings_the_screen_back():
    """The sentence goes when the terminal is large enough."""
    app = Gallery()
    async with app.run_test(size=(70, 20)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TooSmallScreen))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "gbm-baseline-00000" in screen_text(app))


async def test_without_colour(monkeypatch):
    """With NO_COLOR state, cursor and marks are still told apart, by symbols."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.gallery.table.cursor_row is not None)
        await pilot.press("space")
        await pilot.pause()
        text = screen_text(app)
        assert " a gbm-baseline-00000" in text
        assert "▌  gbm-" in text
        assert "▶ running" in text
        colours = {
            segment.style.color.triplet
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.color and segment.style.color.triplet
        }
        assert colours
        assert all(max(one) - min(one) <= 2 for one in colours)


def test_where_room_is_short_a_footer_shows_what_can_be_done():
    """What is not possible makes room; giving a stage back stays, dimmed."""
    keys = for_footer(keys_for("table", "models", "everywhere"))
    line = text_of(footer_line(keys, Context(), 80))
    assert "a Register" in line
    assert "R Roll back" in line
    assert "Promote" not in line
    full = text_of(footer_line(keys, Context(rows=1, selected=True, model=True, versions=2), 80))
    assert full.index("Open") < full.index("R Roll back") < full.index("p Promote")


@pytest.mark.parametrize(
    "theme", ["workbench", "workbench-light", "ansi-dark", "ansi-light", "nord"]
)
async def test_every_theme_draws(theme):
    """A theme, also one of the terminal's own colours, changes the look and nothing else."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.gallery.table.cursor_row is not None)
        before = screen_text(app)
        app.theme = theme
        await pilot.pause()
        await until(pilot, lambda: screen_text(app) == before)
