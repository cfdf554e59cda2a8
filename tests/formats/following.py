"""What must hold of every reader of a folder, whatever its format."""

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from tests.formats.checking import LATER, damaged
from workbench.errors import FormatError
from workbench.formats.contract import Curves, Points, Reader, RunCard
from workbench.formats.points import summarise
from workbench.formats.walking import HERE


def copied(folder: Path, place: Path) -> Path:
    """Return a copy of a folder whose files may be changed."""
    shutil.copytree(folder, place)
    for path in place.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    return place


def looked_at(reader: Reader, root: Path, key: str = HERE) -> tuple[RunCard, Curves]:
    """Return all that a reader says of a run, which agrees with itself."""
    card = reader.read(root, key, b"", LATER).card
    curves = reader.points(root, key, None, None)
    assert agrees(card, curves)
    return card, curves


def agrees(card: RunCard, curves: Curves) -> bool:
    """Say whether the points come to the summaries."""
    come_to = {name: summary_of(points) for name, points in curves.points.items()}
    return repr(dict(sorted(come_to.items()))) == repr(dict(sorted(card.metrics.items())))


def summary_of(points: Points) -> object:
    """Return what points come to."""
    steps = [int(step) if step == step else None for step in points.steps]  # noqa: PLR0124
    return summarise(points.values, steps)


def is_beginning(found: Mapping[str, Points], whole: Mapping[str, Points]) -> bool:
    """Say whether every curve is the beginning of the true one."""
    return all(
        name in whole and all(
            repr(part) == repr(full[: len(part)])
            for part, full in zip(points, whole[name], strict=True)
        )
        for name, points in found.items()
    )  # fmt: skip


def survives(reader: Reader, folder: Path, name: str, key: str = HERE) -> int:
    """Damage a file in every way: what is shown is true or a fault says so; count the looks."""
    root = folder if key == HERE else folder.parents[key.count("/")]
    true_card, true_curves = looked_at(reader, root, key)
    path, looks = folder / name, 0
    data = path.read_bytes()
    for how, bad in damaged(data):
        path.write_bytes(bad)
        try:
            card, curves = looked_at(reader, root, key)
        except (FormatError, OSError):
            continue
        looks += 1
        told = bool(card.faults)
        assert told or is_beginning(curves.points, true_curves.points), how
        between_lines = how.startswith("cut") and bad.endswith(b"\n")  # as whole as any file
        assert told or between_lines or card.params.items() <= true_card.params.items(), how
    path.write_bytes(data)
    assert looked_at(reader, root, key)[0].metrics.keys() == true_card.metrics.keys()
    return looks


def goes_on(reader: Reader, folder: Path, name: str) -> None:
    """Let a file grow piece by piece: each look adds what is new, and comes to the whole."""
    path = folder / name
    data = path.read_bytes()
    notes, place, given = b"", None, {}
    for end in (*range(0, len(data), max(1, len(data) // 23)), len(data)):
        with path.open("wb" if end == 0 else "r+b") as file:  # the same file all along
            file.write(data[:end])
        try:
            reading = reader.read(folder, HERE, notes, LATER)
        except FormatError:
            assert b"\n" not in data[:end]  # there is no table yet
            continue
        curves = reader.points(folder, HERE, None, place)
        notes, place = reading.progress, curves.progress
        given = {} if curves.restarted else given
        for metric, points in curves.points.items():
            known = given.setdefault(metric, Points([], [], []))
            for column, more in zip(known, points, strict=True):
                column.extend(more)
        assert agrees(reading.card, Curves(given, None))
    fresh = reader.read(folder, HERE, b"", LATER).card
    assert repr(sorted(fresh.metrics.items())) == repr(sorted(reading.card.metrics.items()))
    assert fresh.params == reading.card.params


def starts_over(reader: Reader, folder: Path, name: str, shorter: bytes) -> None:
    """Put a shorter file in a file's place: what is shown is of the new one alone."""
    before = reader.read(folder, HERE, b"", LATER)
    place = reader.points(folder, HERE, None, None).progress
    (folder / name).unlink()
    (folder / name).write_bytes(shorter)
    after = reader.read(folder, HERE, before.progress, LATER)
    curves = reader.points(folder, HERE, None, place)
    assert curves.restarted
    assert agrees(after.card, curves)
    assert repr(after.card) == repr(reader.read(folder, HERE, b"", LATER).card)
