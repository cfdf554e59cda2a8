"""Search a small grid of settings: one parent run, one child run for each point.

python sweep.py --epochs 10
"""

import argparse
import itertools
import json
import tempfile
from pathlib import Path

from families import DEFAULTS, build
from train import fit, load, record_data

import workbench

LEARNING_RATES = [0.001, 0.01, 0.1]
L2 = [1e-5, 1e-2]


def arguments():
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after each epoch")
    parser.set_defaults(shrink_batch=1.0)
    return parser.parse_args()


def train_child(learning_rate, l2, data, args):
    """Train one point of the grid as a child of the open run; return its settings and score."""
    settings = DEFAULTS["sgd"] | {"learning_rate": learning_rate, "l2": l2}
    with workbench.start_run(
        experiment="digits",
        name=f"lr {learning_rate:g}, l2 {l2:g}",
        params={
            "model": {"family": "sgd", **settings},
            "epochs": args.epochs,
            "batch_size": args.batch_size,
            "seed": args.seed,
        },
        nested=True,
    ) as run:
        workbench.define_metric("val/accuracy", goal="max")
        record_data()
        accuracy = fit(run, build("sgd", settings, args.seed), settings, data, args)
    return {"run": run.id, "learning_rate": learning_rate, "l2": l2, "val/accuracy": accuracy}


def search(run, data, args):
    """Train every point, log the best accuracy so far, and return all points, best first."""
    points = []
    for number, (learning_rate, l2) in enumerate(itertools.product(LEARNING_RATES, L2)):
        points.append(train_child(learning_rate, l2, data, args))
        points.sort(key=lambda point: point["val/accuracy"], reverse=True)
        run.log({"best/accuracy": points[0]["val/accuracy"]}, step=number)
    return points


def log_points(run, points):
    """Log the points as a JSON artifact."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.json"
        path.write_text(json.dumps(points, indent=2), encoding="utf-8")
        run.log_artifact(path)


def main():
    """Search the grid, as the command line says."""
    args = arguments()
    grid = {"learning_rate": LEARNING_RATES, "l2": L2}
    params = {"model": {"family": "sgd"}, "grid": grid, "epochs": args.epochs, "seed": args.seed}
    with workbench.start_run(experiment="digits", name="sgd grid", params=params) as run:
        workbench.define_metric("best/accuracy", goal="max")
        best, *others = search(run, load(), args)
        log_points(run, [best, *others])
        run.set_tags({"kind": "sweep", "best_run": best["run"]})
        run.set_note(f"Best of {len(others) + 1}: lr {best['learning_rate']:g}, l2 {best['l2']:g}.")


if __name__ == "__main__":
    main()
