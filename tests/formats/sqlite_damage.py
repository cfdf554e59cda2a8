"""What can become of a database: cut short, bytes changed, replaced, written while it is read."""

import shutil
import sqlite3
from contextlib import closing
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


def followed_when_replaced(reader: StoreReader, store: Path, path: Path, statement: str) -> None:
    """Replace a store by a valid one with fewer rows: nothing of the old one stays."""
    shutil.copyfile(store, path)
    path.chmod(0o644)
    before = reader.survey(path, None)
    old = {key: reader.read(path, key, b"", LATER) for key in before.refs}
    places = {key: reader.points(path, key, None, None).progress for key in before.refs}
    other = path.with_suffix(".new")
    shutil.copyfile(path, other)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute(statement)
        connection.commit()
        connection.execute("VACUUM")
    other.replace(path)
    after = reader.survey(path, before.memory)
    fewer = 0
    for key, ref in after.refs.items():
        card = reader.read(path, key, old[key].progress, LATER).card
        curves = reader.points(path, key, None, places[key])
        assert ref.stamp != before.refs[key].stamp
        assert repr(card.metrics) == repr(reader.read(path, key, b"", LATER).card.metrics)
        assert curves.restarted
        assert {name: len(points.values) for name, points in curves.points.items()} == {
            name: summary.count for name, summary in card.metrics.items()
        }
        fewer += repr(card.metrics) != repr(old[key].card.metrics)
    assert fewer
