"""Ultralytics' trainings: padded names, and an end that is concluded from the rows."""

import os
from pathlib import Path

import pytest

from tests.formats.checking import LATER
from tests.formats.following import looked_at
from workbench.formats.detect import reader_named
from workbench.formats.trainers.ultralytics import UltralyticsReader
from workbench.runfolder import FINISHED, RUNNING, UNKNOWN

READER = UltralyticsReader()


def training(folder: Path, epochs: object, *rows: str) -> Path:
    """Write a training's folder; the header is padded as older versions did."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "args.yaml").write_text(f"task: detect\nepochs: {epochs}\n", "utf-8")
    header = "                  epoch,      train/box_loss,     metrics/mAP50(B)\n"
    (folder / "results.csv").write_text(header + "".join(f"{row}\n" for row in rows), "utf-8")
    return folder


def test_padded_names_and_cells_are_stripped(tmp_path: Path) -> None:
    """Older versions filled every cell up with spaces."""
    training(tmp_path, 5, "      0,      1.5,    0.25", "      1,      1.25,    0.5")
    card, curves = looked_at(READER, tmp_path)
    assert set(card.metrics) == {"train/box_loss", "metrics/mAP50(B)"}
    assert curves.points["train/box_loss"][0::2] == ([0, 1], [1.5, 1.25])


@pytest.mark.parametrize(
    ("epochs", "rows", "status"),
    [
        (2, ("1,1,1", "2,1,1"), FINISHED),
        (2, ("0,1,1", "1,1,1"), FINISHED),
        (3, ("1,1,1", "2,1,1"), UNKNOWN),
        (3, ("0,1,1", "1,1,1", "1,1,1"), UNKNOWN),
        (0, ("1,1,1",), UNKNOWN),
        ("many", ("1,1,1",), UNKNOWN),
        ("true", ("1,1,1",), UNKNOWN),
    ],
)
def test_the_end_is_concluded_from_the_rows(
    tmp_path: Path, epochs: object, rows: tuple[str, ...], status: str
) -> None:
    """As many rows as epochs is the end, counted from 0 or 1, not where one came twice."""
    card, _ = looked_at(READER, training(tmp_path, epochs, *rows))
    assert (card.status, card.inferred) == (status, True)
    if epochs:
        said = {"true": True}.get(str(epochs), epochs)
        assert card.facts["raw_status"] == f"{len(rows)}/{said} epochs in results.csv"


def test_a_training_that_just_ended_is_no_longer_running(tmp_path: Path) -> None:
    """The last epoch's row is the end, however fresh it is."""
    training(tmp_path, 2, "1,1,1")
    for name in ("args.yaml", "results.csv"):
        os.utime(tmp_path / name, (1000, 1000))
    assert READER.read(tmp_path, ".", b"", 1001).card.status == RUNNING
    training(tmp_path, 2, "1,1,1", "2,1,1")
    for name in ("args.yaml", "results.csv"):
        os.utime(tmp_path / name, (1010, 1010))
    card = READER.read(tmp_path, ".", b"", 1011).card
    assert (card.status, card.ended) == (FINISHED, 1010)


def test_a_training_is_seen_before_its_first_epoch(tmp_path: Path) -> None:
    """Its arguments and the folder for its weights are there from the start."""
    training(tmp_path / "runs/detect/train", 3)
    (tmp_path / "runs/detect/train/results.csv").unlink()
    (tmp_path / "runs/detect/train/weights").mkdir()
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {"runs/detect/train"}
    card = reader.read(tmp_path, "runs/detect/train", b"", LATER).card
    assert (card.params["epochs"], card.experiment, card.metrics) == (3, "detect", {})
