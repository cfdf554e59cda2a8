"""Lightning's folders: gaps are absent, the header changes in place, configurations are data."""

import os
from pathlib import Path

import pytest

from tests.formats.checking import LATER
from tests.formats.following import looked_at
from workbench.formats.contract import Folder
from workbench.formats.detect import reader_named
from workbench.formats.trainers.lightning import LightningReader
from workbench.formats.walking import list_folder

READER = LightningReader()


def version(folder: Path, table: str | None = None, hparams: str | None = "{}\n") -> Path:
    """Write what a logger leaves."""
    folder.mkdir(parents=True, exist_ok=True)
    if table is not None:
        (folder / "metrics.csv").write_bytes(table.replace("\n", "\r\n").encode())
    if hparams is not None:
        (folder / "hparams.yaml").write_text(hparams, "utf-8")
    return folder


def claims(folder: Path) -> bool:
    """Say whether the folder is taken for Lightning's."""
    listed = list_folder(folder, "", [])
    assert isinstance(listed, Folder)
    return READER.detect(listed) and READER.claim(listed, "x", None) is not None


def test_a_blank_cell_is_absent_and_nan_is_not(tmp_path: Path) -> None:
    """A metric has the points it was logged at, and no others."""
    version(tmp_path, "epoch,loss,step,val\n0,1.0,0,\n0,nan,1,\n0,,1,0.5\n")
    card, curves = looked_at(READER, tmp_path)
    assert {n: (s.count, s.nans) for n, s in card.metrics.items()} == {
        "loss": (2, 1), "val": (1, 0),
    }  # fmt: skip
    assert curves.points["val"].steps == [1]
    assert card.facts["epoch"] == 0


def test_a_rewritten_header_gives_all_points_again(tmp_path: Path) -> None:
    """Lightning writes the file anew in place, longer than it was; nothing is counted twice."""
    version(tmp_path, "epoch,loss,step\n0,1.0,0\n0,2.0,1\n")
    one = READER.read(tmp_path, ".", b"", LATER)
    place = READER.points(tmp_path, ".", None, None).progress
    with (tmp_path / "metrics.csv").open("r+b") as file:
        file.write(b"epoch,late,loss,step\r\n0,,1.0,0\r\n0,,2.0,1\r\n1,5.0,3.0,2\r\n")
    two = READER.read(tmp_path, ".", one.progress, LATER)
    curves = READER.points(tmp_path, ".", None, place)
    assert {n: s.count for n, s in two.card.metrics.items()} == {"loss": 3, "late": 1}
    assert (curves.restarted, curves.points["loss"].values) == (True, [1, 2, 3])


def test_a_run_is_seen_before_its_first_flush(tmp_path: Path) -> None:
    """The configuration comes a hundred steps before the first row."""
    version(tmp_path / "version_0", hparams="lr: 0.1\n")
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {"version_0"}
    card = reader.read(tmp_path, "version_0", b"", LATER).card
    assert (card.params, card.metrics) == ({"lr": 0.1}, {})


@pytest.mark.parametrize(
    ("name", "table", "hparams", "taken"),
    [
        ("version_3", "step,loss\n0,1\n", None, True),
        ("mine", "epoch,loss,step\n0,1,0\n", "{}\n", True),
        ("mine", "epoch,loss\n0,1\n", "{}\n", False),
        ("mine", "step,loss\n0,1\n", None, False),
        ("mine", None, "lr: 1\n", False),
    ],
)
def test_folders_are_told_apart(
    tmp_path: Path, name: str, table: str | None, hparams: str | None, taken: bool
) -> None:
    """Either the folder is numbered as Lightning does, or both files are there and fit."""
    assert claims(version(tmp_path / name, table, hparams)) is taken


def test_objects_in_a_configuration_are_data(tmp_path: Path) -> None:
    """What would make objects, or run something, is read as names and values."""
    version(
        tmp_path,
        "step,loss\n0,1\n",
        "model: !!python/object:torch.nn.Linear {width: 4}\n"
        "run: !!python/object/apply:os.system ['touch harm']\nlr: 1e-3\n",
    )
    card, _ = looked_at(READER, tmp_path)
    assert card.params == {"model.width": 4, "run": ["touch harm"], "lr": 0.001}
    assert (card.faults, len(list(tmp_path.iterdir()))) == ((), 2)


def test_a_bomb_in_a_configuration_costs_its_params_only(tmp_path: Path) -> None:
    """Aliases of aliases are refused; the curves are there."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]")
    version(tmp_path, "step,loss\n0,1\n", "\n".join(lines) + "\n")
    card, _ = looked_at(READER, tmp_path)
    assert (card.params, [f.path for f in card.faults]) == ({}, ["hparams.yaml"])
    assert card.metrics["loss"].count == 1


def test_a_configuration_that_is_being_written_changes_nothing(tmp_path: Path) -> None:
    """Half a file, just written, leaves the params of the last look; later it is a fault."""
    version(tmp_path, "step,loss\n0,1\n", "lr: 0.01\nwidth: 4\n")
    one = READER.read(tmp_path, ".", b"", LATER)
    (tmp_path / "hparams.yaml").write_text("lr: 0.0", "utf-8")
    os.utime(tmp_path / "hparams.yaml", (1000, 1000))
    going = READER.read(tmp_path, ".", one.progress, 1001).card
    assert (going.params, going.faults) == ({"lr": 0.01, "width": 4}, ())
    left = READER.read(tmp_path, ".", one.progress, 2000).card
    assert (left.params, [f.reason for f in left.faults]) == ({}, ["is cut off"])


@pytest.mark.parametrize("part", range(12))
def test_a_look_amid_the_rewriting_gives_a_beginning(tmp_path: Path, part: int) -> None:
    """However much of the new file is there, what is shown is the beginning of the truth."""
    old = b"epoch,loss,step\r\n0,1.0,0\r\n0,2.0,1\r\n"
    new = b"epoch,late,loss,step\r\n0,,1.0,0\r\n0,,2.0,1\r\n1,5.0,3.0,2\r\n"
    version(tmp_path)
    path = tmp_path / "metrics.csv"
    path.write_bytes(old)
    before = READER.read(tmp_path, ".", b"", LATER)
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(new[: len(new) * part // 12])
    amid = READER.read(tmp_path, ".", before.progress, LATER)
    loss = amid.card.metrics.get("loss")
    assert loss is None or (loss.first, loss.last, amid.card.faults) == (1, loss.count, ())
    with path.open("r+b") as file:
        file.write(new)
    after = READER.read(tmp_path, ".", amid.progress, LATER).card
    assert {n: (s.count, s.last) for n, s in after.metrics.items()} == {
        "loss": (3, 3), "late": (1, 5),
    }  # fmt: skip


def test_a_run_began_at_the_latest_when_its_files_were_there(tmp_path: Path) -> None:
    """Both files are written over at every flush; their folder is as old as their names."""
    version(tmp_path, "step,loss\n0,1\n")
    os.utime(tmp_path, (500, 500))
    for name in ("metrics.csv", "hparams.yaml"):
        os.utime(tmp_path / name, (1000, 1000))
    card = READER.read(tmp_path, ".", b"", LATER).card
    assert (card.started, card.ended) == (500, 1000)
    assert card.facts["times"] == "the files' dates"


def test_a_run_goes_on_while_its_files_change(tmp_path: Path) -> None:
    """Nothing says how it ended; ten minutes without a row and nobody can tell."""
    version(tmp_path, "step,loss\n0,1\n")
    for name in ("metrics.csv", "hparams.yaml"):
        os.utime(tmp_path / name, (1000, 1000))
    going = READER.read(tmp_path, ".", b"", 1599).card
    quiet = READER.read(tmp_path, ".", b"", 1600).card
    assert (going.status, going.inferred, going.ended) == ("RUNNING", True, None)
    assert (quiet.status, quiet.inferred, quiet.ended) == ("UNKNOWN", True, 1000)
