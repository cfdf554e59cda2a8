"""A run as a folder: how it ended, what lies beside its log, and which folders are runs."""

import json
import math
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS, folder_cards
from tests.formats.following import looked_at
from tests.formats.wandb import encoding
from tests.formats.wandb.encoding import FOLDER, LOG, RUN_ID, end, run, written
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Folder
from workbench.formats.detect import reader_named
from workbench.formats.walking import HERE, list_folder
from workbench.formats.wandb import places
from workbench.formats.wandb.reader import WandbReader
from workbench.formats.wandb.run import QUIET, QUIET_EMPTY

READER = WandbReader()


def folder_of(path: Path) -> Folder:
    """Return a folder with the names in it."""
    found = list_folder(path, "", [])
    assert found is not None
    return found


@pytest.mark.parametrize(("age", "status"), [(QUIET - 60, "RUNNING"), (QUIET + 60, "STALE")])
def test_a_run_without_an_end_is_concluded(tmp_path: Path, age: float, status: str) -> None:
    """A block is written at a time: an hour of silence is borne, and it says it is inferred."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(3)])
    os.utime(place / LOG, (1_795_000_000, 1_795_000_000))
    card = READER.read(tmp_path, FOLDER, b"", 1_795_000_000 + age).card
    assert (card.status, card.inferred, card.ended) == (status, True, None)
    assert "32 KiB" in card.facts["live"]
    assert "32 KiB" in READER.live
    assert card.facts["raw_status"] == "exit record: None"


@pytest.mark.parametrize(
    ("age", "status"), [(QUIET_EMPTY - 60, "RUNNING"), (QUIET_EMPTY + 60, "STALE")]
)
def test_a_log_without_a_record_is_soon_given_up(tmp_path: Path, age: float, status: str) -> None:
    """A run that died as it began leaves a log of seven bytes, which is no run for an hour."""
    place = written(tmp_path, [])
    os.utime(place / LOG, (1_795_000_000, 1_795_000_000))
    assert (place / LOG).stat().st_size == len(encoding.HEADER)
    card = READER.read(tmp_path, FOLDER, b"", 1_795_000_000 + age).card
    assert (card.status, card.inferred) == (status, True)


def test_a_start_nobody_recorded_is_in_the_folders_name(tmp_path: Path) -> None:
    """A copy has the date of the copying, not that of the run; a name of nonsense is no date."""
    place = written(tmp_path, [])
    card = READER.read(tmp_path, FOLDER, b"", LATER).card
    assert card.started == datetime(2026, 11, 21, 12, 0, 0).timestamp()  # noqa: DTZ001
    assert card.facts["times"] == "the folder's name"
    assert places.started_at("run-99999999_999999-x") is None
    moved = place.rename(tmp_path / "moved")
    os.utime(moved / LOG, (1_795_000_000, 1_795_000_000))
    card = READER.read(tmp_path, "moved", b"", LATER).card
    assert (card.started, card.facts["times"]) == (1_795_000_000, "the files' dates")


def test_a_line_of_output_is_a_sign_of_life(tmp_path: Path) -> None:
    """Where the log is silent the console, which is written at once, counts."""
    place = written(tmp_path, [run(name="x")])
    os.utime(place / LOG, (1_795_000_000, 1_795_000_000))
    (place / "files" / "output.log").write_text("epoch 3\n", "utf-8")
    os.utime(place / "files" / "output.log", (1_795_009_000, 1_795_009_000))
    assert READER.read(tmp_path, FOLDER, b"", 1_795_009_060).card.status == "RUNNING"
    assert READER.texts(tmp_path, FOLDER) == {"console": place / "files" / "output.log"}


def test_the_last_traceback_is_the_error(tmp_path: Path) -> None:
    """Of a script that failed, the lines it printed at its end."""
    place = written(tmp_path, [run(name="x"), end(1)])
    printed = "epoch 1\nTraceback (most recent call last):\n  File x\nValueError: boom\n"
    (place / "files" / "output.log").write_text(printed, "utf-8")
    card = READER.read(tmp_path, FOLDER, b"", LATER).card
    assert card.error == (
        "Traceback (most recent call last):", "  File x", "ValueError: boom",
    )  # fmt: skip


METADATA = {"host": "box", "git": {"commit": "c0ffee"}, "program": "a.py", "args": ["-x"], "gpu": 3}
SUMMARY = {"loss": 0.25, "val": {"auc": "NaN"}, "_step": 9, "img": {"_type": "image-file", "w": 1}}


def without_log(root: Path, files: Mapping[str, str]) -> Path:
    """Write the folder of an online run whose log is gone."""
    place = root / "run-20261121_120000-xyz"
    (place / "files").mkdir(parents=True)
    for name, content in files.items():
        (place / "files" / name).write_text(content, "utf-8")
    return place


def test_a_run_that_lost_its_log_shows_its_summary(tmp_path: Path) -> None:
    """Params and last values are there, that there are no curves is said."""
    files = {
        "config.yaml": "wandb_version: 1\nlr:\n  desc: null\n  value: 0.1\n_wandb:\n  value: {}\n",
        "wandb-summary.json": json.dumps(SUMMARY), "wandb-metadata.json": json.dumps(METADATA),
    }  # fmt: skip
    place = without_log(tmp_path, files)
    claim = READER.claim(folder_of(place), place.name, None)
    assert claim is not None
    assert (claim.identity, claim.closed) == ("xyz", True)
    card, curves = looked_at(READER, tmp_path, place.name)
    assert (card.run_id, card.params) == ("xyz", {"lr": 0.1})
    assert (set(card.metrics), card.metrics["loss"].last) == ({"loss", "val.auc"}, 0.25)
    assert "no curves" in card.faults[0].reason
    assert card.facts["commit"] == "c0ffee"
    again = READER.points(tmp_path, place.name, None, curves.progress)
    assert (again.points, again.restarted) == ({}, False)


@pytest.mark.parametrize("bad", ["{", "[1]", "x" * 2_000_000, '{"a": 1' + "0" * 400 + "}"])
def test_files_that_cannot_be_read_are_faults(tmp_path: Path, bad: str) -> None:
    """Each by itself; what the others say is shown."""
    place = without_log(tmp_path, {"config.yaml": "lr: {value: 1}\n", "wandb-summary.json": bad})
    card = READER.read(tmp_path, place.name, b"", LATER).card
    assert card.params == {"lr": 1}
    assert len(card.faults) == 2 or card.metrics["a"].last == math.inf


def test_a_folder_with_nothing_of_wandb_is_none(tmp_path: Path) -> None:
    """The name alone makes no run, nor can such a key be read."""
    place = without_log(tmp_path, {})
    assert READER.claim(folder_of(place), place.name, None) is None
    with pytest.raises(FormatError):
        READER.read(tmp_path, place.name, b"", LATER)


def test_the_link_to_the_latest_run_is_not_a_run(tmp_path: Path) -> None:
    """It leads to one that is listed already."""
    written(tmp_path / "wandb", [run(name="x"), end()])
    (tmp_path / "wandb" / "latest-run").symlink_to(FOLDER, target_is_directory=True)
    assert set(folder_cards(READER, tmp_path)) == {f"wandb/{FOLDER}"}
    with pytest.raises(FormatError):
        READER.read(tmp_path, "wandb/latest-run", b"", LATER)


def test_a_copied_log_alone_is_a_run(tmp_path: Path) -> None:
    """Somebody's mail with nothing but the log, in a folder of any name."""
    place = tmp_path / "from-ana"
    place.mkdir()
    (place / LOG).write_bytes(encoding.encoded([run(name="x"), *encoding.steps(2), end()]))
    cards = folder_cards(READER, tmp_path)
    assert cards["from-ana"].run_id == RUN_ID
    assert READER.read(place, HERE, b"", LATER).card.name == "x"


def test_artifacts_are_found_and_nothing_else(tmp_path: Path) -> None:
    """A path leads to a file of the run, never to its log or out of its folder."""
    place = written(tmp_path, [run(name="x"), end()])
    (place / "files" / "media").mkdir()
    (place / "files" / "media" / "a.png").write_bytes(b"png")
    card = READER.read(tmp_path, FOLDER, b"", LATER).card
    assert [(a.path, a.size) for a in card.artifacts] == [("files/media/a.png", 3)]
    assert READER.artifact(tmp_path, FOLDER, "files/media/a.png").read_bytes() == b"png"
    for path in (LOG, "files/../" + LOG, "files/", "/etc/passwd", "files/nothing"):
        with pytest.raises(NotFoundError):
            READER.artifact(tmp_path, FOLDER, path)


def test_the_stamp_changes_with_the_log(tmp_path: Path) -> None:
    """A run is looked at again when its log has grown, and only then."""
    place = written(tmp_path, [run(name="x")])
    one = READER.claim(folder_of(place), FOLDER, None)
    same = READER.claim(folder_of(place), FOLDER, None)
    with (place / LOG).open("ab") as file:
        file.write(b"more")
    other = READER.claim(folder_of(place), FOLDER, None)
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.stamp == same.stamp != other.stamp
    assert one.identity == RUN_ID


def test_a_copy_is_not_taken_for_a_resumed_run(tmp_path: Path) -> None:
    """A folder somebody named has no identity: its points would count twice."""
    for name in (FOLDER, f"{FOLDER}-backup", "mine"):
        place = written(tmp_path, [run(name="x"), end()], name)
        claim = READER.claim(folder_of(place), name, None)
        assert claim is not None
        assert claim.identity == (RUN_ID if name == FOLDER else "")
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {FOLDER, f"{FOLDER}-backup", "mine"}


def test_several_logs_in_one_folder_are_told(tmp_path: Path) -> None:
    """The one the folder is named after is read; that there are others is a fault."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(2), end()])
    (place / "run-aaa.wandb").write_bytes(encoding.encoded([run(name="other"), end()]))
    card, _ = looked_at(READER, tmp_path, FOLDER)
    assert (card.name, card.run_id) == ("x", RUN_ID)
    assert card.faults[0].reason.startswith("holds 2 logs; only run-abc12345.wandb is read")


def test_runs_below_a_folder_with_a_log_are_not_hidden(tmp_path: Path) -> None:
    """A log that somebody put down among other folders closes none of them."""
    (tmp_path / LOG).write_bytes(encoding.encoded([run(name="x"), end()]))
    written(tmp_path / "old", [run(name="y"), end()])
    assert set(folder_cards(READER, tmp_path)) == {HERE, f"old/{FOLDER}"}


def test_links_in_a_run_are_not_followed(tmp_path: Path) -> None:
    """Neither to files nor to a folder of them, whatever is asked for."""
    place = written(tmp_path / "runs", [run(name="x"), end(1)])
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("wandb-metadata.json", "output.log", "config.yaml"):
        (outside / name).write_text(json.dumps(METADATA), "utf-8")
    (place / "files").rmdir()
    (place / "files").symlink_to(outside, target_is_directory=True)
    card, _ = looked_at(READER, tmp_path / "runs", FOLDER)
    assert "host" not in card.facts
    assert (card.artifacts, card.error) == ((), ())
    assert READER.texts(tmp_path / "runs", FOLDER) == {}
    with pytest.raises(NotFoundError):
        READER.artifact(tmp_path / "runs", FOLDER, "files/output.log")


def test_a_resumed_run_is_listed_once(tmp_path: Path) -> None:
    """Two folders of one id side by side: the steps go on, the end is that of the second."""
    more = [encoding.step(number, {"loss": str(number)}) for number in range(3, 5)]
    written(tmp_path, [run(name="x", project="p"), *encoding.steps(3)])
    later = FOLDER.replace("_120000", "_130000")
    written(tmp_path, [run(name="x", project="p"), *more, end()], later)
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {FOLDER}
    card = reader.read(tmp_path, FOLDER, b"", LATER).card
    curves = reader.points(tmp_path, FOLDER, None, None)
    assert curves.points["loss"].steps == [0, 1, 2, 3, 4]
    assert (card.run_id, card.status, card.inferred) == (RUN_ID, "FINISHED", False)
    assert (card.metrics["loss"].count, card.metrics["loss"].last_step) == (5, 4)
    assert (card.metrics["acc"].count, card.format) == (3, "wandb")


def test_a_run_and_what_else_was_logged_beside_it_are_one(tmp_path: Path) -> None:
    """One script wrote event files and one wandb run; two wandb runs are their own."""
    home = SPECIMENS / "wandb_offline/data/wandb"
    first, second = sorted(home.glob("offline-run-*"))[:2]
    events = next(SPECIMENS.glob("tensorboard/data/**/events.out.tfevents.*"))
    shutil.copytree(first, tmp_path / "x" / "wandb" / first.name)
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {f"x/wandb/{first.name}"}
    shutil.copyfile(events, tmp_path / "x" / events.name)
    assert set(reader.survey(tmp_path, None).refs) == {"x"}
    assert reader.read(tmp_path, "x", b"", LATER).card.format == "wandb+tensorboard"
    shutil.copytree(second, tmp_path / "x" / "wandb" / second.name)
    keys = {"x", f"x/wandb/{first.name}", f"x/wandb/{second.name}"}
    assert set(reader.survey(tmp_path, None).refs) == keys
