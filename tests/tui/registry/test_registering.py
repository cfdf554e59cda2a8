"""Registering from the screen: which file, under which name, and what is typed wrong."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

import workbench
from tests.tui.looking import toasts, until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import NARROW, Refusing, shown, shows
from tests.tui.stage import QUIET
from workbench.errors import NotAllowedError
from workbench.operations.registry import register
from workbench.operations.registry.opening_journal import state
from workbench.tui.registry.screen import ModelsScreen


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models, and a run that kept two files that look like models."""
    workspace(tmp_path)
    (tmp_path / "made" / "first.pkl").write_bytes(b"first")
    (tmp_path / "made" / "second.joblib").write_bytes(b"second")
    with workbench.start_run("churn", "two-files", workspace=tmp_path, **QUIET) as run:
        run.log_artifact(str(tmp_path / "made" / "first.pkl"))
        run.log_artifact(str(tmp_path / "made" / "second.joblib"))
    return tmp_path


async def say(pilot: Pilot[None], text: str) -> None:
    """Type something into the dialog that asks what is to be registered."""
    await pilot.press("a")
    await shows(pilot, "Register what?")
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


async def test_a_file_of_a_run_becomes_the_next_version(team: Path) -> None:
    """Two files look like models: one is chosen, then the model."""
    with shown(team, ModelsScreen) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await say(pilot, "two-files")
            await shows(pilot, "Which file of two-files is the model?", "first.pkl")
            await pilot.press(*"second", "enter")
            await shows(pilot, "A version of which model?")
            await pilot.press(*"tips", "enter")
            await until(pilot, lambda: "Registered tips@2" in toasts(app))
            details = state(session, "tips").versions[2].event.details
            assert details["run"]["name"] == "two-files"
            assert details["format"] == "joblib"


async def test_files_become_the_first_version_of_a_new_model(team: Path) -> None:
    """Another name is typed; a wrong one is said at once and not taken."""
    with shown(team, ModelsScreen) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await say(pilot, str(team / "made" / "first.pkl"))
            await shows(pilot, "A version of which model?")
            await pilot.press(*"another", "enter")
            await shows(pilot, "Name of the model")
            await pilot.press(*"A B", "enter")
            await shows(pilot, "Name of the model")
            app.screen.query_one(Input).value = "new-one"
            await pilot.press("enter")
            await until(pilot, lambda: "Registered new-one@1" in toasts(app))
            assert state(session, "new-one").versions[1].event.details["format"] == "pickle"


@pytest.mark.parametrize("text", ["~nosuchuser/x", "a" * 300, "no-such-run"])
async def test_what_is_neither_path_nor_run_is_asked_again(team: Path, text: str) -> None:
    """It is said in a sentence, and what was typed is still there."""
    with shown(team, ModelsScreen) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await say(pilot, text)
            await shows(pilot, "There is no file and no run")
            assert app.screen.query_one(Input).value == text


async def test_a_name_is_kept_when_it_is_refused(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full drive: the name stands there still, and the next try registers."""
    full = NotAllowedError("The drive is full.")
    monkeypatch.setattr(register, "register", Refusing(register.register, full))
    with shown(team, ModelsScreen) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "tips")
            await say(pilot, str(team / "made" / "first.pkl"))
            await shows(pilot, "A version of which model?")
            await pilot.press(*"another", "enter")
            await shows(pilot, "Name of the model")
            await pilot.press(*"new-one", "enter")
            await shows(pilot, "! The drive is full.")
            assert app.screen.query_one(Input).value == "new-one"
            await pilot.press("enter")
            await until(pilot, lambda: "Registered new-one@1" in toasts(app))
