"""What can become of a database: cut short, bytes changed, replaced, written while it is read."""

import shutil
from pathlib import Path

from tests.formats.checking import LATER, damaged
from workbench.errors import FormatError
from workbench.formats.contract import RunCard, StoreReader


def read_all(reader: StoreReader, path: Path) -> tuple[dict[str, RunCard], bool]:
    """Return what can be read of a store, and whether anything was said to be wrong."""
    survey = reader.survey(path, None)
    faulted = bool(survey.faults)
    cards = {}
    for key in survey.refs:
        try:
            cards[key] = reader.read(path, key, b"", LATER).card
            reader.points(path, key, None, None)
        except (FormatError, OSError):
            faulted = True
    return cards, faulted or any(card.faults for card in cards.values())


def survives_damage(reader: StoreReader, store: Path, path: Path) -> int:
    """Damage a copy of a store everywhere; return how often it was cut and nobody noticed.

    A database has no checksums: a changed byte of a number is another number, to SQLite as
    to us, and nobody can tell. What is asked is that nothing crashes, that a file cut short
    is refused or its loss is told, and that the whole file is read again afterwards.
    """
    truth, _ = read_all(reader, store)
    unnoticed = 0
    for how, broken in damaged(store.read_bytes()):
        path.write_bytes(broken)
        cards, faulted = read_all(reader, path)
        if how.startswith("cut") and not faulted and cards:
            unnoticed += repr(cards) != repr(truth)
    shutil.copyfile(store, path)
    cards, faulted = read_all(reader, path)
    assert not faulted
    assert shown(cards) == shown(truth)
    return unnoticed


def shown(cards: dict[str, RunCard]) -> dict[str, str]:
    """Return what a person sees of runs, but for what depends on the file's name and time."""
    return {
        key: repr((card.name, card.params, card.tags, card.metrics, card.error))
        for key, card in cards.items()
    }


def kept_when_replaced(reader: StoreReader, store: Path, path: Path) -> None:
    """Replace a store by garbage: its runs are kept with a fault until it is back."""
    shutil.copyfile(store, path)
    before = reader.survey(path, None)
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    broken = reader.survey(path, before.memory)
    assert broken.refs == before.refs
    assert [fault.path for fault in broken.faults] == [path.name]
    shutil.copyfile(store, path)
    after = reader.survey(path, broken.memory)
    assert after.refs.keys() == before.refs.keys()
    assert after.faults == ()
