"""Train one classifier on scikit-learn's handwritten digits and log it.

python train.py --model mlp --seed 1
python train.py --model softmax --learning-rate 40 --l2 0.1 --batch-size 32   # diverges to NaN
python train.py --model sgd --shrink-batch 0.5   # crashes: a batch of size 0
"""

import argparse
import csv
import tempfile
import time
from pathlib import Path

import numpy as np
from families import CLASSES, DEFAULTS, build, train_epoch
from sklearn.datasets import load_digits
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import train_test_split

import workbench


def arguments():
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=sorted(DEFAULTS), default="sgd")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="initial weights and order of batches")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, help="default: one that suits the model")
    parser.add_argument("--l2", type=float, help="weight decay")
    parser.add_argument("--hidden", type=int, help="units in the hidden layer of --model mlp")
    parser.add_argument(
        "--shrink-batch", type=float, default=1.0, help="batch size times this after each epoch"
    )
    parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after each epoch")
    return parser.parse_args()


def load():
    """Return training images, validation images and their digits; pixels from 0 to 1."""
    digits = load_digits()
    return train_test_split(
        digits.data / 16, digits.target, test_size=0.25, stratify=digits.target, random_state=0
    )


def record_data():
    """Let the open run say which data it learns from."""
    workbench.log_dataset(load_digits(as_frame=True).frame, name="digits", role="training")


def batches_of(rows, size, generator):
    """Return the row numbers in random order, cut into batches."""
    order = generator.permutation(rows)
    return [order[start : start + size] for start in range(0, rows, size)]


def cross_entropy(model, x, y):
    """Return the mean loss in nats, weight decay included where the model tells it."""
    likelihood = model.predict_proba(x)[np.arange(len(y)), y]
    loss = -np.mean(np.log(np.maximum(likelihood, 1e-15)))
    return float(loss + (model.decay_loss() if hasattr(model, "decay_loss") else 0.0))


def scores(model, x, y, part):
    """Return accuracy, and loss if the model knows probabilities, named for a part of the data."""
    found = {f"{part}/accuracy": float(np.mean(model.predict(x) == y))}
    if hasattr(model, "predict_proba"):
        found[f"{part}/loss"] = cross_entropy(model, x, y)
    return found


def fit(run, model, settings, data, args):
    """Train for some epochs, log each, and return the last validation accuracy."""
    x_train, x_val, y_train, y_val = data
    generator = np.random.default_rng(args.seed)
    batch_size = args.batch_size
    for epoch in range(args.epochs):
        batches = batches_of(len(x_train), batch_size, generator)
        train_epoch(model, x_train, y_train, batches, settings)
        found = scores(model, x_train, y_train, "train") | scores(model, x_val, y_val, "val")
        run.log(found, step=epoch)
        print(f"epoch {epoch:3}  " + "  ".join(f"{k} {v:.4g}" for k, v in found.items()))
        batch_size = int(batch_size * args.shrink_batch)
        time.sleep(args.pause)
    return found["val/accuracy"]


def log_report(run, model, x, y):
    """Log the confusion matrix as a table and scikit-learn's report as text."""
    predicted = model.predict(x)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "confusion.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["true digit", *(f"read as {digit}" for digit in CLASSES)])
            rows = confusion_matrix(y, predicted, labels=CLASSES)
            writer.writerows([digit, *row] for digit, row in zip(CLASSES, rows, strict=True))
        run.log_artifact(table)
        report = Path(folder) / "report.txt"
        report.write_text(classification_report(y, predicted, zero_division=0), encoding="utf-8")
        run.log_artifact(report)


def main():
    """Train once, as the command line says."""
    args = arguments()
    asked = {"learning_rate": args.learning_rate, "l2": args.l2, "hidden": args.hidden}
    defaults = DEFAULTS[args.model]
    settings = defaults | {k: v for k, v in asked.items() if k in defaults and v is not None}
    params = {
        "model": {"family": args.model, **settings},
        "epochs": args.epochs,
        "batch_size": args.batch_size,
        "shrink_batch": args.shrink_batch,
        "seed": args.seed,
    }
    with workbench.start_run(
        experiment="digits",
        name=f"{args.model}-s{args.seed}",
        params=params,
        tags={"data": "digits"},
    ) as run:
        workbench.define_metric("val/accuracy", goal="max")
        workbench.define_metric("val/loss", goal="min")
        record_data()
        data = load()
        model = build(args.model, settings, args.seed)
        fit(run, model, settings, data, args)
        log_report(run, model, data[1], data[3])


if __name__ == "__main__":
    main()
