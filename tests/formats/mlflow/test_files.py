"""The MLflow reader beyond the specimens: life, old lines, torn files, datasets."""

import os
from pathlib import Path

import pytest

from workbench.formats.contract import Dataset
from workbench.formats.mlflow.described import dataset
from workbench.formats.mlflow.file_lines import decode, latest
from workbench.formats.mlflow.files import MlflowFilesReader
from workbench.runfolder import STALE_AFTER

READER = MlflowFilesReader()
RUN = "0" * 31 + "a"
KEY = f"1/{RUN}"
META = (
    "end_time: null\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: " + RUN + "\n"
    "run_name: swift-fox-1\nstart_time: 1795000000000\nstatus: 1\nuser_id: ana\n"
)


def store(root: Path, meta: str = META, **metrics: str) -> Path:
    """Write a store of one run."""
    folder = root / "1" / RUN
    for name in ("metrics", "params", "tags", "artifacts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (root / "1" / "meta.yaml").write_text("experiment_id: '1'\nname: churn\n", "utf-8")
    (folder / "meta.yaml").write_text(meta, "utf-8")
    for name, text in metrics.items():
        (folder / "metrics" / name).write_text(text, "utf-8")
    return folder


def age(folder: Path, at: float) -> None:
    """Set the times of everything below ``folder``."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (at, at))


def test_a_killed_run_is_stale_by_inference(tmp_path: Path) -> None:
    """MLflow says RUNNING for ever; ten minutes without a change say otherwise."""
    age(store(tmp_path, loss="1795000000000 0.5 0\n"), 1000)
    going = READER.read(tmp_path, KEY, b"", 1000 + STALE_AFTER - 1).card
    lost = READER.read(tmp_path, KEY, b"", 1000 + STALE_AFTER).card
    assert (going.status, going.inferred) == ("RUNNING", False)
    assert (lost.status, lost.inferred, lost.facts["raw_status"]) == ("STALE", True, "RUNNING")


@pytest.mark.parametrize(
    ("text", "values", "wrong"),
    [
        (b"1 0.5 0\n2 nan 1\n", ["0.5", "nan"], []),
        (b"1 0.5\n2 -inf\n", ["0.5", "-inf"], []),
        (b"1 0.5 0 data abc\n", ["0.5"], []),
        (b"1 0.5 0\r\n\r\n2 1 1\r\n", ["0.5", "1.0"], []),
        (b"1 0.5 0\nx\n2 1 1\n3  1\n", ["0.5", "1.0"], [1, 3]),
        (b"1 2\n3 4 5 6\n", ["2.0", "4.0"], []),
        (b"1 1_0 0\n", [], [0]),
        (b"99999999999999999999 1 0\n", [], [0]),
        (b"", [], []),
    ],
)
def test_lines_of_all_ages_are_read(text: bytes, values: list[str], wrong: list[int]) -> None:
    """Two, three and five fields are points; everything else is told."""
    lines = decode(text)
    assert list(map(repr, lines.values)) == values
    assert [line for line, _ in lines.wrong] == wrong


def test_the_latest_is_the_one_mlflow_means(tmp_path: Path) -> None:
    """The greatest step counts, then the time, then the value, however they were written."""
    assert latest(decode(b"5 1 3\n6 2 1\n5 9 3\n4 7 3\n")) == (3, 5, 9.0)
    folder = store(tmp_path, loss="5 1 3\n")
    first = READER.read(tmp_path, KEY, b"", 0)
    with (folder / "metrics" / "loss").open("a") as file:
        file.write("6 2 1\n")
    summary = READER.read(tmp_path, KEY, first.progress, 0).card.metrics["loss"]
    assert (summary.last, summary.last_step, summary.count, summary.max) == (1.0, 3, 2, 2.0)


@pytest.mark.parametrize("cut", range(0, len(META), 7))
def test_a_torn_meta_file_makes_nothing_up(tmp_path: Path, cut: int) -> None:
    """What is read of half a file is what the whole file says."""
    store(tmp_path)
    whole = READER.read(tmp_path, KEY, b"", 0).card
    store(tmp_path, META[:cut])
    card = READER.read(tmp_path, KEY, b"", 0).card
    assert card.faults
    assert card.started in (None, whole.started)
    assert card.name in (RUN, whole.name)
    assert card.status in ("UNKNOWN", whole.status)


def test_growth_of_a_finished_run_is_seen(tmp_path: Path) -> None:
    """What is logged to a run after its end leaves no trace in its folders, and is seen."""
    folder = store(tmp_path, META.replace("status: 1", "status: 3"), loss="1 1 0\n")
    one = READER.survey(tmp_path, None)
    assert not one.refs[KEY].live
    with (folder / "metrics" / "loss").open("a") as file:
        file.write("2 2 1\n")
    assert READER.survey(tmp_path, one.memory).refs[KEY].stamp != one.refs[KEY].stamp


def test_names_beside_runs_are_no_runs(tmp_path: Path) -> None:
    """Registered models, traces, data sets and the bin are not runs."""
    store(tmp_path)
    for name in ("models/churn/version-1", ".trash/7", "1/models/m-1", "1/datasets/x", "1/notes"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "models" / "meta.yaml").write_text("name: x\n", "utf-8")
    (tmp_path / "1" / "models" / "m-1" / "meta.yaml").write_text("x: 1\n", "utf-8")
    survey = READER.survey(tmp_path, None)
    assert (set(survey.refs), survey.faults) == ({KEY}, ())


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('{"tags": {"mlflow.source.name": "train.py"}}', None), ('{"path": "a/b"}', "a/b"),
        ('{"url": "https://example.org/a.csv"}', "https://example.org/a.csv"), ("a.csv", "a.csv"),
        (None, None),
    ],
)  # fmt: skip
def test_a_dataset_has_a_path_only_if_one_was_said(source: str | None, path: str | None) -> None:
    """Which script made it is no place to find it at."""
    assert dataset("census", "", source, None, None).path == path


def test_datasets_and_facts_are_told(tmp_path: Path) -> None:
    """A run's inputs, its source and its note are shown."""
    folder = store(tmp_path)
    (folder / "inputs" / "i1").mkdir(parents=True)
    (folder / "inputs" / "i1" / "meta.yaml").write_text(
        "source_id: d1\nsource_type: DATASET\ntags:\n  mlflow.data.context: training\n", "utf-8"
    )
    (tmp_path / "1" / "datasets" / "d1").mkdir(parents=True)
    (tmp_path / "1" / "datasets" / "d1" / "meta.yaml").write_text(
        "digest: 3f8a\nname: census\nprofile: '{\"num_rows\": 48}'\n"
        "source: '{\"uri\": \"census.csv\"}'\n", "utf-8"
    )  # fmt: skip
    for name, text in {"mlflow.source.git.commit": "9f3c", "mlflow.note.content": "good"}.items():
        (folder / "tags" / name).write_text(text, "utf-8")
    card = READER.read(tmp_path, KEY, b"", 0).card
    assert card.datasets == (Dataset("census", "training", "census.csv", "3f8a", 48),)
    assert (card.note, card.facts["commit"], card.facts["user"]) == ("good", "9f3c", "ana")
    assert (card.experiment, card.name, card.started) == ("churn", "swift-fox-1", 1795000000.0)


def test_a_line_that_is_no_point_is_told_as_text() -> None:
    """Nobody has to read how Python writes bytes."""
    assert decode(b"12 \xc3\xa9 3\n").wrong == [(0, "'12 \u00e9 3' is not a point")]
