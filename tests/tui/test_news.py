"""News go down to the screens and end there."""

from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.operations.session import open_session
from workbench.tui.app import WorkbenchApp
from workbench.tui.messages import AskedReady, CatalogueChanged


async def test_what_waits_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count handed to the screens does not come back, or it would go round for ever."""
    write_workspace(tmp_path)
    told = []
    real = WorkbenchApp.on_asked_ready
    monkeypatch.setattr(
        WorkbenchApp, "on_asked_ready", lambda app, event: (told.append(event), real(app, event))
    )
    with open_session(tmp_path, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test() as pilot:
            await pilot.pause()
            told.clear()
            app.post_message(AskedReady(()))
            for _ in range(20):
                await pilot.pause()
            assert len(told) == 1


def test_no_news_bubble() -> None:
    """What the program hands down never climbs up again."""
    assert not any(one.bubble for one in (AskedReady, CatalogueChanged))
