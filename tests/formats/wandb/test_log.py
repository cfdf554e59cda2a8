"""Chunks and blocks: every record comes back, and none that was not written."""

import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.wandb.encoding import BLOCK, HEADER, encoded
from workbench.errors import FormatError
from workbench.formats.wandb.log import START, Batch, Place, read_log

sizes = st.lists(
    st.one_of(st.integers(0, 300), st.integers(BLOCK - 40, BLOCK + 40), st.integers(0, 3 * BLOCK)),
    min_size=1, max_size=12,
)  # fmt: skip


def filled(lengths: list[int]) -> list[bytes]:
    """Return records of these lengths, no two alike."""
    return [bytes((at + n) % 251 for n in range(size)) for at, size in enumerate(lengths)]


def everything(path: Path, place: Place = START, limit: int = BLOCK) -> tuple[list[bytes], Batch]:
    """Return all records past a place, and the last batch with the damage of all."""
    found: list[bytes] = []
    damage = []
    while True:
        batch = read_log(str(path), place, limit=limit)
        found += map(bytes, batch.records)
        damage += batch.damage
        place = batch.place
        if not batch.more:
            return found, batch._replace(damage=damage)


@settings(max_examples=60, deadline=None)
@given(lengths=sizes, limit=st.sampled_from([1, BLOCK, 3 * BLOCK, 4 << 20]))
def test_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], limit: int
) -> None:
    """Records of any length, over any number of blocks, are what was written."""
    path = tmp_path_factory.mktemp("log") / "run-a.wandb"
    records = filled(lengths)
    path.write_bytes(encoded(records))
    found, last = everything(path, limit=limit)
    assert found == records
    assert (last.damage, last.held, last.torn) == ([], None, False)


@settings(max_examples=60, deadline=None)
@given(lengths=sizes, cuts=st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_a_log_that_grows_is_read_on(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], cuts: list[float]
) -> None:
    """Whatever the file ends in, what is there is read once, and nothing is damage."""
    path = tmp_path_factory.mktemp("log") / "run-a.wandb"
    records, place, found = filled(lengths), START, []
    data = encoded(records)
    path.touch()
    for cut in [*sorted(cuts), 1.0]:
        with path.open("r+b") as file:
            file.write(data[: int(len(data) * cut)])
        more, last = everything(path, place)
        found += more
        place = last.place
        assert (last.damage, last.held, last.restarted) == ([], None, False)
        assert found == records[: len(found)]
    assert found == records


@settings(max_examples=150, deadline=None)
@given(lengths=sizes, where=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_flipped_byte_is_told(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], where: float, bits: int
) -> None:
    """No record is made up: those that are missing are told of, or are the last ones."""
    path = tmp_path_factory.mktemp("log") / "run-a.wandb"
    records = filled(lengths)
    data = bytearray(encoded(records))
    at = int(len(data) * where)
    data[at] ^= bits
    path.write_bytes(data)
    if at < len(HEADER):
        with pytest.raises(FormatError):
            read_log(str(path))
        return
    found, last = everything(path)
    left = iter(records)
    assert all(any(record == one for one in left) for record in found)
    if found != records:
        assert last.damage or last.held or (last.torn and found == records[: len(found)])


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Bytes that are no log at all give damage, and nothing else."""
    path = tmp_path_factory.mktemp("log") / "run-a.wandb"
    path.write_bytes(HEADER + data)
    found, last = everything(path)
    assert found == []
    assert last.place.offset <= len(HEADER) + len(data)


def test_damage_costs_its_block_and_no_more(tmp_path: Path) -> None:
    """What is in the blocks after the damaged one is there."""
    path = tmp_path / "run-a.wandb"
    records = filled([1000] * 200)
    data = bytearray(encoded(records))
    data[BLOCK + 5000] ^= 1
    path.write_bytes(data)
    found, last = everything(path)
    assert found[-1] == records[-1]
    lost = len(records) - len(found)
    assert BLOCK // 1007 - 5 <= lost <= BLOCK // 1007 + 2
    ((offset, reason),) = last.damage
    assert BLOCK <= offset <= BLOCK + 5000
    assert "checksum" in reason


def test_damage_where_the_file_ends_is_looked_at_again(tmp_path: Path) -> None:
    """A chunk that was seen half written is told as damage, and read when it is whole."""
    path = tmp_path / "run-a.wandb"
    records = filled([100, 100, 100])
    data = encoded(records)
    path.write_bytes(data[:-50] + b"\0" * 50)
    found, last = everything(path)
    assert (found, last.damage) == (records[:2], [])
    assert last.held is not None
    with path.open("r+b") as file:
        file.write(data)
    more, again = everything(path, last.place)
    assert (found + more, again.held, again.torn) == (records, None, False)


def test_damage_is_given_up_when_the_file_goes_on(tmp_path: Path) -> None:
    """When the next block begins, what is damaged in the one before stays so."""
    path = tmp_path / "run-a.wandb"
    records = filled([20_000, 12_000, 30_000, 500])
    data = bytearray(encoded(records))
    data[25_000] ^= 1
    path.write_bytes(data[:BLOCK])
    found, held = everything(path)
    assert (found, held.damage, held.held is not None) == (records[:1], [], True)
    path.write_bytes(data)
    more, last = everything(path, held.place)
    assert found + more == [records[0], records[3]]
    assert len(last.damage) == 1


@pytest.mark.parametrize("end", [0, 1, 6, 7, 9])
def test_a_log_that_has_just_begun_waits(tmp_path: Path, end: int) -> None:
    """Half a header is no damage."""
    path = tmp_path / "run-a.wandb"
    path.write_bytes(encoded(filled([10]))[:end])
    found, last = everything(path)
    assert (found, last.damage, last.held, last.restarted) == ([], [], None, False)
    assert last.torn == (end > len(HEADER))


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"PK\x03\x04 and more", "does not begin"), (HEADER[:6] + b"\x01", "version 1")],
)
def test_what_is_no_log_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    """Another file, or one of a version to come, is not guessed at."""
    path = tmp_path / "run-a.wandb"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=why):
        read_log(str(path))


@pytest.mark.parametrize("longer", [False, True])
def test_another_file_in_its_place_is_read_from_the_start(tmp_path: Path, *, longer: bool) -> None:
    """Shorter, or with another beginning and the same inode: it is another log."""
    path = tmp_path / "run-a.wandb"
    path.write_bytes(encoded(filled([300] * 5)))
    _, last = everything(path)
    records = [b"x" * 300] * (9 if longer else 2)
    inode = path.stat().st_ino
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(encoded(records))
    assert path.stat().st_ino == inode
    assert read_log(str(path), last.place).restarted
    assert everything(path, last.place)[0] == records


def test_an_empty_block_in_the_middle_is_damage(tmp_path: Path) -> None:
    """A hole where a copy lost a block is told."""
    path = tmp_path / "run-a.wandb"
    records = filled([1000] * 100)
    data = bytearray(encoded(records))
    data[BLOCK : 2 * BLOCK] = bytes(BLOCK)
    path.write_bytes(data)
    found, last = everything(path)
    assert found[0] == records[0]
    assert found[-1] == records[-1]
    assert [reason for _, reason in last.damage] == ["is empty"]


def test_a_record_without_an_end_is_damage(tmp_path: Path) -> None:
    """Chunks of a record whose last one is missing are left out, and told."""
    path = tmp_path / "run-a.wandb"
    whole = encoded(filled([40_000, 10]))
    data = bytearray(whole[:BLOCK])
    kind, part = 1, b"next"
    data += zlib.crc32(bytes([kind]) + part).to_bytes(4, "little") + b"\4\0\1" + part
    path.write_bytes(data)
    found, last = everything(path)
    assert found == [b"next"]
    assert [reason for _, reason in last.damage] == ["is a record without an end"]


def test_only_a_plain_file_is_a_log(tmp_path: Path) -> None:
    """A folder of the name is refused."""
    (tmp_path / "run-a.wandb").mkdir()
    with pytest.raises((FormatError, OSError)):
        read_log(str(tmp_path / "run-a.wandb"))


def test_a_record_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would not fit into memory; what comes after it is there."""
    monkeypatch.setattr("workbench.formats.wandb.log.LONGEST_RECORD", 4 * BLOCK)
    path = tmp_path / "run-a.wandb"
    records = filled([100, 20 * BLOCK, 100, BLOCK, 100])
    path.write_bytes(encoded(records))
    found, last = everything(path)
    assert found == [records[0], *records[2:]]
    assert [reason for _, reason in last.damage] == [
        f"is a record of more than {4 * BLOCK:,} bytes"
    ]
