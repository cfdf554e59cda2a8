"""What holds for every test of a screen: what was told is not forgotten before a test reads it."""

from typing import Any

import pytest
from textual.app import App

from tests.tui.looking import TOLD


@pytest.fixture(autouse=True)
def _all_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every notice of an app: one goes after 4 s, and a loaded machine looks later."""
    notify = App.notify

    def kept(self: App, message: str, **how: Any) -> None:
        TOLD.setdefault(self, []).append(str(message))
        notify(self, message, **how)

    monkeypatch.setattr(App, "notify", kept)
