"""A folder of every reader's kind, and how a script goes on writing into it.

Metrics named first are those that grow. What a tool writes once has no way to grow.
"""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.building import append_metrics, points, write_run
from tests.contracts.growing import SPECIMENS, deleting, file_of, folder_of, row, statements
from tests.formats.offline.test_neptune_export import ROWS, curve, exported
from tests.formats.optuna.test_journal import STUDY, TRIAL, operation, report
from tests.formats.tensorboard import encoding as tensorboard
from tests.formats.trainers.test_huggingface import state
from tests.formats.wandb import encoding as wandb
from workbench.formats.contract import SourceReader
from workbench.formats.detect import reader_named
from workbench.formats.kept import GONE, KeptReader
from workbench.formats.mlflow.files import MlflowFilesReader
from workbench.formats.native.reader import NativeReader

NOW = 1_800_000_000.0
MLFLOW_RUN = "168282480157820092/f464b045e5f3485c9abe6e92af1b08ea"


class Case(NamedTuple):
    """A reader and how a folder of its kind is made and grows."""

    reader: SourceReader
    make: Callable[[Path], Path]
    """Make a folder at a path that does not exist; return the root."""
    key: str
    """Of a run with more than one metric."""
    lines: str
    """The file that grows, relative to the root; empty where that is the root."""
    metric: str
    grow: Callable[[Path, int], None] | None
    """Write the point of a step, larger than those there; None for what is written once."""
    artifact: str | None
    """None for a format that has no files."""
    by_lines: bool = False
    """Each point is a line: what is wrong with one harms no other."""
    remove: Callable[[Path], None] | None = None
    """Take the run away; None where it is the folder of its key."""


def _native(path: Path) -> Path:
    write_run(path, number=1, metrics=points(5, "loss", "acc"))
    write_run(
        path, status=None, metrics=points(20, "loss", "acc"), artifacts={"a b/c.txt": b"text"}
    )
    return path


class _NativeRun(NamedTuple):
    key: str
    folder: Path

    def writer(self, number: int = 0) -> Path:
        return self.folder / "writers" / str(number)


NATIVE_RUN = _NativeRun(f"runs/churn/01kb{0:022d}", Path())


def _grow_native(root: Path, step: int) -> None:
    run = NATIVE_RUN._replace(folder=root / NATIVE_RUN.key)
    append_metrics(run, [(step, NOW, {"loss": step / 7, "acc": math.nan})])


def _grow_mlflow(root: Path, step: int) -> None:
    with (root / MLFLOW_RUN / "metrics" / "train_loss").open("ab") as file:
        file.write(f"1795225300000 {step / 7} {step}\n".encode())


def _grow_lines(root: Path, step: int) -> None:
    path = root / "experiments" / "baseline-lr0.01" / "metrics.jsonl"
    with path.open("ab") as file:
        file.write(f'{{"step": {step}, "train_loss": {step / 7}, "new": NaN}}\n'.encode())


def _grow_table(root: Path, step: int) -> None:
    path = root / "experiments" / "crash-at-7" / "results.csv"
    with path.open("ab") as file:
        file.write(f"{step},{step / 7},nan\r\n".encode())


WANDB_RUN = f"wandb/{wandb.FOLDER}"


def _wandb(path: Path) -> Path:
    place = wandb.written(path / "wandb", [wandb.run(name="one"), *wandb.steps(5)])
    (place / "files" / "notes.txt").write_text("text", "utf-8")
    folder_of("wandb_offline", "data/wandb")(path / "more")
    return path


def _grow_wandb(root: Path, step: int) -> None:
    path = root / WANDB_RUN / wandb.LOG
    log = bytearray(path.read_bytes())
    before = len(log)
    wandb.append(log, wandb.step(step, {"loss": repr(step / 7)}))
    with path.open("ab") as file:
        file.write(log[before:])


EVENTS = "events.out.tfevents.1700000000.trainbox.77.0"


def _tensorboard(path: Path) -> Path:
    for name in ("runs/one", "runs/two"):
        events = [*tensorboard.points("loss", [1.0, 0.5, 0.25]), *tensorboard.points("acc", [0.1])]
        tensorboard.write(path / name, *events)
    return path


def _grow_events(file: str) -> Callable[[Path, int], None]:
    def grow(root: Path, step: int) -> None:
        value = tensorboard.scalar("loss", step / 7)
        tensorboard.append(root / file, tensorboard.event(1.9e9, step, value))

    return grow


def _grow_dvclive(root: Path, step: int) -> None:
    with (root / "runs/crash-at-7/plots/metrics/train_loss.tsv").open("a") as file:
        file.write(f"{step}\t{step / 7}\n")


def _huggingface(path: Path) -> Path:
    state(path / "one/trainer_state.json", 3)
    state(path / "two/trainer_state.json", 3)
    return path


def _grow_huggingface(root: Path, step: int) -> None:
    path = root / "one/trainer_state.json"
    found = json.loads(path.read_text("utf-8"))
    found["global_step"] = step
    found["log_history"].append({"loss": step / 7, "step": step})
    path.write_text(json.dumps(found), "utf-8")


def _grow_sacred(root: Path, step: int) -> None:
    path = root / "sacred_runs/2/metrics.json"
    found = json.loads(path.read_text("utf-8"))
    for name, value in (("steps", step), ("values", step / 7), ("timestamps", "2026-11-21T03:00")):
        found["train_loss"][name].append(value)
    path.write_text(json.dumps(found, indent=2), "utf-8")


GUILD_RUN = "runs/f578a4766bd445b7ad5850ed09777355"
GUILD_EVENTS = f"{GUILD_RUN}/.guild/events.out.tfevents.1795296233.trainbox.30253.0"


def _journal(path: Path) -> Path:
    path.mkdir()
    told = [report(0, 0, 1.0), report(1, 0, 2.0), report(1, 1, 1.5)]
    ended = operation(6, trial_id=0, state=1, values=[1.0])
    (path / "journal.log").write_bytes(b"".join([STUDY, TRIAL, TRIAL, *told, ended]))
    return path / "journal.log"


def _grow_journal(root: Path, step: int) -> None:
    with root.open("ab") as file:
        file.write(report(1, step, step / 7))


def _without_last_trial(root: Path) -> None:
    lines = root.read_bytes().splitlines(keepends=True)
    root.write_bytes(b"".join(lines[:2]))


def _without_last_row(root: Path) -> None:
    root.write_text("".join(root.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")


NEPTUNE_RUN = "offline/run__e9bb1121-d307-495d-a78e-d49474e57968__26781__pmrfevda"


def _neptune(path: Path) -> Path:
    return folder_of("neptune_offline", "data/.neptune")(path / ".neptune")


def _grow_neptune(root: Path, step: int) -> None:
    value = {"value": step / 7, "step": step, "timestamp": 1.8e9}
    said = {"type": "LogFloats", "path": ["train_loss"], "values": [value]}
    with (root / NEPTUNE_RUN / "data-1.log").open("a") as file:
        file.write(json.dumps({"obj": said, "version": 1_000 + step}) + "\n")


def _clearml(path: Path) -> Path:
    name = "offline-07bfb4bb3d964731ac29bd306cfbd3ce"
    return folder_of("clearml_offline", f"data/clearml/offline/{name}")(path / name)


def _export(path: Path) -> Path:
    return exported(path, [*ROWS, *curve("train/acc", 0.5)])


def _kept(path: Path) -> Path:
    home = path / "0123abcd"
    for number in (1, 2):
        shutil.copytree(SPECIMENS / "dvclive/data/runs/crash-at-7", home / str(number) / "run")
        card = {
            "format": "dvclive", "source": ".", "key": "dvclive", "run_id": f"id{number}",
            "name": "dvclive", "experiment": "project",
        }  # fmt: skip
        (home / str(number) / "card.json").write_text(json.dumps(card), "utf-8")
    (home / f"2{GONE}").write_bytes(b"")
    return path


_FOLDERS = reader_named("folders")
_OPTUNA_GROWS = "INSERT INTO trial_intermediate_values VALUES (NULL, 8, :step, :value, 'FINITE')"
_OPTUNA_VALUES = "INSERT INTO trial_values VALUES (NULL, 8, 0, 0.5, 'FINITE')"
_MLFLOW = "8ec770a8a42041ab9fcdbc5b98a62a23"
_COMET = "50730c6d651c40df9caa4db782bde230"
_TRACKIO = "90ebbd9e1b194a408ab1914dc98ae479"


def _optuna(path: Path) -> Path:
    file = file_of("optuna/data/study.db")(path)
    statements(_OPTUNA_GROWS, _OPTUNA_VALUES)(file, 0)
    return file


CASES = {
    "native": Case(
        NativeReader(), _native, NATIVE_RUN.key, f"{NATIVE_RUN.key}/writers/0/metrics.jsonl",
        "loss", _grow_native, "a b/c.txt", by_lines=True,
    ),
    "mlflow": Case(
        MlflowFilesReader(), folder_of("mlflow_file", "data/mlruns"), MLFLOW_RUN,
        f"{MLFLOW_RUN}/metrics/train_loss", "train_loss", _grow_mlflow, "docs/sub dir/notes é.txt",
        by_lines=True,
    ),
    "plain-lines": Case(
        _FOLDERS, folder_of("plain"), "experiments/baseline-lr0.01",
        "experiments/baseline-lr0.01/metrics.jsonl", "train_loss", _grow_lines, "config.yaml",
        by_lines=True,
    ),
    "plain-table": Case(
        _FOLDERS, folder_of("plain"), "experiments/crash-at-7",
        "experiments/crash-at-7/results.csv", "train_loss", _grow_table, "stderr.log",
        by_lines=True,
    ),
    "wandb": Case(
        _FOLDERS, _wandb, WANDB_RUN, f"{WANDB_RUN}/{wandb.LOG}", "loss", _grow_wandb,
        "files/notes.txt",
    ),
    "tensorboard": Case(
        _FOLDERS, _tensorboard, "runs/one", f"runs/one/{EVENTS}", "loss",
        _grow_events(f"runs/one/{EVENTS}"), EVENTS,
    ),
    "dvclive": Case(
        _FOLDERS, folder_of("dvclive"), "runs/crash-at-7",
        "runs/crash-at-7/plots/metrics/train_loss.tsv", "train_loss", _grow_dvclive, "params.yaml",
    ),
    "hydra": Case(
        _FOLDERS, folder_of("hydra"), "outputs/2026-11-21/02-12-43",
        "outputs/2026-11-21/02-12-43/metrics.csv", "train_loss",
        row("outputs/2026-11-21/02-12-43/metrics.csv", "train_loss", "epoch"), "train.log",
    ),
    "huggingface": Case(
        _FOLDERS, _huggingface, "one", "one/trainer_state.json", "loss", _grow_huggingface,
        "trainer_state.json",
    ),
    "lightning": Case(
        _FOLDERS, folder_of("lightning"), "logs/iris-sgd/version_0",
        "logs/iris-sgd/version_0/metrics.csv", "train_loss_step",
        row("logs/iris-sgd/version_0/metrics.csv", "train_loss_step", "step"), "hparams.yaml",
    ),
    "ultralytics": Case(
        _FOLDERS, folder_of("ultralytics"), "runs/detect/train-2",
        "runs/detect/train-2/results.csv", "train/box_loss",
        row("runs/detect/train-2/results.csv", "train/box_loss", "epoch"), "args.yaml",
    ),
    "keras": Case(
        _FOLDERS, folder_of("keras_csvlogger"), "exp/crash-at-7", "exp/crash-at-7/training.log",
        "loss", row("exp/crash-at-7/training.log", "loss", "epoch"), "config.json",
    ),
    "boosting": Case(
        _FOLDERS, folder_of("gbm_evals"), "xgb/baseline-lr0.01",
        "xgb/baseline-lr0.01/evals_result.json", "val/rmse", None, "model.json",
    ),
    "sacred": Case(
        _FOLDERS, folder_of("sacred"), "sacred_runs/2", "sacred_runs/2/metrics.json", "train_loss",
        _grow_sacred, None,
    ),
    "guild": Case(
        _FOLDERS, folder_of("guild"), GUILD_RUN, GUILD_EVENTS, "loss", _grow_events(GUILD_EVENTS),
        "model.txt",
    ),
    "mlflow-sqlite": Case(
        reader_named("mlflow-sqlite"), file_of("mlflow_sqlite/data/mlflow.db"), f"#{_MLFLOW}", "",
        "train_loss",
        statements(
            "INSERT INTO metrics VALUES ('train_loss', :value, 1900000000000, :run, :step, 0)",
            "UPDATE latest_metrics SET value = :value, step = :step, timestamp = 1900000000000 "
            "WHERE key = 'train_loss' AND run_uuid = :run",
            run=_MLFLOW,
        ), None,
        remove=deleting(
            "DELETE FROM metrics WHERE run_uuid = :run",
            "DELETE FROM latest_metrics WHERE run_uuid = :run",
            "DELETE FROM params WHERE run_uuid = :run", "DELETE FROM tags WHERE run_uuid = :run",
            "DELETE FROM runs WHERE run_uuid = :run", run=_MLFLOW,
        ),
    ),
    "optuna": Case(
        reader_named("optuna"), _optuna, "#000008", "", "intermediate_value",
        statements(_OPTUNA_GROWS), None,
        remove=deleting(
            "DELETE FROM trial_intermediate_values WHERE trial_id = 8",
            "DELETE FROM trial_params WHERE trial_id = 8", "DELETE FROM trials WHERE trial_id = 8",
        ),
    ),
    "optuna-journal": Case(
        reader_named("optuna-journal"), _journal, "#000001", "", "intermediate_value",
        _grow_journal, None, remove=_without_last_trial,
    ),
    "trackio": Case(
        reader_named("trackio"), file_of("trackio/data/trackio/iris-sgd.db"), f"#{_TRACKIO}", "",
        "train_loss",
        statements(
            "INSERT INTO metrics (run_id, run_name, timestamp, step, metrics) VALUES "
            "(:run, 'crash-at-7', '2026-11-21T03:00:00+00:00', :step, "
            "json_object('train_loss', :value))",
            run=_TRACKIO,
        ), None,
        remove=deleting(
            "DELETE FROM metrics WHERE run_id = :run", "DELETE FROM configs WHERE run_id = :run",
            run=_TRACKIO,
        ),
    ),
    "sklearn": Case(
        reader_named("sklearn"), file_of("sklearn_cv/data/search_a/cv_results.csv"), "#000003", "",
        "mean_test_accuracy", None, "cv_results.csv", remove=_without_last_row,
    ),
    "comet": Case(
        reader_named("comet"), file_of(f"comet_offline/data/comet/{_COMET}.zip"), ".", "",
         "train_loss", None, None,
    ),
    "clearml": Case(
        reader_named("clearml"), _clearml, ".", "metrics.jsonl", "train_loss", None, None,
    ),
    "neptune": Case(
        reader_named("neptune"), _neptune, NEPTUNE_RUN,
        f"{NEPTUNE_RUN}/data-1.log", "train_loss", _grow_neptune, None,
    ),
    "neptune-export": Case(
        reader_named("neptune-export"), _export, "SAN-1-0123456789abcdef",
        "SAN-1-0123456789abcdef_part_0.parquet", "train/loss", None, None,
    ),
    "kept": Case(
        KeptReader(), _kept, "0123abcd/1", "0123abcd/1/run/plots/metrics/train_loss.tsv",
        "train_loss", None, "params.yaml",
    ),
}  # fmt: skip
GROWING = [name for name, case in CASES.items() if case.grow]
BY_LINES = [name for name, case in CASES.items() if case.by_lines]
WITH_FILES = [name for name, case in CASES.items() if case.artifact]
