"""Neptune's queue on disk as runs."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS, damaged, store_cards
from tests.formats.offline.checking import agree, prefixes, runs_of, same
from workbench.errors import FormatError
from workbench.formats.offline.neptune import NeptuneOfflineReader
from workbench.formats.walking import list_folder

READER = NeptuneOfflineReader()
FOLDER = SPECIMENS / "neptune_offline" / "data"
STORE = FOLDER / ".neptune"


def test_runs_are_what_was_logged() -> None:
    """Every run has the name, params and metrics the script gave to the library."""
    folder = list_folder(FOLDER, "", [])
    assert folder is not None
    assert READER.roots(folder) == [".neptune"]
    found = store_cards(READER, STORE)
    cards = {card.name: card for card in found.values()}
    assert cards.keys() == runs_of("neptune_offline").keys()
    for name, run in runs_of("neptune_offline").items():
        same(cards[name], run, lost="" if name == "baseline-lr0.01" else "train_loss")
        assert cards[name].experiment == "data"
        assert cards[name].facts["library"] == "neptune 1.14.0.post2"
        assert cards[name].facts["script"] == "gen_offline_saas.py"
    for key, card in found.items():
        meta = json.loads((STORE / key / "metadata.json").read_text())
        assert card.run_id == meta["containerId"]
        assert card.started == datetime.fromisoformat(meta["createdAt"]).timestamp()


def test_neptune_lost_what_diverged() -> None:
    """NaN and the infinities were never queued, so the curve has the finite points alone."""
    cards = {card.name: card for card in store_cards(READER, STORE).values()}
    loss = cards["diverged, lr=1e3 (50% off) é"].metrics["train_loss"]
    wanted = runs_of("neptune_offline")["diverged, lr=1e3 (50% off) é"]["metrics"]["train_loss"]
    assert (loss.count, loss.last_step, loss.nans) == (5, 4, 0)
    assert (loss.min, wanted["max"], wanted["last"]) == (wanted["min"], "Infinity", "NaN")


def test_curves_agree_with_summaries() -> None:
    """Both come from the same operations."""
    agree(READER, STORE)


@pytest.mark.parametrize("name", ["metadata.json", "data-1.log", "last_put_version"])
def test_a_damaged_queue_says_nothing_wrong(name: str, tmp_path: Path) -> None:
    """Less of the curves, or a fault; never other numbers."""
    shutil.copytree(STORE, tmp_path / ".neptune")
    key = next(iter(READER.survey(STORE, None).refs))
    truth = dict(READER.points(STORE, key, None, None).points)
    path = tmp_path / ".neptune" / key / name
    path.chmod(0o644)
    for _, broken in damaged((STORE / key / name).read_bytes()):
        path.write_bytes(broken)
        prefixes(READER, tmp_path / ".neptune", truth, key=key)


def queued(folder: Path, *operations: dict[str, object], number: int = 1) -> None:
    """Append operations to a file of a run's queue."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"data-{number}.log").open("a") as file:
        file.writelines(json.dumps({"obj": one, "version": 1}) + "\n" for one in operations)


def point(value: float, step: int) -> dict[str, object]:
    """Return the operation that logs one value of a metric."""
    return {"type": "LogFloats", "path": ["loss"], "values": [{"value": value, "step": step}]}


def test_a_run_that_is_written_is_followed(tmp_path: Path) -> None:
    """What is queued later is seen, in a later file of the queue too, and nothing twice."""
    key = "async/run__0123-4567__1__ab"
    folder = tmp_path / key / "exec-1700000000-x"
    queued(folder, point(1.0, 0))
    with (folder / "data-1.log").open("a") as file:
        file.write('{"obj": {"type": "LogFl')
    first = READER.points(tmp_path, key, None, None)
    assert first.points["loss"].values == [1.0]
    queued(folder, point(2.0, 1), number=2)
    queued(folder, point(3.0, 2), number=10)
    second = READER.points(tmp_path, key, None, first.progress)
    assert (second.points["loss"].values, second.restarted) == ([2.0, 3.0], False)
    (folder / "data-1.log").write_text("")
    third = READER.points(tmp_path, key, None, second.progress)
    assert (third.points["loss"].values, third.restarted) == ([2.0, 3.0], True)


def test_what_was_taken_back_is_gone(tmp_path: Path) -> None:
    """Attributes that were deleted and tags that were removed are not shown; a failure is."""
    key = "offline/run__0123-4567__1__ab"
    queued(
        tmp_path / key,
        point(1.0, 0),
        {"type": "DeleteAttribute", "path": ["loss"]},
        {"type": "AssignFloat", "path": ["params", "lr"], "value": 1.0},
        {"type": "AssignFloat", "path": ["model", "depth"], "value": float("inf")},
        {"type": "DeleteAttribute", "path": ["params", "lr"]},
        {"type": "AddStrings", "path": ["sys", "tags"], "values": ["a", "b"]},
        {"type": "RemoveStrings", "path": ["sys", "tags"], "values": ["a"]},
        {"type": "AddStrings", "path": ["sys", "group_tags"], "values": ["g"]},
        {"type": "AssignBool", "path": ["sys", "failed"], "value": True},
    )
    card = READER.read(tmp_path, key, b"", LATER).card
    assert (card.status, card.inferred) == ("FAILED", False)
    assert card.metrics == {}
    assert card.params == {"model.depth": "Infinity"}
    assert (card.tags, card.group) == ({"b": "true"}, "g")


def test_keys_do_not_lead_out() -> None:
    """A key that is no run's is refused before anything is opened."""
    for key in ("../data", "offline/../../data", "offline/run__/../../x", "."):
        with pytest.raises(FormatError):
            READER.read(STORE, key, b"", LATER)
