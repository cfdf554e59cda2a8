"""A monitor's page: the strip, the column under the cursor, its plots, alerts and mutes."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.drift_building import report, write
from tests.tui.drift.showing import NARROW, WIDE, flights, go, on, read, shown, shows
from tests.tui.looking import lines_with, toasts, until
from workbench.operations.drift.alerts import alerts, mutes
from workbench.tui.drift.mute_screen import MuteScreen
from workbench.tui.drift.strip_view import HeatStrip
from workbench.tui.widgets.confirm import ConfirmScreen


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_it_opens_on_the_newest_alert_at_the_column_that_moved_most(
    team: Path, size: tuple[int, int]
) -> None:
    """Strip, sentence and plot stand together at both sizes, in letters that need no colour."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=size) as pilot:
            await read(pilot)
            text = await shows(pilot, "D drift  dest  2013-12", "the middle of dest", "ORD ┤")
            assert "·   ·   ·   ·   D   !   !   !   !   !   ·   ·" in text
            assert text.index("prediction") < text.index("label") < text.index("temp")
            assert all(line.isprintable() for line in text.splitlines())


async def test_the_cursor_goes_along_columns_and_chunks(team: Path) -> None:
    """Arrows move on the strip, { and } step through chunks from any part, n goes on."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            screen = await go(pilot, "temp", "2013-11")
            row = screen.strip.row
            await pilot.press("left_curly_bracket", "h")
            await shows(pilot, "temp  2013-09", "! severe")
            await pilot.press("j", "enter", "N", "right_curly_bracket")
            await read(pilot, "2013-10")
            await shows(pilot, "temp  2013-10", "! severe")
            assert screen.strip.row == row
            await pilot.press("tab")
            await shows(
                pilot, "tested as", "Kolmogorov-Smirnov", "of its spread", "Wasserstein distance"
            )


async def test_plots_go_round_with_one_key_and_become_tables(team: Path) -> None:
    """K shows distributions, both curves, the quantile shift, the effect over time; t numbers."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await go(pilot, "temp", "2013-08")
            for words in (
                ("── distributions", "K 1 of 4"),
                ("── cumulative", "┃ gap"),
                ("── quantile shift", "limit ±0.1"),
                ("── effect over time", "limit 1"),
                ("── distributions", "K 1 of 4"),
            ):
                await shows(pilot, *words)
                await pilot.press("K")
            await pilot.press("t")
            await shows(pilot, "share", "reference", "current")


async def test_letters_narrow_columns_and_escape_shows_all(team: Path) -> None:
    """The cursor stays on its column where it is still shown."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("slash", *"de", "enter")
            text = await shows(pilot, "dewp", "dep_delay", "▌   dest")
            assert "temp" not in text
            await pilot.press("escape")
            await shows(pilot, "temp", "▌   dest")


async def test_a_marked_column_stays_at_the_top_and_order_changes(team: Path) -> None:
    """Space keeps the column above all others; s orders by the chunk under the cursor."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await read(pilot)
            await pilot.press("space")
            text = await shows(pilot, "▌●  dest")
            assert text.index("●  dest") < text.index("prediction")
            await pilot.press("space", "s", "s")
            text = await shows(pilot, "▌   dest")
            await until(pilot, lambda: "Columns by name." in toasts(app))
            names = ["air_time", "carrier", "dep_delay", "temp", "wind_speed"]
            places = [text.index(f" {name} ") for name in names]
            assert places == sorted(places)


async def test_news_are_shown_and_the_cursor_stays(team: Path) -> None:
    """A report that arrives is a chunk at the right; column and chunk under the cursor stay."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("left_curly_bracket")
            await read(pilot, "2013-11")
            write(team, report("flights", "2014-01", {"dest": "severe"}, number=13))
            app.watch_again()
            await shows(pilot, "Chunks 13", "dest  2013-11", "! severe ·")
            strip = app.screen.query_one(HeatStrip)
            assert (strip.at, strip.grid is not None and strip.grid.chunk(12).label) == (
                10, "2014-01",
            )  # fmt: skip


async def test_an_alert_is_acknowledged_with_a_note(team: Path) -> None:
    """A needs a note, and Enter after it says it; the alert is in the list as seen."""
    with shown(team, flights) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("A")
            await on(pilot, ConfirmScreen)
            waiting = len(alerts(session, "flights"))
            await shows(pilot, "note, needed")
            await pilot.press("enter")
            await until(pilot, lambda: "A note is needed." in toasts(app))
            assert len(alerts(session, "flights")) == waiting
            await pilot.press(*"the new timetable", "enter")
            await until(pilot, lambda: len(alerts(session, "flights")) == waiting - 1)
            assert "Acknowledged flights 2013-12." in toasts(app)
            await pilot.press("shift+tab", "shift+tab")
            text = await shows(pilot, "✓ ", "since 2013-07")
            assert "2013-12" in lines_with(text, "✓ ")[0]


async def test_a_column_is_muted_with_a_day_and_a_reason_and_unmuted(team: Path) -> None:
    """A day that is over is refused where it is typed; a muted column says so on the strip."""
    with shown(team, flights) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("M")
            await on(pilot, MuteScreen)
            app.screen.query_one("#until", Input).value = "2001-01-01"
            await shows(pilot, "is over")
            app.screen.query_one("#until", Input).value = "soon"
            text = await shows(pilot, "'soon' is no day.")
            assert "such as 7d" in text
            app.screen.query_one("#until", Input).value = "2101-01-31"
            await shows(pilot, "until 2101-01-31, that day included")
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "A reason is needed." in toasts(app))
            await pilot.press(*"known", "enter")
            await until(pilot, lambda: mutes(session, "flights"))
            await shows(pilot, "▌ ∅ dest", "muted until 2101-01-31")
            await pilot.press("M")
            await on(pilot, ConfirmScreen)
            await shows(pilot, "Let dest of flights alert again?")
            await pilot.press("tab", "enter")
            await until(pilot, lambda: not mutes(session, "flights"))
            await shows(pilot, "▌   dest")


async def test_typing_replaces_the_day_that_is_proposed(team: Path) -> None:
    """Nobody has to delete what nobody wrote."""
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("M")
            await on(pilot, MuteScreen)
            await pilot.press(*"7d")
            assert app.screen.query_one("#until", Input).value == "7d"


def written(folder: Path, ending: str) -> str:
    """Return what stands in the only file of a folder that ends so."""
    (file,) = folder.glob(f"*{ending}")
    return file.read_text("utf-8")


@pytest.mark.parametrize(
    ("letters", "ending", "words"),
    [
        ("plot as text", ".txt", "categories"),
        ("plot as SVG", ".svg", "<svg"),
        ("plot as CSV", ".csv", "category,reference,current"),
        ("heat strip", ".csv", "dest,feature,2013-12,,drift,1.8"),
        ("report as text", "2013-12-report*.txt", "flights   2013-12   drift\n"),
        ("report as HTML", ".html", "<html"),
    ],
)
async def test_what_is_shown_is_written_to_a_file(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letters: str, ending: str,
    words: str,
) -> None:  # fmt: skip
    """E offers the plot, its numbers, the strip and the whole report."""
    monkeypatch.chdir(tmp_path)
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await shows(pilot, "ORD ┤")
            await pilot.press("e", *letters, "enter")
            await until(pilot, lambda: "Wrote" in toasts(app))
            assert words in written(tmp_path, ending)


async def test_nothing_is_written_where_nothing_can_be(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a read-only workspace the keys that write say why they do nothing."""
    with shown(team, flights) as (app, session):
        monkeypatch.setattr(type(session), "why_not", "This folder is not writable.")
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            await pilot.press("A", "M", "exclamation_mark")
            await until(pilot, lambda: toasts(app).count("not writable") == 3)


async def test_a_monitor_that_was_never_checked_says_which_key_does_it(team: Path) -> None:
    """There is no strip yet, and nothing breaks on any key."""
    text = (team / "workbench.toml").read_text("utf-8")
    (team / "workbench.toml").write_text(text.replace("monitor.flights", "monitor.other"), "utf-8")
    with shown(team, lambda session: type(flights(session))(session, "other")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "It was never checked.", "checks it now")
            await pilot.press("K", "n", "right_curly_bracket", "space", "s", "t", "down", "plus")
            await pilot.press("tab", "tab", "tab", "tab", "tab", "e", "H", "o")
            await shows(pilot, "Drift › other")
