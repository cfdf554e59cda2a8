"""ClearML's offline sessions as runs."""

import shutil
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS, damaged, store_cards
from tests.formats.offline.checking import agree, prefixes, runs_of, same
from workbench.formats.contract import RunCard
from workbench.formats.offline.clearml import ClearMLReader
from workbench.formats.walking import list_folder

READER = ClearMLReader()
FOLDER = SPECIMENS / "clearml_offline" / "data" / "clearml" / "offline"
STORES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


def roots(path: Path) -> list[str]:
    """Return the sessions the reader sees in a folder."""
    folder = list_folder(path, "", [])
    assert folder is not None
    return READER.roots(folder)


def check(cards: dict[str, RunCard]) -> None:
    """Hold the cards of all sessions against what was logged."""
    assert cards.keys() == runs_of("clearml_offline").keys()
    for name, run in runs_of("clearml_offline").items():
        same(cards[name], run, lost="" if name == "baseline-lr0.01" else "train_loss")
        assert cards[name].experiment == "iris-sgd"
        assert cards[name].run_id.startswith("offline-")
        assert cards[name].facts["script"] == "gen_offline_saas.py"
        assert cards[name].facts["type"] == "training"


def test_sessions_are_what_was_logged() -> None:
    """A session is one run, though it is there as a folder and as a zip file."""
    assert roots(FOLDER) == [store.name for store in STORES]
    check({c.name: c for store in STORES for c in store_cards(READER, store).values()})


def test_zeros_that_may_be_nan_are_said() -> None:
    """ClearML wrote 0 where the loss was infinite and then NaN; the run says so."""
    cards = {c.name: c for store in STORES for c in store_cards(READER, store).values()}
    card = cards["diverged, lr=1e3 (50% off) é"]
    assert (card.metrics["train_loss"].last, card.metrics["train_loss"].count) == (0.0, 12)
    assert [fault.reason for fault in card.faults] == [
        (
            "train_loss: the last value is 0, which is also what ClearML writes in place of NaN "
            "and the infinities"
        )
    ]


def test_a_zip_file_alone_is_the_session(tmp_path: Path) -> None:
    """Where only the archive was copied, it is read, and gives the same."""
    for store in STORES:
        shutil.copy(f"{store}.zip", tmp_path)
    assert roots(tmp_path) == [f"{store.name}.zip" for store in STORES]
    check({c.name: c for n in roots(tmp_path) for c in store_cards(READER, tmp_path / n).values()})


def test_the_hidden_cache_is_looked_into(tmp_path: Path) -> None:
    """Sessions are in a hidden folder by default, which nobody walks through."""
    shutil.copytree(FOLDER, tmp_path / ".clearml" / "cache" / "offline")
    assert roots(tmp_path) == [f".clearml/cache/offline/{store.name}" for store in STORES]


def test_curves_agree_with_summaries() -> None:
    """Both come from the same events."""
    for store in STORES:
        agree(READER, store)


def test_without_a_zip_file_the_session_may_go_on(tmp_path: Path) -> None:
    """What was written lately is going on; what was not, nobody can tell."""
    root = tmp_path / STORES[0].name
    shutil.copytree(STORES[0], root)
    now = (root / "metrics.jsonl").stat().st_mtime
    assert [ref.live for ref in READER.survey(root, None).refs.values()] == [True]
    assert READER.read(root, ".", b"", now).card.status == "RUNNING"
    assert READER.read(root, ".", b"", LATER).card.status == "UNKNOWN"


@pytest.mark.parametrize("name", ["task.json", "metrics.jsonl", "log.jsonl"])
def test_a_damaged_session_says_nothing_wrong(name: str, tmp_path: Path) -> None:
    """Less of the curves, or a fault; never other numbers."""
    truth = dict(READER.points(STORES[0], ".", None, None).points)
    root = tmp_path / STORES[0].name
    shutil.copytree(STORES[0], root)
    (root / name).chmod(0o644)
    for _, broken in damaged((STORES[0] / name).read_bytes()):
        (root / name).write_bytes(broken)
        prefixes(READER, root, truth)


def test_several_curves_of_a_plot_are_told_apart(tmp_path: Path) -> None:
    """The series' name counts where a plot has more than one."""
    root = tmp_path / "offline-0123456789abcdef"
    root.mkdir()
    (root / "task.json").write_text('{"id": "t", "hyperparams": {"Args": {"lr": '
                                    '{"type": "float", "value": "0.5"}}}}')  # fmt: skip
    event = '{"type":"training_stats_scalar","metric":"%s","variant":"%s","iter":0,"value":%s}'
    events = [event % ("loss", "train", 1), event % ("loss", "val", 2), event % ("lr", "lr", 3)]
    (root / "metrics.jsonl").write_text(f"[{', '.join(events)}]\n[" + events[0])
    card = READER.read(root, ".", b"", LATER).card
    found = {name: summary.last for name, summary in card.metrics.items()}
    assert found == {"loss/train": 1, "loss/val": 2, "lr": 3}
    assert card.params == {"Args/lr": 0.5}
    assert card.faults == ()
