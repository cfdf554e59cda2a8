"""The list of what is watched: what stands in it, what it says when it is empty, where it leads."""

import os
from pathlib import Path

import pytest

from tests.building import BEGIN, write_workspace
from tests.drift_building import MONITOR
from tests.tui.drift.showing import NARROW, WIDE, on, shown, shows
from tests.tui.looking import lines_with, screen_text, until
from workbench.clock import FixedClock
from workbench.operations.drift.alerts import mutes
from workbench.operations.session import Session
from workbench.tui.drift.monitor_screen import MonitorScreen
from workbench.tui.drift.mute_screen import MuteScreen
from workbench.tui.drift.screen import DriftScreen
from workbench.tui.messages import WatchStatusChanged
from workbench.tui.widgets.choose import ChooseScreen

SECOND = '\n[monitor.quiet]\ndata = "census"\nreference = "census@1"\nevery = "1d"\n'


async def test_every_watched_thing_has_a_line_and_attention_comes_first(team: Path) -> None:
    """Verdict as sign and word, worst columns, trend, alerts; what was never checked says so."""
    (team / "workbench.toml").write_text(SECOND + MONITOR, "utf-8")
    os.utime(team / "workbench.toml", (BEGIN, BEGIN))
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "2 monitors", "1 alert", "◷")
            flights, quiet = lines_with(text, "flights")[0], lines_with(text, "quiet")[0]
            assert "D drift" in flights
            assert "D dest" in flights
            assert "▂▄▄▂▅▅▃▃" in flights
            assert "▲1" in flights
            assert "never checked" in quiet
            assert text.index("flights") < text.index("quiet")


async def test_beside_the_list_stands_the_strip_of_the_monitor(team: Path) -> None:
    """At 160x50 the monitor under the cursor shows its columns by chunks and its alerts."""
    with shown(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "Alerts", "ŷ prediction", "8 more columns")
            assert "flights@production · flights-month" in text
            assert "!   !   !   !   !" in lines_with(text, "temp ")[0]


async def test_the_strip_stands_there_when_the_terminal_becomes_wider(team: Path) -> None:
    """It is read when there is room for it, without a key."""
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1 alert")
            await pilot.resize_terminal(*WIDE)
            await shows(pilot, "8 more columns")


async def test_ages_grow_while_nothing_happens(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the list and on the page; what was checked in this minute was just now."""
    with shown(team) as (app, session):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "just now")
            screen = app.screen
            assert isinstance(screen, DriftScreen)
            await pilot.press("enter")
            await on(pilot, MonitorScreen)
            await shows(pilot, "checked just now")
            checked = screen.found.lines[0].checked if screen.found is not None else None
            assert checked is not None
            monkeypatch.setattr(session, "clock", FixedClock(checked + 7_200))
            app.screen.grow_older()  # type: ignore[attr-defined]
            screen.grow_older()
            await shows(pilot, "checked 2h ago")
            await pilot.press("escape")
            await shows(pilot, "2h ago")


async def test_an_empty_list_says_what_a_monitor_is_and_what_to_write(tmp_path: Path) -> None:
    """The lines for the settings name something that is there; two files need no settings."""
    with shown(write_workspace(tmp_path)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Nothing is watched yet", "[monitor.")
            assert "workbench drift check NEW --reference OLD" in text
            assert "workbench monitor run" in text


async def test_letters_narrow_the_list_and_enter_opens_a_monitor(team: Path) -> None:
    """The filter looks at worst columns too; Esc on the page comes back to the list."""
    (team / "workbench.toml").write_text(MONITOR + SECOND, "utf-8")
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "2 monitors")
            await pilot.press("slash", *"dest", "enter")
            text = await shows(pilot, "1 of 2 monitors")
            assert "quiet" not in text
            await pilot.press("enter")
            await on(pilot, MonitorScreen)
            await shows(pilot, "Drift › flights")
            await pilot.press("escape")
            await on(pilot, DriftScreen)


async def test_a_column_is_muted_from_the_list(team: Path) -> None:
    """M asks which column, until when and why; it is a file that colleagues see."""
    with shown(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1 alert")
            await pilot.press("M")
            await until(pilot, lambda: isinstance(app.screen, ChooseScreen | MuteScreen))
            if isinstance(app.screen, ChooseScreen):
                await pilot.press(*"dest", "enter")
            await on(pilot, MuteScreen)
            await pilot.press("enter", *"summer timetable", "enter")
            await until(pilot, lambda: mutes(session, "flights"))
            found = mutes(session, "flights")[0]
            assert (found.column, found.reason) == ("dest", "summer timetable")
            await shows(pilot, "∅1")


async def test_a_folder_of_another_tool_offers_what_works_without_a_workspace(
    tmp_path: Path,
) -> None:
    """Nothing can be watched there; any two files can still be compared."""
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    with shown(tmp_path / "mlruns") as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Nothing is watched here")
            assert "workbench drift check NEW --reference OLD" in text
            await pilot.press("A", "M", "exclamation_mark", "v", "d", "enter")
            await shows(pilot, "Nothing is watched here")


async def test_a_fault_stands_in_the_list_from_its_beginning_and_in_full_on_the_page(
    team: Path,
) -> None:
    """Also one that only a run would find; where nothing is wrong the page has no line for it."""
    text = MONITOR.replace("@production", "@staging")
    (team / "workbench.toml").write_text(text, "utf-8")
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            listed = await shows(pilot, "1 monitor", "✗ No version of")
            assert "workbench.toml" not in listed
            await pilot.press("enter")
            await on(pilot, MonitorScreen)
            page = await shows(pilot, "No version of flights holds staging.", "2013-12")
            assert "workbench history flights" in " ".join(page.split())
            (team / "workbench.toml").write_text(MONITOR, "utf-8")
            app.screen.reload()  # type: ignore[attr-defined]
            await until(pilot, lambda: "No version of" not in screen_text(pilot.app))


async def test_while_reports_are_read_no_monitor_is_said_to_be_unchecked(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When all is read the list is fetched again: of what has no report no news comes."""
    (team / "workbench.toml").write_text(SECOND, "utf-8")
    monkeypatch.setattr(Session, "reading", True)
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "1 monitor", "reading …")
            assert "never" not in text
            monkeypatch.setattr(Session, "reading", False)
            app.screen.post_message(WatchStatusChanged("watching"))
            await shows(pilot, "never checked")
