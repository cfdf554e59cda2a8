"""How long MLflow's log calls take with and without somebody looking. Runs in its environment.

The one who looks does so while a file of that name is there. Blocks with and without
take turns, so that both meet the same machine.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import mlflow


def main(store: Path, kind: str, blocks: int, calls: int) -> None:
    """Log in blocks; say how long a call takes in each."""
    address = f"sqlite:///{store}/mlflow.db" if kind == "sqlite" else f"file://{store}/mlruns"
    mlflow.set_tracking_uri(address)
    mlflow.set_experiment("benchmark")
    taken: dict[bool, list[float]] = {False: [], True: []}
    failed, step, look = 0, 0, store / "look"
    with mlflow.start_run():
        mlflow.log_metrics({"loss": 0.0}, step=0)
        for block in range(2 * blocks):
            seen = bool(block % 2)
            look.touch() if seen else look.unlink(missing_ok=True)
            sleep(0.2)
            for _ in range(calls):
                step += 1
                began = perf_counter()
                try:
                    mlflow.log_metrics({f"m{k}": step / 7 for k in range(5)}, step=step)
                except mlflow.MlflowException:
                    failed += 1
                taken[seen].append(perf_counter() - began)
    look.unlink(missing_ok=True)
    (store / "over").touch()
    answer = {
        "alone_ms": 1e3 * median(taken[False]),
        "watched_ms": 1e3 * median(taken[True]),
        "alone_longest_ms": 1e3 * max(taken[False]),
        "watched_longest_ms": 1e3 * max(taken[True]),
        "failed": failed,
        "points": step,
        "version": f"mlflow {version('mlflow')}",
    }
    print("\n" + json.dumps(answer))


main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:5]))
