"""Reading one run for the catalogue: what it says, or why it cannot be read."""

from dataclasses import replace

from workbench.formats.contract import Fault, RunCard, RunRef
from workbench.ids import id_of_place, is_of_place
from workbench.opening import passes
from workbench.sync.amend import id_in, unreadable
from workbench.sync.keeping import Keeper, Place
from workbench.sync.source_state import SourceState
from workbench.sync.sources import Source


def read_run(
    source: Source, state: SourceState, ref: RunRef, now: float, keeper: Keeper | None
) -> tuple[RunCard, bytes] | None:
    """Return a run's card and its reader's notes; one that cannot be read is nothing but a fault.

    Returns:
        None where it cannot be read just now: what is known of it stays, and it is tried again.
    """
    known = state.known.get(ref.key)
    state.late.pop(ref.key, None)
    try:
        notes = known.progress if known else b""
        card, notes = source.reader.read(source.root, ref.key, notes, now)
        card = _identified(source, ref, card, keeper)
    except Exception as error:  # noqa: BLE001 - one of many must not stop the others
        state.broken[ref.key] = ref
        if isinstance(error, BlockingIOError):  # a writer has it for a moment
            return None
        if known and passes(error):
            state.late[ref.key] = Fault(ref.key, f"cannot be read now: {error}")
            return None
        return broken_card(source, state, ref, error), b""
    state.broken.pop(ref.key, None)
    return card, notes


def broken_card(source: Source, state: SourceState, ref: RunRef, error: Exception) -> RunCard:
    """Return the card of a run with nothing but a fault, by the id that it has or will have."""
    known = state.known.get(ref.key)
    own = known.run_id if known else id_in(ref.key)
    run_id = own or id_of_place(source.label, ref.key)
    return unreadable(ref, error, source.name_of(ref.key), run_id)


def id_before(source: Source, ref: RunRef, card: RunCard) -> str:
    """Return the id that a run with one of its own had while it could not be read; else its id."""
    return card.run_id if is_of_place(card.run_id) else id_of_place(source.label, ref.key)


def _identified(source: Source, ref: RunRef, card: RunCard, keeper: Keeper | None) -> RunCard:
    """Return a card with an id; where its tool gives none, it is made of the place."""
    if card.run_id:
        return card
    card = replace(card, run_id=id_of_place(source.label, ref.key))
    return keeper.kept(Place(source.label, source.root, ref.key), card) if keeper else card
