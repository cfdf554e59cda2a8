"""A workspace with training data, a model and months that come; builders with defaults."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

import workbench
from tests.operations.registry.people import MODEL, People
from workbench.datasets.drift.report import DriftReport
from workbench.operations.datasets.add import Added, add
from workbench.operations.drift.monitoring import Ran, run
from workbench.operations.session import Session

ROWS: Final = 400
DAY: Final = 86_400.0
MONITOR: Final = '[monitor.flights]\nmodel = "churn@production"\ndata = "month"\n'
DATED: Final = '[datasets.month]\ntime = "when"\n'
JANUARY: Final = 1_735_689_600.0
"""1 January 2025, UTC."""


def frame(shift: float = 0.0, *, seed: int = 1, rows: int = ROWS, month: int = 1) -> pl.DataFrame:
    """Return a table of which ``delay`` has moved by so many standard deviations."""
    rng = np.random.default_rng(seed)
    first = np.datetime64(f"2025-{month:02d}-01", "us")
    hours = np.sort(rng.integers(0, 27 * 24, rows)).astype("timedelta64[h]")
    return pl.DataFrame(
        {
            "delay": rng.normal(shift, 1.0, rows),
            "dest": rng.choice(["BOS", "ORD", "SFO"], rows),
            "pax": rng.normal(100.0, 10.0, rows),
            "when": first + hours,
        }
    )


def told(ran: tuple[Ran, ...]) -> list[tuple[str, str]]:
    """Return what was checked, in order, with its verdict."""
    return [(one.report.current.name, one.report.verdict) for one in ran if one.report and one.new]


class Watched(People):
    """People at a workspace with data to be watched."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.clock.at = 2_000_000_000.0  # long after every file of a test
        (self.root / "data").mkdir()

    def add(self, name: str, table: pl.DataFrame, **options: Any) -> Added:
        """Register a table as the next version of a dataset; its file is replaced each time."""
        path = self.write(name, table)
        self.clock.advance(1)
        made = add(self.ana, name, path, **options)
        self.ana.sweep()
        return made

    def write(self, name: str, table: pl.DataFrame) -> Path:
        """Write a table beside the others."""
        path = self.root / "data" / f"{name}.parquet"
        part = path.with_suffix(".part")
        table.write_parquet(part)
        part.replace(path)
        return path

    def train(self, table: pl.DataFrame | None = None, name: str = "train", **details: Any) -> int:
        """Register a dataset and a version of the model that was trained on it."""
        made = self.add(name, frame() if table is None else table)
        said = {"name": name, "hash": made.manifest.hash, "role": "training", "path": "", "rows": 1}
        return self.register(**{"datasets": [said], **details})

    def hold(self, **details: Any) -> int:
        """Register a trained version and put it into production."""
        number = self.train(**details)
        self.promote(number)
        return number

    def months(self, *shifts: float) -> None:
        """Register a version a month, each with its own shift."""
        for month, shift in enumerate(shifts, 2):
            self.add("month", frame(shift, seed=month, month=month))

    def predict(
        self, version: int | None, day: float, *, role: str = "production", share: float = 0.3,
        rows: int = 200, seed: int = 3, **options: Any,
    ) -> Path:  # fmt: skip
        """Log a day's predictions, a share of which say yes."""
        rng = np.random.default_rng(seed)
        score = np.clip(rng.beta(2, 4, rows) + share - 0.3, 0.0, 1.0)
        start = pl.from_epoch(
            pl.Series(np.arange(rows) * 60 + JANUARY + day * DAY)
        ).dt.replace_time_zone("UTC")
        table = pl.DataFrame(
            {
                "row_id": np.arange(rows), "time": start, "prediction": score > 0.5,
                "probability_true": score, "probability_false": 1 - score,
            }
        )  # fmt: skip
        model = f"{MODEL}@{version}" if version is not None else MODEL
        if role == "evaluation":
            options = {"dataset": ("held-out", "sha256:" + "a" * 64), **options}
        logged = workbench.log_predictions(
            table, model=model, role=role, workspace=self.root, clock=self.clock, **options
        )
        assert logged is not None
        return logged.path

    def run(self, *names: str, who: Session | None = None) -> tuple[Ran, ...]:
        """Run monitors."""
        return run(who or self.ana, names)

    def one(self, *names: str) -> DriftReport:
        """Run monitors and return the only report that is new."""
        (ran,) = self.run(*names)
        assert ran.fault == ""
        assert ran.report is not None
        assert ran.new
        return ran.report

    def reports(self, monitor: str = "flights") -> list[str]:
        """Return the names of the reports in the folder."""
        folder = self.root / "reports/drift" / monitor
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
