"""Predict which flights from New York arrive over 15 minutes late, and log how well it goes.

    python train.py --model hgb
    python train.py --model sgd --features gate     # may also see the departure delay
    python train.py --model hgb --register          # and keep the model as a version

Trains on January to March 2013, validates on April week by week, and then looks
at every later month, to see how a model that nobody retrains grows old.
"""

import argparse
import csv
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from families import DEFAULTS, build
from flights import DATA, FEATURES, LATE_AFTER_MIN, TRAINING_MONTHS, departures, labels, load, split
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

import workbench


def arguments():
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=sorted(DEFAULTS), default="hgb")
    parser.add_argument("--features", choices=sorted(FEATURES), default="schedule")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--learning-rate", type=float, help="default: one that suits the model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA, help="the table of flights (parquet)")
    parser.add_argument("--fraction", type=float, default=1.0, help="use only a share of the rows")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after each epoch")
    parser.add_argument("--register", action="store_true", help="keep the model as a version")
    args = parser.parse_args()
    if args.register and args.model == "baseline":
        parser.error("the baseline is a table of rates, nothing to register")
    if args.model == "baseline":
        if args.features != "schedule":
            parser.error("the baseline looks at the timetable only: --features schedule")
        args.epochs = 1  # a table of rates is complete after one pass
    return args


def scores(model, flights):
    """Return how well a model ranks flights and how honest its probabilities are."""
    y, probability = labels(flights), model.probability(flights)
    return {
        "auc": float(roc_auc_score(y, probability)),
        "loss": float(log_loss(y, probability)),
        "brier": float(brier_score_loss(y, probability)),
        "late_share": float(y.mean()),
        "predicted_share": float(probability.mean()),
    }


def fit(run, model, train, validation, args):
    """Train for some epochs and log each."""
    for epoch in range(args.epochs):
        model.train_epoch(train)
        on_train, on_val = scores(model, train), scores(model, validation)
        found = {
            "train/loss": on_train["loss"],
            "train/auc": on_train["auc"],
            "val/loss": on_val["loss"],
            "val/auc": on_val["auc"],
        }
        run.log(found, step=epoch)
        print(f"epoch {epoch:3}  " + "  ".join(f"{k} {v:.4f}" for k, v in found.items()))
        time.sleep(args.pause)


def log_by_time(run, model, flights, unit):
    """Log the scores of each week or month, with its number as the step."""
    for (number,), part in flights.group_by(unit, maintain_order=True):
        if part["late"].n_unique() == 2:  # AUC needs both outcomes
            found = scores(model, part)
            run.log({f"{unit}/{name}": value for name, value in found.items()}, step=number)
            print(f"{unit} {number:3}  auc {found['auc']:.4f}")


def carrier_table(model, flights):
    """Return flights, late share and AUC of each carrier that had both outcomes."""
    found = []
    for (carrier,), part in flights.group_by("carrier"):
        if part["late"].n_unique() == 2:
            one = scores(model, part)
            found.append((carrier, len(part), round(one["late_share"], 4), round(one["auc"], 4)))
    return sorted(found, key=lambda row: row[1], reverse=True)


def log_report(run, model, validation):
    """Log a table of carriers and the table of outcomes as artifacts."""
    guess = model.probability(validation) > 0.5
    late = validation["late"].to_numpy()
    outcomes = {
        "threshold": 0.5,
        "late, called late": int((guess & late).sum()),
        "late, called on time": int((~guess & late).sum()),
        "on time, called late": int((guess & ~late).sum()),
        "on time, called on time": int((~guess & ~late).sum()),
    }
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "carriers.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["carrier", "flights", "late_share", "auc"])
            writer.writerows(carrier_table(model, validation))
        run.log_artifact(table)
        path = Path(folder) / "confusion.json"
        path.write_text(json.dumps(outcomes, indent=2), encoding="utf-8")
        run.log_artifact(path)


def importances(model, flights, seed):
    """Return by how much the AUC falls when a column is shuffled among the flights."""
    late, generator = labels(flights), np.random.default_rng(seed)
    whole = roc_auc_score(late, model.probability(flights))
    found = {}
    for name in model.columns:
        other = flights.with_columns(flights[name][generator.permutation(len(flights))])
        found[name] = max(0.0, float(whole - roc_auc_score(late, model.probability(other))))
    return found


def register(model, validation, seed):
    """Keep the model as a version, with what it says of each flight of April."""
    workbench.log_model(
        model.pipeline,
        "late-flights",
        input_example=validation.select(model.columns).head(5),
        description=f"probability that a flight arrives over {LATE_AFTER_MIN} minutes late",
        importance=importances(model, validation, seed),
    )
    probability = model.probability(validation)
    predictions = validation.select("origin", label="late").with_columns(
        row_id=pl.int_range(pl.len()),
        prediction=pl.Series(probability > 0.5),
        probability_false=pl.Series(1 - probability),
        probability_true=pl.Series(probability),
    )
    april = ("flights-april", validation.select("date", "carrier", "origin", "dest", "late"))
    workbench.log_predictions(predictions, model="late-flights", dataset=april, segments=["origin"])


def main():
    """Train once, as the command line says."""
    args = arguments()
    settings = dict(DEFAULTS[args.model])
    if args.learning_rate is not None and "learning_rate" in settings:
        settings["learning_rate"] = args.learning_rate
    model = build(args.model, args.features, settings, args.seed)
    train, validation, later = split(load(args.data, args.fraction, args.seed))
    params = {
        "model": {"family": args.model, **settings},
        "features": {"set": args.features, "columns": list(model.columns)},
        "data": {"months": list(TRAINING_MONTHS), "rows": len(train), "fraction": args.fraction},
        "late_after_min": LATE_AFTER_MIN,
        "epochs": args.epochs,
        "seed": args.seed,
    }
    with workbench.start_run(
        experiment="flights",
        name=f"{args.model}-{args.features}",
        params=params,
        tags={"data": "flights", "features": args.features},
    ) as run:
        for goal, names in {"max": ["auc"], "min": ["loss", "brier"]}.items():
            for name in names:
                for part in ("val", "week", "month"):
                    workbench.define_metric(f"{part}/{name}", goal=goal)
        workbench.log_dataset(
            departures(args.data), "flights-train", source=args.data.name, copy=True
        )
        fit(run, model, train, validation, args)
        log_by_time(run, model, validation, "week")
        log_by_time(run, model, pl.concat([validation, later]), "month")
        log_report(run, model, validation)
        if args.register:
            register(model, validation, args.seed)
        run.set_note("Trained on January to March, never retrained; see month/auc for its age.")


if __name__ == "__main__":
    main()
