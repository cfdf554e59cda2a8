"""Hydra's jobs: params for whatever runs are in them, and what the job was."""

import shutil
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS
from workbench.formats.detect import discover, reader_named
from workbench.formats.trainers.hydra import HydraReader

READER = HydraReader()
WANDB = "offline-run-20261121_014816-dns1v02a"


def job(folder: Path, config: str = "lr: 0.1\n", overrides: str = "- lr=0.1\n") -> Path:
    """Write what Hydra keeps of a job."""
    home = folder / ".hydra"
    home.mkdir(parents=True)
    (home / "config.yaml").write_text(config, "utf-8")
    (home / "overrides.yaml").write_text(overrides, "utf-8")
    (home / "hydra.yaml").write_text(
        "hydra:\n  mode: RUN\n  job:\n    name: train\n    num: ???\n"
        "  runtime: {version: 1.3.2, cwd: /data/proj, output_dir: /data/proj/outputs/d/t}\n",
        "utf-8",
    )
    return folder


def test_params_flow_down_to_every_run_below(tmp_path: Path) -> None:
    """Two loggers' folders in a job are two runs with its params, and the job is no third.

    What a run itself says of a param holds, and each is called as it calls itself.
    """
    job(tmp_path / "outputs/d/t", config="lr: 0.1\nnet: {depth: 3}\n")
    for n in range(2):
        version = tmp_path / f"outputs/d/t/lightning_logs/version_{n}"
        version.mkdir(parents=True)
        (version / "metrics.csv").write_text("epoch,loss,step\n0,1,0\n", "utf-8")
        (version / "hparams.yaml").write_text(f"seed: {n}\nlr: {n}.5\n", "utf-8")
    reader = reader_named("folders")
    refs = set(reader.survey(tmp_path, None).refs)
    assert refs == {f"outputs/d/t/lightning_logs/version_{n}" for n in range(2)}
    for n in range(2):
        key = f"outputs/d/t/lightning_logs/version_{n}"
        card = reader.read(tmp_path, key, b"", LATER).card
        assert card.params == {"lr": n + 0.5, "net.depth": 3, "seed": n}
        assert (card.name, card.experiment) == (f"version_{n}", "lightning_logs")
        assert (card.facts["overrides"], set(card.metrics)) == (["lr=0.1"], {"loss"})
        assert card.format == "lightning+hydra"


def test_the_only_run_below_a_job_is_the_job(tmp_path: Path) -> None:
    """It is called as the job is, until there is a second one."""
    job(tmp_path / "outputs/d/t")

    def log(n: int) -> list[tuple[str, str]]:
        version = tmp_path / f"outputs/d/t/lightning_logs/version_{n}"
        version.mkdir(parents=True)
        (version / "metrics.csv").write_text("epoch,loss,step\n0,1,0\n", "utf-8")
        reader = reader_named("folders")
        cards = [
            reader.read(tmp_path, key, b"", LATER).card
            for key in reader.survey(tmp_path, None).refs
        ]
        return [(card.name, card.experiment) for card in cards]

    assert log(0) == [("outputs/d/t", "train")]
    assert log(1) == [("version_0", "lightning_logs"), ("version_1", "lightning_logs")]


def test_a_job_alone_is_a_run_without_metrics(tmp_path: Path) -> None:
    """Whatever the script wrote elsewhere, the job is known, and its log is its output."""
    job(tmp_path / "outputs/d/t")
    (tmp_path / "outputs/d/t/train.log").write_text("[INFO] hello\n", "utf-8")
    reader = reader_named("folders")
    key = "outputs/d/t"
    assert set(reader.survey(tmp_path, None).refs) == {key}
    card = reader.read(tmp_path, key, b"", LATER).card
    assert (card.name, card.experiment, card.status) == (key, "train", "UNKNOWN")
    assert (card.params, card.metrics) == ({"lr": 0.1}, {})
    assert reader.texts(tmp_path, key)["console"].name == "train.log"


def test_a_job_that_was_moved_is_called_by_where_it_is(tmp_path: Path) -> None:
    """The recorded place counts only while the folder still lies so."""
    card = READER.read(job(tmp_path / "kept" / "best"), ".", b"", LATER).card
    assert card.name == "kept/best"


def test_a_folder_all_jobs_share_gives_no_params(tmp_path: Path) -> None:
    """Where Hydra was told to work in the project itself, its last job's params are nobody's."""
    job(tmp_path)
    settings = tmp_path / ".hydra" / "hydra.yaml"
    settings.write_text(
        "hydra:\n  runtime:\n    cwd: /data/proj\n    output_dir: /data/proj\n", "utf-8"
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {"a"}
    assert reader.read(tmp_path, "a", b"", LATER).card.params == {}


def test_jobs_of_a_sweep_are_a_group(tmp_path: Path) -> None:
    """Beside ``multirun.yaml`` lie the jobs of one sweep."""
    sweep = tmp_path / "multirun" / "12-00-00"
    job(sweep / "0")
    assert READER.read(sweep / "0", ".", b"", LATER).card.group is None
    (sweep / "multirun.yaml").write_text("{}\n", "utf-8")
    assert READER.read(sweep / "0", ".", b"", LATER).card.group == "12-00-00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]\n", []),
        ("", []),
        ("- a=1\n- +b='x, y'\n", ["a=1", "+b='x, y'"]),
        ("- a=1\n- 3\n", ["a=1", "3"]),
    ],
)
def test_overrides_are_told_as_they_were_given(tmp_path: Path, text: str, said: list[str]) -> None:
    """None given is none told."""
    card = READER.read(job(tmp_path, overrides=text), ".", b"", LATER).card
    assert (card.facts.get("overrides", []), card.faults) == (said, ())


def test_a_configuration_of_objects_is_data(tmp_path: Path) -> None:
    """Tags that would make objects are left away, and what is missing is no param."""
    text = "a: !!python/object:os.system {x: 1}\nb: ???\nc: ${a.x}\n"
    card = READER.read(job(tmp_path, config=text), ".", b"", LATER).card
    assert (card.params, card.faults) == ({"a.x": 1, "b": "???", "c": "${a.x}"}, ())


def test_a_link_called_like_hydras_folder_is_none(tmp_path: Path) -> None:
    """What lies elsewhere is not read through a link."""
    job(tmp_path / "secret")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".hydra").symlink_to(tmp_path / "secret" / ".hydra")
    assert set(reader_named("folders").survey(tmp_path / "run", None).refs) == set()


def tools_in(folder: Path) -> None:
    """Lay the runs of three tools into one job's folder, as their loggers place them."""
    version = folder / "csv" / "version_0"
    version.mkdir(parents=True)
    (version / "metrics.csv").write_text("epoch,loss,step\n0,1,0\n", "utf-8")
    (version / "hparams.yaml").write_text("depth: 3\n", "utf-8")
    shutil.copytree(SPECIMENS / "wandb_offline/data/wandb" / WANDB, folder / "wandb" / WANDB)
    events = next(SPECIMENS.glob("tensorboard/data/**/events.out.tfevents.*"))
    (folder / "tb" / "version_0").mkdir(parents=True)
    shutil.copyfile(events, folder / "tb" / "version_0" / events.name)
    (folder / "tb" / "version_0" / "hparams.yaml").write_text("depth: 3\n", "utf-8")


def test_all_tools_in_a_job_are_one_run(tmp_path: Path) -> None:
    """Both loggers of Lightning, wandb and the job: one row, and the files of all."""
    key = "outputs/d/t"
    tools_in(job(tmp_path / key))
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {key}
    card = reader.read(tmp_path, key, b"", LATER).card
    assert card.format == "wandb+lightning+tensorboard+hydra"
    assert (card.params["depth"], card.facts["overrides"]) == (3, ["lr=0.1"])
    assert "loss" in card.metrics
    paths = {artifact.path for artifact in card.artifacts}
    assert {".hydra/config.yaml", "csv/version_0/metrics.csv"} < paths
    assert any(path.startswith("files/") for path in paths)
    assert not any(path.startswith("wandb/") for path in paths)
    assert all(reader.artifact(tmp_path, key, path).is_file() for path in paths)


def test_a_job_that_only_has_a_store_is_no_run(tmp_path: Path) -> None:
    """The store's runs are listed, and nothing empty beside them; it comes back without it."""
    key = "outputs/d/t"
    store = job(tmp_path / key) / "mlruns"
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {key}
    shutil.copytree(SPECIMENS / "mlflow_file/data/mlruns", store)
    after = reader.survey(tmp_path, None)
    assert set(after.refs) == set()
    assert [source.format for source in discover(tmp_path).sources] == ["mlflow"]
    shutil.rmtree(store)
    assert set(reader.survey(tmp_path, after.memory).refs) == {key}
