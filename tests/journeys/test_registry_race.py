"""Many promote on one model while they are killed: nothing is lost, doubled, torn or left out."""

import os
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from typing import Self

import pytest

from tests.building import write_workspace
from tests.journeys.racing import Race, Told, run
from tests.journeys.surroundings import Surroundings
from tests.registry.events import register
from workbench.registry import event as events
from workbench.registry.folding import fold
from workbench.registry.journal import FolderJournal

MODEL = "churn"
_LONG = (pytest.mark.slow, pytest.mark.timeout(900))


class Looker:
    """Somebody who reads on without a pause and keeps whatever is not as it should be."""

    def __init__(self, root: Path) -> None:
        self.looks = 0
        self.wrong: list[object] = []
        self._journal = FolderJournal(root, MODEL)
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        known = self._journal.read().events
        while not self._stop.wait(0.01):
            reading = self._journal.read(known=known)
            if reading.unreadable is not None:
                self.wrong.append(reading.unreadable)
            if reading.events[: len(known)] != known:
                self.wrong.append(f"what was read before event {len(known)} is another now")
            known = reading.events
            self.looks += 1


@pytest.mark.parametrize(
    "race",
    [
        Race(4, 20, 8),
        Race(4, 8, 6, delay_ms=1),
        pytest.param(Race(8, 250, 120), marks=_LONG),
        pytest.param(Race(8, 250, 120, delay_ms=1), marks=_LONG),
    ],
    ids=lambda race: f"{race.processes}x{race.promotions}, {race.kills} kills, {race.delay_ms} ms",
)
def test_promotions_of_killed_processes_are_in_the_journal_once(
    here: Surroundings, tmp_path: Path, race: Race
) -> None:
    """Who was told of success finds it, once; who was refused was told by whom and why."""
    root = write_workspace(tmp_path / "team")
    journal = FolderJournal(root, MODEL)
    for _ in range(3):
        register(journal)
    with Looker(root) as looker:
        told = run(here, root, MODEL, race)
    reading = FolderJournal(root, MODEL).read()
    print(_figures(race, told, looker))

    assert not told.wrong
    assert (looker.wrong, reading.unreadable) == ([], None)
    assert looker.looks > 0
    assert told.kills > race.kills // 2  # whoever ends in the moment it is aimed at is not killed
    promoted = [one for one in reading.events if one.kind == events.PROMOTED]
    assert len(told.won) == len(promoted) == race.processes * race.promotions
    assert {(one.id, one.seq) for one in promoted} == set(told.won)
    assert Counter(one.id for one in promoted).most_common(1)[0][1] == 1
    names = sorted(os.listdir(root / "registry" / MODEL / "events"))  # noqa: PTH208 - names
    assert names == [f"{seq:010d}.json" for seq in range(1, len(promoted) + 4)]
    _each_followed_what_its_author_saw(root)
    _each_refusal_was_true(root, told)


def _each_followed_what_its_author_saw(root: Path) -> None:
    """The holder that a promotion replaced is the one its author had looked at."""
    holder = None
    for one in FolderJournal(root, MODEL).read().events:
        if one.kind == events.PROMOTED:
            assert one.saw["holder"] == holder, one
            holder = one.version


def _each_refusal_was_true(root: Path, told: Told) -> None:
    """What they were told is what stands in the journal between their look and their try."""
    found = fold(MODEL, FolderJournal(root, MODEL).read()).events
    assert told.refused
    for refusal in told.refused:
        between = found[refusal["saw"] : refusal["now"]]
        assert len(refusal["why"]) == len(between) > 0
        for sentence, one in zip(refusal["why"], between, strict=True):
            assert sentence.startswith(f"{one.actor} put v{one.version} in production ")
            assert sentence.endswith(", because it is better.")


def _figures(race: Race, told: Told, looker: Looker) -> str:
    total = race.processes * race.promotions
    return (
        f"{total} promotions in {told.seconds:.1f} s ({total / told.seconds:.0f}/s), "
        f"{told.kills} kills, {told.repeated} said again ({told.found} of them recorded already), "
        f"{len(told.refused)} refusals, "
        f"{looker.looks} looks"
    )
