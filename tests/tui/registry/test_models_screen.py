"""The models screen: every model with its stages, what stands out, and what waits."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.building import write_workspace
from tests.drift_building import MONITOR, chunk, judged, report, write
from tests.formats.checking import SPECIMENS
from tests.registry_building import registration, write_journal, write_models
from tests.tui.looking import lines_with, screen_text, until
from tests.tui.registry.building import ODD, SETTINGS, draft, workspace
from tests.tui.stage import Stage, opened
from workbench.clock import FixedClock
from workbench.datasets.drift.report import SEVERE
from workbench.operations.drift.alerts import acknowledge, alerts
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.registry.event import PROMOTED
from workbench.sync.sweep import Changes
from workbench.tui.keys import BY_ID
from workbench.tui.messages import CatalogueChanged
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.registry.screen import ModelsScreen

NARROW, WIDE = (80, 24), (160, 50)


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


def said(app: Stage, words: str) -> bool:
    """Say whether a toast holds some words."""
    return any(words in str(each.message) for each in app._notifications)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


async def test_every_model_is_a_row_with_its_stages(team: Path) -> None:
    """A row says versions, what each stage holds, the champion's metric and what is asked for."""
    with opened(team) as session:
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=NARROW) as pilot:
            text = await shows(pilot, "churn", "fraud", "tips")
            row = lines_with(text, "churn")[0].split()
            assert row[1:8] == ["churn", "│", "4", "v4", "v2", "val/auc", "0.884"]
            assert "v2 ✻" in lines_with(text, "fraud")[0]
            assert "R Roll back" in text.splitlines()[-1]


async def test_drift_nobody_acknowledged_is_a_light_at_its_stage(team: Path) -> None:
    """It goes on when a colleague's report comes, and out when the last alert is acknowledged."""
    with (team / "workbench.toml").open("a", encoding="utf-8") as file:
        file.write(MONITOR.replace("flights@", "churn@"))
    for number in (1, 2):
        made = judged(chunk(f"2013-{number:02d}", {"dest": SEVERE}))
        write(team, report(number=number, chunks=[made], model="churn", version=2))
    with opened(team) as session:
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=WIDE) as pilot:
            text = await shows(pilot, "v2 ▲", "1 alert nobody acknowledged")
            assert any("▲ drift" in line for line in lines_with(text, "churn"))
            assert not any("▲" in line for line in lines_with(text, "fraud  "))
            (alert,) = alerts(session)
            acknowledge(session, alert.id, "seen")
            pilot.app.screen.post_message(CatalogueChanged(Changes(drift=frozenset({"flights"}))))
            await until(pilot, lambda: "▲" not in screen_text(pilot.app))


async def test_beside_the_list_stands_who_when_and_why(team: Path) -> None:
    """At 160x50 the stages of the model under the cursor say who put a version there and why."""
    with opened(team) as session:
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=WIDE) as pilot:
            await shows(pilot, "alerts since 14:02", "for a week", "✻ frozen")
            await pilot.press("down")
            await shows(pilot, "until thawed, dee@lab: audit")


async def test_no_model_says_how_to_register_the_first(tmp_path: Path) -> None:
    """An empty place says what it is, the exact next lines, and the key."""
    write_workspace(tmp_path)
    with opened(tmp_path) as session:
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=NARROW) as pilot:
            text = await shows(pilot, "No models yet")
            assert "workbench register RUN churn" in text
            assert 'log_model(estimator, name="churn")' in text


async def test_letters_narrow_the_list_and_escape_shows_all(team: Path) -> None:
    """What is typed after a slash narrows; Esc brings everything back before it leaves."""
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await pilot.press("slash", *"frau", "enter")
            text = await shows(pilot, "1 of 3 models")
            assert not lines_with(text, "tips")
            await pilot.press("escape")
            await shows(pilot, "tips")
            assert isinstance(app.screen, ModelsScreen)


async def test_a_journal_that_cannot_be_read_is_flagged_and_not_written(team: Path) -> None:
    """The model stays on the screen with its fault; its keys say why they do nothing."""
    event = team / "registry" / "fraud" / "events" / "0000000003.json"
    event.chmod(0o644)
    event.write_text("{nope", "utf-8")
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "! unreadable")
            assert lines_with(text, "! unreadable")[0].split()[:1] != ["churn"]
            await pilot.press("down")
            await until(pilot, lambda: app.screen.key_context().broken)
            context = app.screen.key_context()
            assert "0000000003.json" in str(BY_ID["promote"].why_not(context))
            assert BY_ID["history"].why_not(context) is None


async def test_settings_that_cannot_be_read_stop_promoting_alone(team: Path) -> None:
    """The line at fault is said; rolling back opens its card all the same."""
    (team / "workbench.toml").write_text(f"{SETTINGS}\n[stages.extra]\nafter = 3\n", "utf-8")
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "settings cannot be read")
            await pilot.press("p")
            await until(pilot, lambda: said(app, "Until it is mended nothing is promoted."))
            await pilot.press("right", "right", "right", "R")
            await shows(pilot, "Roll production of churn back to v1?")


async def test_a_new_event_appears_and_the_cursor_stays(team: Path) -> None:
    """Somebody else's promotion shows by itself, on its row, and the cursor does not move."""
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await pilot.press("down", "down")
            first = [draft("registered", 1, version=1, details=registration("aaa", 1))]
            write_journal(team, "aaa", [*first, draft(PROMOTED, 2, version=1, stage="production")])
            app.watch_again()
            await shows(pilot, "aaa")
            screen = app.screen
            assert isinstance(screen, ModelsScreen)
            assert screen.here is not None
            assert screen.here.name == "tips"


async def test_names_and_reasons_cannot_steer_the_terminal(team: Path) -> None:
    """Escapes in a description and in a reason are shown as symbols; markup is text."""
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "tips")
            await pilot.press("G")
            text = await shows(pilot, "odd [bold]reason[/]", "␛[2J")
            assert all(line.isprintable() for line in text.splitlines())
            assert "\x1b" in ODD


async def test_enter_opens_the_model(team: Path) -> None:
    """Enter opens the page of the model under the cursor."""
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "churn")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ModelScreen))
            await shows(pilot, "4 versions", "a week is over")


async def test_three_hundred_models_are_listed(tmp_path: Path) -> None:
    """A long list shows its first rows and goes to its last."""
    write_models(tmp_path, 300, 2)
    with opened(tmp_path) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "model-0000", "300 models")
            await pilot.press("G")
            await shows(pilot, "model-0299")


async def test_ages_go_on_while_nothing_happens(team: Path) -> None:
    """After a while the ages are those of now, and the cursor stays where it was."""
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "churn", "fraud", "tips")
            await pilot.press("down")
            screen = app.screen
            assert isinstance(screen, ModelsScreen)
            session.clock = FixedClock(session.clock.now() + 400 * 86_400)
            before = screen_text(app)
            screen.grow_older()
            await until(pilot, lambda: screen_text(app) != before)
            assert screen.here is not None
            assert screen.here.name == "fraud"


async def test_a_stage_held_by_an_override_stands_out(team: Path) -> None:
    """In both tables a sign and a word say that a check did not pass, for as long as it holds."""
    with opened(team) as session:
        card = gate(session, "churn", 1, "production")
        promote(session, card, "a test", {one.check.name: "no time" for one in card.in_the_way})
        session.sweep()
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=WIDE) as pilot:
            await shows(pilot, "v1 ‡", "‡ overridden")
        async with Stage(session, lambda: ModelScreen(session, "churn")).run_test(
            size=NARROW
        ) as pilot:
            await shows(pilot, "v1  ‡ overridden")


async def test_what_another_tool_has_registered_is_said() -> None:
    """The screen of its folder is empty, and says what there is and how to have it here."""
    with opened(SPECIMENS / "mlflow_file" / "data") as session:
        async with Stage(session, lambda: ModelsScreen(session)).run_test(size=WIDE) as pilot:
            text = await shows(pilot, "No models here", "iris-sgd-clf", "workbench import")
            assert "1 registered model" in " ".join(text.split())
