"""Files that a monitor watches: whatever lies among them, one monitor never hides another."""

import os
from pathlib import Path

from tests.operations.drift.watched import Watched, frame


def _watch(watched: Watched, data: str) -> None:
    watched.settings(
        f'[monitor.files]\ndata = "{data}"\nreference = "train@1"\n'
        '[monitor.other]\ndata = "data/month.parquet"\nreference = "train@1"\n'
    )


def test_a_pattern_of_many_folders_comes_to_its_end(watched: Watched) -> None:
    """And what else is watched is checked."""
    watched.add("train", frame())
    watched.write("month", frame(seed=2))
    (watched.root / "data" / Path(*"abcdefghijklmnop")).mkdir(parents=True)
    _watch(watched, "data/" + "**/" * 60 + "none")
    files, other = watched.run()
    assert "No file fits " in files.fault
    assert len(files.fault) < 600
    assert other.new


def test_what_is_no_file_is_said_to_be_passed_over(watched: Watched) -> None:
    """Nobody is to think that it was looked at."""
    watched.add("train", frame())
    folder = watched.root / "data" / "days"
    folder.mkdir()
    watched.write("month", frame(seed=2)).replace(folder / "one.parquet")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "late.parquet")
    else:
        (folder / "late.parquet").symlink_to(folder / "nowhere")
    watched.settings('[monitor.files]\ndata = "data/days"\nreference = "train@1"\n')
    report = watched.one()
    assert "Passed over, as neither file nor folder: late.parquet." in report.said


def test_versions_that_cannot_be_checked_are_counted(watched: Watched) -> None:
    """The first few say why; a line for each would hide what matters."""
    watched.add("train", frame())
    for number in range(6):
        watched.add("month", frame(seed=number + 2))
    watched.settings(
        '[monitor.months]\ndata = "month"\nreference = "train@1"\nchunks = "200 rows"\n'
    )
    (ran,) = watched.run()[-1:]
    assert ran.note.count(": The files of ") == 3
    assert ran.note.endswith(" And 2 more.")
