"""How fast MLflow lists the runs of a folder of its own. Runs in MLflow's environment.

One run is logged by MLflow itself; the others are copies of it under new ids, because
a thousand runs through its client take minutes.
"""

import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import mlflow

store, count = Path(sys.argv[1]), int(sys.argv[2])
params, metrics = int(sys.argv[3]), int(sys.argv[4])
mlflow.set_tracking_uri(f"file://{store}/mlruns")
experiment = mlflow.set_experiment("benchmark").experiment_id
with mlflow.start_run(run_name="run-0") as run:
    mlflow.log_params({f"param_{k}": k for k in range(params)})
    mlflow.log_metrics({f"metric_{k}": k / 7 for k in range(metrics)}, step=0)
    mlflow.set_tag("team", "team-0")
    first = run.info.run_id
folder = store / "mlruns" / experiment
card = (folder / first / "meta.yaml").read_text("utf-8")
for number in range(1, count):
    name = f"a{number:031x}"  # else YAML takes it for a number
    shutil.copytree(folder / first, folder / name)
    (folder / name / "meta.yaml").write_text(card.replace(first, name), "utf-8")
began = perf_counter()
found = mlflow.search_runs([experiment], max_results=count + 1)
seconds = perf_counter() - began
answer = {"runs": len(found), "seconds": seconds, "version": f"mlflow {version('mlflow')}"}
print("\n" + json.dumps(answer))
