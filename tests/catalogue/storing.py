"""Cards in a real catalogue in memory, without any folder."""

from collections.abc import Sequence
from typing import Any

from workbench.catalogue import ingest
from workbench.catalogue.connection import Catalogue, open_catalogue
from workbench.catalogue.ingest import Arrival, Known
from workbench.formats.contract import RunCard, RunRef
from workbench.runfolder import FINISHED, Summary

BEGIN = 1_795_000_000.0


def run_card(number: int = 0, **fields: Any) -> RunCard:
    """Return the card of a finished run; ``fields`` replace what it says."""
    said: dict[str, Any] = {
        "run_id": f"run{number:03d}",
        "name": f"run-{number}",
        "experiment": "churn",
        "status": FINISHED,
        "started": BEGIN + number,
        "ended": BEGIN + number + 60,
    }
    return RunCard(**(said | fields))


def arrival(card: RunCard, **fields: Any) -> Arrival:
    """Return a card on its way into the first source."""
    ref = RunRef(f"runs/{card.experiment}/{card.run_id}", 1, live=False)
    said: dict[str, Any] = {"source": 0, "ref": ref, "card": card, "progress": b""}
    return Arrival(**(said | fields))


def shelf() -> Catalogue:
    """Return an empty catalogue in memory with one source."""
    catalogue = open_catalogue(None)
    ingest.set_sources(catalogue, [("native", ".")])
    return catalogue


def put(catalogue: Catalogue, arrivals: Sequence[Arrival]) -> dict[str, Known]:
    """Store what arrives, in the place of what was there of it."""
    return ingest.store(catalogue, arrivals, ingest.known_runs(catalogue, 0), 1)


def stored(*cards: RunCard) -> Catalogue:
    """Return a catalogue of these runs; they are numbered from 1 in this order."""
    catalogue = shelf()
    put(catalogue, [arrival(card) for card in cards])
    return catalogue


def curve(*values: float) -> Summary:
    """Return the summary of values logged at the steps 0, 1, 2 ..."""
    found = Summary.of(values[0], 0)
    for step, value in enumerate(values[1:], 1):
        found = found.add(value, step)
    return found
