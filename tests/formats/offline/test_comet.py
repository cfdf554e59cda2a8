"""Comet's offline experiments as runs."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS, damaged, store_cards
from tests.formats.offline.checking import agree, prefixes, runs_of, same
from workbench.errors import FormatError, NotFoundError
from workbench.formats.offline.comet import CometReader
from workbench.formats.walking import list_folder

READER = CometReader()
FOLDER = SPECIMENS / "comet_offline" / "data" / "comet"
STORES = sorted(FOLDER.iterdir())


def test_experiments_are_what_was_logged() -> None:
    """Every archive is a run with the params and metrics the script gave to the library."""
    folder = list_folder(FOLDER, "", [])
    assert folder is not None
    assert READER.roots(folder) == [store.name for store in STORES]
    cards = {c.name: c for store in STORES for c in store_cards(READER, store).values()}
    assert cards.keys() == runs_of("comet_offline").keys()
    for name, run in runs_of("comet_offline").items():
        same(cards[name], run)
        assert cards[name].experiment == "iris-sgd"
        assert cards[name].run_id + ".zip" in {store.name for store in STORES}
        assert cards[name].facts["workspace"] == "dev"
        started, ended = cards[name].started, cards[name].ended
        assert started is not None
        assert ended is not None
        assert 0 < ended - started < 60


def test_curves_agree_with_summaries() -> None:
    """Both come from the same messages."""
    for store in STORES:
        agree(READER, store)


def test_a_damaged_archive_says_nothing_wrong(tmp_path: Path) -> None:
    """A checksum stands for every member: what does not fit it is refused."""
    data = STORES[0].read_bytes()
    truth = dict(READER.points(STORES[0], ".", None, None).points)
    for number, (_, broken) in enumerate(damaged(data)):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(broken)
        prefixes(READER, path, truth)


def written(path: Path, messages: bytes, **card: object) -> Path:
    """Write an archive as Comet would."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("experiment.json", json.dumps({"offline_id": "k", **card}))
        archive.writestr("messages.json", messages)
        archive.writestr("../../outside.txt", b"x")
        archive.writestr("/etc/hosts", b"x")
        archive.writestr("assets/picture.png", b"x")
    return path


def test_names_that_lead_out_are_not_artifacts(tmp_path: Path) -> None:
    """Nothing is unpacked, and a name with dots in it is not even listed."""
    path = written(tmp_path / "a.zip", b"")
    card = READER.read(path, ".", b"", LATER).card
    assert [artifact.path for artifact in card.artifacts] == ["assets/picture.png"]
    with pytest.raises(NotFoundError):
        READER.artifact(path, ".", "../../outside.txt")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


def test_bombs_do_not_go_off(tmp_path: Path) -> None:
    """Lines too long and too deep are refused or left out, whatever they were packed into."""
    deep = written(tmp_path / "deep.zip", b"[" * 100_000 + b"\n{}\n")
    card = READER.read(deep, ".", b"", LATER).card
    assert [fault.line for fault in card.faults] == [1]
    long = written(tmp_path / "long.zip", b"0" * (64 << 20))
    assert long.stat().st_size < 1 << 20
    with pytest.raises(FormatError, match="longer than"):
        READER.read(long, ".", b"", LATER)
    huge = tmp_path / "huge.zip"
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("experiment.json", b" " * (17 << 20))
        archive.writestr("messages.json", b"")
    with pytest.raises(FormatError, match="at most"):
        READER.read(huge, ".", b"", LATER)


def test_a_list_of_too_many_members_is_refused(tmp_path: Path) -> None:
    """The list is not read when the end of the file says how long it is."""
    path = written(tmp_path / "a.zip", b"")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\5\6")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(FormatError, match="more than"):
        READER.read(path, ".", b"", LATER)


def test_an_error_of_the_script_is_a_failure(tmp_path: Path) -> None:
    """What the script reported to Comet as its end is the run's error."""
    path = written(
        tmp_path / "a.zip", b"", customer_error_reported=True, customer_error_message="out\nof it"
    )
    card = READER.read(path, ".", b"", LATER).card
    assert (card.status, card.inferred, card.error) == ("FAILED", False, ["out", "of it"])


def test_odd_messages_are_left_out(tmp_path: Path) -> None:
    """Messages of other kinds and shapes neither stop the reading nor become numbers."""
    lines = [
        {"type": "metric_msg", "payload": {"metric": {"metricName": "a", "metricValue": "x"}}},
        {"type": "metric_msg", "payload": []},
        {"type": "unheard_of", "payload": {}},
        ["a", "list"],
        {"type": "metric_msg", "payload": {"metric": {"metricName": "a", "metricValue": 2}}},
    ]
    messages = b"\n".join(json.dumps(line).encode() for line in lines)
    card = READER.read(written(tmp_path / "a.zip", messages), ".", b"", LATER).card
    assert card.metrics["a"].last == 2
    assert card.metrics["a"].count == 1
    assert len(card.faults) == 2
