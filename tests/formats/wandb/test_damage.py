"""Damaged, growing and replaced logs: nothing is shown that was not logged."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.checking import LATER, SPECIMENS
from tests.formats.following import copied, goes_on, looked_at, starts_over, survives
from tests.formats.wandb import encoding
from tests.formats.wandb.encoding import FOLDER, LOG, end, run, step, written
from workbench.formats.contract import RunCard
from workbench.formats.wandb.reader import WandbReader

READER = WandbReader()
_RUNS = SPECIMENS / "wandb_offline" / "data" / "wandb"
FILES = [
    (path.parent.name, path.name)
    for path in sorted(_RUNS.glob("*/*.wandb"))
    if path.stat().st_size > 1000
]


def card_of(root: Path, records: list[bytes], now: float = LATER) -> RunCard:
    """Return the card of a run with a log of these records."""
    written(root, records)
    return READER.read(root, FOLDER, b"", now).card


@pytest.mark.parametrize(("folder", "log"), FILES)
def test_a_damaged_specimen_shows_nothing_wrong(tmp_path: Path, folder: str, log: str) -> None:
    """Cut or flipped anywhere: what is shown was logged, or a fault says what is lost."""
    place = copied(_RUNS / folder, tmp_path / folder)
    assert survives(READER, place, log, folder) > 100


def test_a_damaged_log_of_many_blocks_shows_nothing_wrong(tmp_path: Path) -> None:
    """In a log of several blocks too, with records that lie over two."""
    records = [run(name="long"), *encoding.steps(400), end()]
    place = written(tmp_path, records)
    assert (place / LOG).stat().st_size > 2 * encoding.BLOCK
    assert survives(READER, place, LOG, FOLDER) > 100


def test_a_growing_log_comes_to_the_whole(tmp_path: Path) -> None:
    """Piece by piece as all at once, over blocks and in the middle of chunks."""
    goes_on(READER, written(tmp_path, [run(name="long"), *encoding.steps(400), end()]), LOG)


@pytest.mark.parametrize(("folder", "log"), FILES)
def test_a_growing_specimen_comes_to_the_whole(tmp_path: Path, folder: str, log: str) -> None:
    """The same of what the library wrote."""
    goes_on(READER, copied(_RUNS / folder, tmp_path / folder), log)


def test_a_replaced_log_starts_over(tmp_path: Path) -> None:
    """A shorter log in its place: what is shown is of the new one alone."""
    place = written(tmp_path, [run(name="old"), *encoding.steps(100), end()])
    starts_over(READER, place, LOG, encoding.encoded([run(name="new"), *encoding.steps(3), end(1)]))


def test_a_torn_tail_waits(tmp_path: Path) -> None:
    """Half a record is no fault and no point; the fact says that there is more to come."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(5)])
    data = (place / LOG).read_bytes()
    (place / LOG).write_bytes(data[:-20])
    first = READER.read(tmp_path, FOLDER, b"", LATER)
    assert (first.card.faults, first.card.metrics["loss"].count) == ((), 4)
    assert first.card.facts["torn_tail"] is True
    (place / LOG).write_bytes(data)
    card = READER.read(tmp_path, FOLDER, first.progress, LATER).card
    assert card.metrics["loss"].count == 5
    assert "torn_tail" not in card.facts


numbers = st.floats(allow_nan=True, allow_infinity=True)
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=200)
logged = st.lists(
    st.dictionaries(names.filter(lambda name: name[0] != "_"), numbers, max_size=4), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(calls=logged, code=st.integers(0, 255))
def test_everything_logged_comes_back(
    tmp_path_factory: pytest.TempPathFactory, calls: list[dict[str, float]], code: int
) -> None:
    """Any names and any numbers: the curves are what was logged, and the summaries agree."""
    root = tmp_path_factory.mktemp("runs")
    records = [
        step(number, {name: json.dumps(value) for name, value in values.items()})
        for number, values in enumerate(calls)
    ]
    written(root, [run(name="x"), *records, end(code)])
    card, curves = looked_at(READER, root, FOLDER)
    wanted: dict[str, tuple[list[float], list[float]]] = {}
    for number, values in enumerate(calls):
        for name, value in values.items():
            column = wanted.setdefault(name, ([], []))
            column[0].append(float(number))
            column[1].append(value)
    found = {name: (points.steps, points.values) for name, points in curves.points.items()}
    assert repr(sorted(found.items())) == repr(sorted(wanted.items()))
    assert (card.status, card.inferred) == ("FAILED" if code else "FINISHED", False)
    assert card.faults == ()


@settings(max_examples=100, deadline=None)
@given(
    bodies=st.lists(
        st.tuples(
            st.sampled_from(sorted([2, 3, 5, 7, 8, 12, 17, 18, 21, 25, 26])), st.binary(max_size=80)
        ),
        max_size=8,
    )
)
def test_records_of_nonsense_are_faults(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[tuple[int, bytes]]
) -> None:
    """Whatever is in a record whose checksum holds, the ones after it are read."""
    root = tmp_path_factory.mktemp("runs")
    records = [encoding.record(kind, body) for kind, body in bodies]
    card = card_of(root, [*records, step(3, {"after": "1"})])
    assert card.metrics["after"].last == 1
    assert READER.points(root, FOLDER, frozenset(["after"]), None).points["after"].values == [1.0]
