"""Surroundings for journeys, and the proof that none of them reached for the network."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.surroundings import PROGRAM, Surroundings

# A pseudo-terminal is a thing of POSIX; the rest of the journeys runs everywhere.
collect_ignore_glob = ["test_screen*.py"] if os.name == "nt" else []

if TYPE_CHECKING:
    from tests.journeys.terminal import Terminal


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Surroundings]:
    """One person's surroundings; afterwards nothing in them has reached for the network."""
    places = tmp_path / "places"
    places.mkdir()
    notes = tmp_path / "network.txt"
    yield Surroundings(places, notes)
    assert not notes.exists(), notes.read_text("utf-8")


@pytest.fixture
def start(here: Surroundings) -> Iterator[Callable[..., "Terminal"]]:
    """Start the program on a terminal; whatever still runs at the end is ended."""
    from tests.journeys.terminal import SMALL, Terminal

    running: list[Terminal] = []

    def begin(
        *words: str | Path, size: tuple[int, int] = SMALL, cwd: Path | None = None, **more: str
    ) -> Terminal:
        terminal = Terminal(
            [*PROGRAM, *map(str, words)], here.environment(**more), cwd or here.places, size
        )
        running.append(terminal)
        return terminal

    yield begin
    for terminal in running:
        terminal.__exit__(None, None, None)
