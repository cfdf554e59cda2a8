"""Optuna's journal storage as runs."""

from datetime import UTC, datetime

import pytest

from tests.formats.checking import SPECIMENS, store_cards
from tests.formats.optuna.checking import same, wanted
from workbench.formats.contract import RunCard
from workbench.formats.optuna.journal import OptunaJournalReader

READER = OptunaJournalReader()
STORE = SPECIMENS / "optuna" / "data" / "journal.log"


@pytest.fixture(scope="module")
def cards() -> dict[str, RunCard]:
    """Return the trials of the specimen by experiment and name."""
    found = store_cards(READER, STORE)
    return {f"{card.experiment}/{card.name}": card for card in found.values()}


def test_trials_are_what_optuna_says(cards: dict[str, RunCard]) -> None:
    """Every trial has the state, params, attributes, values and reports Optuna reads."""
    assert cards.keys() == wanted("journal").keys()
    for name, run in wanted("journal").items():
        same(cards[name], run)


def test_times_are_in_the_worlds_zone(cards: dict[str, RunCard]) -> None:
    """A journal says the zone of its times."""
    for name, run in wanted("journal").items():
        started = datetime.fromisoformat(run["start"]).replace(tzinfo=UTC)
        assert cards[name].started == started.timestamp()
