"""Folders of training frameworks: all that is in the specimens, and what damage does."""

from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import LATER, SPECIMENS, expected, figures, told
from tests.formats.following import (
    agrees,
    copied,
    goes_on,
    looked_at,
    starts_over,
    survives,
)
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import FolderReader, RunCard
from workbench.formats.detect import discover, reader_named
from workbench.formats.plain_config import flat
from workbench.formats.trainers.boosting import BoostingReader
from workbench.formats.trainers.huggingface import HuggingFaceReader
from workbench.formats.trainers.hydra import HydraReader
from workbench.formats.trainers.keras import KerasReader
from workbench.formats.trainers.lightning import LightningReader
from workbench.formats.trainers.ultralytics import UltralyticsReader

NAMES = ("lightning", "hf_trainer", "ultralytics", "keras_csvlogger", "hydra", "gbm_evals")
READERS: tuple[FolderReader, ...] = (
    LightningReader(), HuggingFaceReader(), UltralyticsReader(), KerasReader(), HydraReader(),
    BoostingReader(),
)  # fmt: skip
FILES = [
    (READERS[0], "lightning/data/logs/iris-sgd/version_0", ("metrics.csv", "hparams.yaml")),
    (READERS[0], "lightning/data/logs/iris-sgd/version_2", ("metrics.csv", "hparams.yaml")),
    (READERS[1], "hf_trainer/data/out/baseline-lr0.01",
     ("trainer_state.json", "checkpoint-12/trainer_state.json", "checkpoint-6/trainer_state.json")),
    (READERS[2], "ultralytics/data/runs/detect/train", ("results.csv", "args.yaml")),
    (READERS[3], "keras_csvlogger/data/exp/diverged, lr=1e3 (50% off) é",
     ("training.log", "config.json")),
    (READERS[4], "hydra/data/outputs/2026-11-21/02-13-25",
     (".hydra/config.yaml", ".hydra/overrides.yaml", ".hydra/hydra.yaml")),
    (READERS[5], "gbm_evals/data/xgb/sweep-child-a", ("evals_result.json", "params.json")),
]  # fmt: skip
DAMAGE = [(reader, folder, name) for reader, folder, names in FILES for name in names]
TABLES = [FILES[0], FILES[1], FILES[3], FILES[4]]


def cards(name: str) -> dict[str, RunCard]:
    """Return the runs of a specimen as everybody sees them, read by all who know something."""
    root = SPECIMENS / name / "data"
    reader = reader_named("folders")
    return {key: reader.read(root, key, b"", LATER).card for key in reader.survey(root, None).refs}


def told_once(run: dict[str, Any]) -> dict[str, Any]:
    """Return what only the event files tell; the rest are the trainer's own curves in 32 bits."""
    found = dict(run.get("tensorboard_metrics", {}))
    for name, own in [(n, n.replace("eval/", "eval_").removeprefix("train/")) for n in found]:
        if own in run["metrics"]:
            twin, mine = found.pop(name), run["metrics"][own]
            assert twin["last_step"] == mine["last_step"]
            assert float(twin["last"]) == pytest.approx(float(mine["last"]), rel=1e-6, nan_ok=True)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_run_of_a_specimen_is_found_with_all_that_stands_in_it(name: str) -> None:
    """Names, status, params, figures and files are those the tool's own reader gives."""
    root = SPECIMENS / name / "data"
    before = sorted(root.rglob("*"))
    found = cards(name)
    runs = {run["path"]: run for run in expected(name)["runs"]}
    assert found.keys() == runs.keys()
    for path, run in runs.items():
        card = found[path]
        assert (card.name, card.status.lower(), card.inferred) == (run["name"], run["status"], True)
        assert flat(run["params"]).items() <= card.params.items()
        metrics = {**run["metrics"], **told_once(run)}
        assert told(card.metrics, metrics) == figures(metrics)
        assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
        assert (card.run_id, card.tags, card.faults) == ("", run["tags"], ())
        assert agrees(card, reader_named("folders").points(root, path, None, None))
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("lightning", {"lightning", "tensorboard+lightning"}),
        ("hf_trainer", {"huggingface+tensorboard"}),
        ("ultralytics", {"ultralytics"}),
        ("keras_csvlogger", {"keras"}),
        ("hydra", {"plain+hydra"}),
        ("gbm_evals", {"boosting"}),
    ],
)
def test_a_table_has_one_reader(name: str, formats: set[str]) -> None:
    """What a framework's own reader reads is not read as a plain table too."""
    assert {card.format for card in cards(name).values()} == formats


@pytest.mark.parametrize("name", NAMES)
def test_a_specimen_is_one_source(name: str) -> None:
    """Nothing in it is listed twice or left over."""
    found = discover(SPECIMENS / name)
    assert [source.format for source in found.sources] == ["folders"]
    assert (found.known, found.faults, found.truncated) == ((), (), False)


@pytest.mark.parametrize("name", NAMES)
def test_params_are_those_of_the_framework_alone(name: str) -> None:
    """Nothing is added to what was configured, except by a trainer's event files."""
    for run in expected(name)["runs"]:
        card = cards(name)[run["path"]]
        if name == "hf_trainer":
            assert card.params["max_steps"] == 12
        else:
            assert card.params == flat(run["params"])


def test_what_else_is_known_of_a_run_is_a_fact() -> None:
    """Overrides, job, mode, the state a trainer got to, and columns of no numbers are told."""
    pairs: list[tuple[str, tuple[str, ...]]] = [
        ("hydra", ("overrides", "job_name", "mode")),
        ("hf_trainer", ("trainer_state", "global_step", "max_steps", "epoch")),
        ("keras_csvlogger", ("non_scalar_columns",)),
    ]
    for name, keys in pairs:
        found = cards(name)
        for run in expected(name)["runs"]:
            said: dict[str, Any] = {key: run[key] for key in keys if run.get(key)}
            assert said.items() <= found[run["path"]].facts.items()
    raw = {run["raw_status"] for run in expected("ultralytics")["runs"]}
    assert raw == {card.facts["raw_status"] for card in cards("ultralytics").values()}


@pytest.mark.parametrize(("reader", "folder", "name"), DAMAGE)
def test_damage_is_told_or_does_no_harm(
    reader: FolderReader, folder: str, name: str, tmp_path: Path
) -> None:
    """A file cut anywhere or with a wrong byte gives no wrong number without a fault."""
    place = copied(SPECIMENS / folder, tmp_path / Path(folder).name)
    assert survives(reader, place, name) > 64


@pytest.mark.parametrize(("reader", "folder", "names"), TABLES)
def test_a_table_is_followed_while_it_grows(
    reader: FolderReader, folder: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """What every look adds comes to what one look at the whole gives."""
    goes_on(reader, copied(SPECIMENS / folder, tmp_path / Path(folder).name), names[0])


@pytest.mark.parametrize(("reader", "folder", "names"), TABLES)
def test_a_table_replaced_by_a_shorter_one_starts_over(
    reader: FolderReader, folder: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """Of the table that is gone nothing is shown any more."""
    place = copied(SPECIMENS / folder, tmp_path / Path(folder).name)
    data = (place / names[0]).read_bytes()
    starts_over(reader, place, names[0], data[: data.index(b"\n", len(data) // 3) + 1])


@pytest.mark.parametrize("reader", READERS)
def test_an_empty_folder_is_no_run(reader: FolderReader, tmp_path: Path) -> None:
    """Where nothing is left of a run there is none, and no file of it."""
    with pytest.raises(FormatError):
        reader.read(tmp_path, ".", b"", LATER)
    with pytest.raises(FormatError):
        reader.read(tmp_path, "../x", b"", LATER)
    with pytest.raises(NotFoundError):
        reader.artifact(tmp_path, ".", "../secret")
    assert reader.texts(tmp_path, ".") == {}


@pytest.mark.parametrize(("reader", "folder", "names"), FILES)
def test_notes_of_another_version_are_left(
    reader: FolderReader, folder: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    """A reader that does not know its own notes reads from the start."""
    del tmp_path
    root = SPECIMENS / folder
    card, _ = looked_at(reader, root)
    for notes in (b"{}", b"nonsense", b'{"version": 1}'):
        assert repr(reader.read(root, ".", notes, LATER).card) == repr(card)
    assert reader.artifact(root, ".", names[0]).name == Path(names[0]).name
