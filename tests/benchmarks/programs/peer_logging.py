"""What one call with 5 metrics costs in another tool. Runs in that tool's environment."""

import json
import math
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

NAMES = ("train/loss", "train/acc", "val/loss", "val/auc", "lr")
WARM = 10
Log = Callable[[Mapping[str, float], int], object]


class Backend(NamedTuple):
    """A tool that is ready to log."""

    package: str
    imported: float
    """When the import was over."""
    log: Log


def mlflow(address: str) -> Backend:
    """Log to MLflow."""
    import mlflow as tool

    imported = perf_counter()
    tool.set_tracking_uri(address)
    tool.set_experiment("benchmark")
    tool.start_run()
    return Backend("mlflow", imported, lambda values, step: tool.log_metrics(values, step=step))


def mlflow_files(store: Path) -> Backend:
    """Log to a folder of MLflow."""
    return mlflow(f"file://{store}/mlruns")


def mlflow_sqlite(store: Path) -> Backend:
    """Log to a SQLite file of MLflow."""
    return mlflow(f"sqlite:///{store}/mlflow.db")


def tensorboard(store: Path) -> Backend:
    """Log to an event file of TensorBoard; its calls only queue."""
    import tensorboardX

    imported = perf_counter()
    writer = tensorboardX.SummaryWriter(str(store))

    def log(values: Mapping[str, float], step: int) -> None:
        for name, value in values.items():
            writer.add_scalar(name, value, step)

    return Backend("tensorboardX", imported, log)


def wandb(store: Path) -> Backend:
    """Log to an offline folder of W&B; another process writes it."""
    import wandb as tool

    imported = perf_counter()
    run = tool.init(project="benchmark", dir=str(store), mode="offline")
    return Backend("wandb", imported, lambda values, step: run.log(values, step=step))


BACKENDS: Mapping[str, Callable[[Path], Backend]] = {
    "MLflow file store": mlflow_files,
    "MLflow SQLite": mlflow_sqlite,
    "TensorBoard (tensorboardX)": tensorboard,
    "wandb offline": wandb,
}


def main(store: Path, name: str, calls: int, seconds: float) -> None:
    """Log until there are enough calls or the time is up."""
    began = perf_counter()
    backend = BACKENDS[name](store)
    started = perf_counter()
    taken = []
    for step in range(calls + WARM):
        values = {metric: math.sin(step + k) for k, metric in enumerate(NAMES)}
        before = perf_counter()
        backend.log(values, step)
        taken.append(perf_counter() - before)
        if perf_counter() - started > seconds:
            break
    timed = taken[WARM:] or taken
    answer = {
        "us": 1e6 * median(timed),
        "calls": len(timed),
        "version": f"{backend.package} {version(backend.package)}",
        "import_s": backend.imported - began,
        "start_s": started - backend.imported,
    }
    print("\n" + json.dumps(answer), flush=True)


main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
