"""How fast MLflow lists the runs of a store of its own. Runs in MLflow's environment.

MLflow makes the store and logs one run into it; the others are copies under new ids,
because ten thousand runs through its client take an hour.
"""

import hashlib
import json
import shutil
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

import mlflow

STEPS = 10
TIMES = 2
TABLES = ("params", "tags", "latest_metrics", "metrics")


def log(address: str, params: int, metrics: int) -> tuple[str, str]:
    """Log a run; return its experiment and its id."""
    mlflow.set_tracking_uri(address)
    experiment = mlflow.set_experiment("benchmark").experiment_id
    with mlflow.start_run(run_name="run-0") as run:
        mlflow.log_params({f"param_{k}": k / 3 for k in range(params)})
        for step in range(STEPS):
            mlflow.log_metrics({f"metric_{k}": (k + step) / 7 for k in range(metrics)}, step=step)
    return experiment, run.info.run_id


def new_id(number: int) -> str:
    """Return an id as MLflow gives them, but never one that YAML takes for a number."""
    return "a" + hashlib.sha256(str(number).encode()).hexdigest()[:31]


def copy_files(folder: Path, first: str, count: int) -> None:
    """Copy the run's folder."""
    card = (folder / first / "meta.yaml").read_text("utf-8")
    for number in range(1, count):
        name = new_id(number)
        shutil.copytree(folder / first, folder / name)
        (folder / name / "meta.yaml").write_text(card.replace(first, name), "utf-8")


def copy_rows(store: Path, first: str, count: int) -> None:
    """Copy the run's rows."""
    connection = sqlite3.connect(store)
    copied = {
        table: [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
        for table in ("runs", *TABLES)
    }
    for number in range(1, count):
        name = new_id(number)
        for table, columns in copied.items():
            new = ", ".join("?" if column == "run_uuid" else f'"{column}"' for column in columns)
            statement = f"INSERT INTO {table} SELECT {new} FROM {table} WHERE run_uuid = ?"  # noqa: S608
            connection.execute(statement, (name, first))
    connection.commit()
    connection.close()


def main(store: Path, kind: str, count: int, params: int, metrics: int) -> None:
    """Make the store, warm up, and list its runs against the clock."""
    if kind == "sqlite":
        experiment, first = log(f"sqlite:///{store}/mlflow.db", params, metrics)
        copy_rows(store / "mlflow.db", first, count)
    else:
        experiment, first = log(f"file://{store}/mlruns", params, metrics)
        copy_files(store / "mlruns" / experiment, first, count)
    mlflow.search_runs([experiment], max_results=10)
    taken = []
    for _ in range(TIMES):
        began, before = perf_counter(), process_time()
        found = mlflow.search_runs([experiment], max_results=count + 1)
        taken.append((perf_counter() - began, process_time() - before))
    answer = {
        "runs": len(found),
        "seconds": min(taken)[0],
        "cpu": min(cpu for _, cpu in taken),
        "version": f"mlflow {version('mlflow')}",
    }
    print("\n" + json.dumps(answer))


main(Path(sys.argv[1]), sys.argv[2].partition("-")[0], *map(int, sys.argv[3:6]))
