"""Models that runs logged, and the registry, in each of MLflow's stores."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import SPECIMENS, expected, store_cards
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import StoreReader
from workbench.formats.detect import discover, installed
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.mlflow.database import MlflowDatabaseReader
from workbench.formats.mlflow.files import MlflowFilesReader
from workbench.formats.registered import HoldsModels, RegisteredModel

_FILES = ["MLmodel", "conda.yaml", "model.skops", "python_env.yaml", "requirements.txt"]
STORES = {
    "mlflow_sqlite": (MlflowDatabaseReader, "mlflow.db"),
    "mlflow_file": (MlflowFilesReader, "mlruns"),
    "mlflow2_file": (MlflowFilesReader, "mlruns"),
}


def _store(name: str) -> tuple[Any, Path]:
    reader, place = STORES[name]
    return reader(), SPECIMENS / name / "data" / place


def _copied(name: str, folder: Path) -> tuple[Any, Path]:
    """Return a store that can be written."""
    reader, place = STORES[name]
    shutil.copytree(SPECIMENS / name / "data", folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return reader(), folder / place


def _logged(reader: StoreReader, root: Path) -> list[Any]:
    """Return the models that runs logged as the expectations spell them."""
    return [
        {k: v for k, v in model.items() if k != "tags"}
        for card in store_cards(reader, root).values()
        for model in card.facts.get("logged_models", ())
    ]


def _registered(model: RegisteredModel) -> dict[str, Any]:
    return {
        "name": model.name,
        "description": model.description,
        "aliases": dict(model.aliases),
        "versions": [
            {
                "version": str(version.number), "run_id": version.run_id,
                "status": version.status, "tags": dict(version.tags), "source": version.source,
            }
            for version in model.versions
        ],
    }  # fmt: skip


@pytest.mark.parametrize("name", STORES)
def test_the_registry_is_what_mlflow_says(name: str) -> None:
    """Models, versions, aliases, tags and sources; and the files are found where they lie now."""
    reader, root = _store(name)
    assert isinstance(reader, HoldsModels)
    found = reader.registry(root)
    wanted = expected(name)["registered_models"]
    for model in wanted:
        model["aliases"] = {alias: int(number) for alias, number in model["aliases"].items()}
    assert [_registered(model) for model in found.models] == wanted
    assert not found.faults
    for version in (version for model in found.models for version in model.versions):
        assert version.files is not None
        assert (version.files / "MLmodel").is_file()
        assert version.created
        assert version.stage == ""


@pytest.mark.parametrize("name", ["mlflow_sqlite", "mlflow_file"])
def test_models_that_runs_logged_are_what_mlflow_says(name: str) -> None:
    """With their own params and metrics, by the run that made them."""
    reader, root = _store(name)
    assert _logged(reader, root) == expected(name)["logged_models"]


@pytest.mark.parametrize("name", ["mlflow_sqlite", "mlflow_file"])
def test_the_files_of_a_model_are_files_of_its_run(name: str) -> None:
    """They are listed below the model's name and open; other paths lead nowhere."""
    reader, root = _store(name)
    (model,) = expected(name)["logged_models"]
    cards = {card.run_id: (key, card) for key, card in store_cards(reader, root).items()}
    key, card = cards[model["source_run_id"]]
    listed = {artifact.path: artifact.size for artifact in card.artifacts}
    names = [f"models/model/{file}" for file in _FILES]
    assert [path for path in listed if path.startswith("models/")] == sorted(names)
    for path, size in listed.items():
        assert reader.artifact(root, key, path).stat().st_size == size
    for path in ("models/model/none", "models/model/../meta.yaml", "models/other/MLmodel", "x"):
        with pytest.raises(NotFoundError):
            reader.artifact(root, key, path)


def _sources(folder: Path, *more: str) -> list[str]:
    """Return ways in which a version says where its files are, all of them moved since."""
    run = expected("mlflow_sqlite")["runs"][-1]["id"]
    model = expected("mlflow_sqlite")["logged_models"][0]["model_id"]
    return [
        f"models:/{model}",
        f"runs:/{run}/docs",
        f"file:///gone/mlruns/1/{run}/artifacts/docs/sub%20dir",
        f"/gone/elsewhere/{run}/artifacts/docs",
        f"./mlruns/1/{run}/artifacts/docs",
        f"mlruns/1/models/{model}/artifacts",
        f"mlflow-artifacts:/1/models/{model}/artifacts",
        f"s3://bucket/1/{run}/artifacts/docs",
        (folder / "mlruns").as_uri(),
        *more,
    ]


_LEADING_OUT = [
    "/etc", "file:///etc", "../..", "runs:/nobody/x", "models:/m-none", "models:/", "runs:/", "",
    "s3://bucket/key", "runs:/../x", "/gone/../artifacts/x",
    "file:///gone/artifacts/..", "mlruns/../../x", "models:/../..",
]  # fmt: skip


def _with_source(root: Path, source: str) -> None:
    with closing(sqlite3.connect(root)) as connection, connection:
        connection.execute("UPDATE model_versions SET source = ?, storage_location = ''", (source,))


@pytest.mark.parametrize("number", range(9))
def test_files_are_found_wherever_the_store_was_moved(tmp_path: Path, number: int) -> None:
    """Addresses are absolute and stores are moved; what is inside is looked for by its end."""
    reader, root = _copied("mlflow_sqlite", tmp_path / "moved")
    source = _sources(root.parent)[number]
    _with_source(root, source)
    (model,) = reader.registry(root).models
    found = model.versions[0].files
    if source.startswith("s3:"):
        assert found is None
    else:
        assert found is not None
        assert found.is_dir()
        assert found.is_relative_to(root.parent.resolve())


@pytest.mark.parametrize("source", _LEADING_OUT)
def test_an_address_that_leads_out_of_the_store_is_left_alone(tmp_path: Path, source: str) -> None:
    """Whoever wrote the store may have written any path of this machine."""
    reader, root = _copied("mlflow_sqlite", tmp_path / "moved")
    _with_source(root, source)
    (model,) = reader.registry(root).models
    assert model.versions[0].files is None


def test_a_version_that_is_a_copy_has_the_files_of_the_first(tmp_path: Path) -> None:
    """MLflow then says ``models:/NAME/VERSION``; copies of each other have none."""
    reader, root = _copied("mlflow_sqlite", tmp_path / "moved")
    with closing(sqlite3.connect(root)) as connection, connection:
        for number, source in ((2, "models:/iris-sgd-clf/1"), (3, "models:/iris-sgd-clf/3")):
            connection.execute(
                "INSERT INTO model_versions (name, version, source, current_stage, workspace) "
                "VALUES ('iris-sgd-clf', ?, ?, 'Production', 'default')",
                (number, source),
            )
    (model,) = reader.registry(root).models
    first, second, third = model.versions
    assert first.files == second.files
    assert (second.stage, third.files) == ("Production", None)


def test_a_deleted_version_is_not_there(tmp_path: Path) -> None:
    """MLflow keeps it and shows it to nobody."""
    reader, root = _copied("mlflow_sqlite", tmp_path / "moved")
    with closing(sqlite3.connect(root)) as connection, connection:
        connection.execute("UPDATE model_versions SET current_stage = 'Deleted_Internal'")
    assert reader.registry(root).models[0].versions == ()


def test_models_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """A run that logs one at each checkpoint has all of them."""
    reader, root = _copied("mlflow_file", tmp_path / "moved")
    (model,) = expected("mlflow_file")["logged_models"]
    (home,) = root.glob(f"*/models/{model['model_id']}")
    shutil.copytree(home, home.with_name("m-" + "f" * 32))
    (card,) = [c for c in store_cards(reader, root).values() if c.run_id == model["source_run_id"]]
    listed = [artifact.path for artifact in card.artifacts if artifact.path[:7] == "models/"]
    folders = {path.split("/")[1] for path in listed}
    assert folders == {"model", "model-m-" + "f" * 32}
    assert len(listed) == 2 * len(_FILES)


def test_damage_in_a_registry_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    """One file that is no YAML does not hide the other models."""
    reader, root = _copied("mlflow_file", tmp_path / "moved")
    shutil.copytree(root / "models/iris-sgd-clf", root / "models/other")
    (root / "models/iris-sgd-clf/meta.yaml").write_text("[", "utf-8")
    found = reader.registry(root)
    assert len(found.models) == 1
    assert [fault.path for fault in found.faults] == ["models/iris-sgd-clf/meta.yaml"]


def test_what_was_logged_as_an_artifact_is_no_run(tmp_path: Path) -> None:
    """A table of metrics among a run's files is that run's, which is listed once."""
    _, root = _copied("mlflow_sqlite", tmp_path / "moved")
    for folder in root.parent.glob("mlruns/1/**/artifacts"):
        (folder / "metrics.jsonl").write_text('{"step": 0, "loss": 1}\n' * 3, "utf-8")
    assert [source.format for source in discover(tmp_path).sources] == ["mlflow-sqlite"]
    run = next(root.parent.glob("mlruns/1/*/artifacts/metrics.jsonl")).parents[1]
    alone = FoldersReader(installed().folders, installed().stores)
    with pytest.raises(FormatError, match="not a run"):
        alone.read(tmp_path, f"{run.relative_to(tmp_path).as_posix()}/artifacts", b"", 0.0)
    assert [source.format for source in discover(run).sources] == ["folders"]
