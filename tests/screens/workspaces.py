"""Runs for the scenes: no clock, no chance, no machine in them, and numbers as trainings give.

Noise comes from the number of a run and a step by integer arithmetic, and every value is
rounded before it is written, so that no library's next version moves a cell.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.building import BEGIN, Built, Point, write_run, write_workspace

COMMIT = "9f3c1d2e4b5a69788796a5b4c3d2e1f001122334"
PACKAGES = {"numpy": "2.3.1", "scikit-learn": "1.7.0", "torch": "2.8.0", "polars": "2.1.0"}
PATCH = b"\n".join((
    b"diff --git a/train.py b/train.py", b"index 1111111..2222222 100644", b"--- a/train.py",
    b"+++ b/train.py", b"@@ -41,4 +41,5 @@ def fit(model, batches, lr):",
    b"     for batch in batches:", b"         loss = model.loss(batch)",
    b"-        optimizer.step(lr)", b"+        lr = warmup(lr, batch.number)",
    b"+        optimizer.step(lr, clip=1.0)", b"         yield loss", b"",
))  # fmt: skip
_HOUR = 3600.0


def noise(*numbers: int) -> float:
    """Return a number from -1 to 1 that looks like chance and is the same everywhere."""
    state = 2166136261
    for number in numbers:
        state = ((state ^ (number + 1)) * 16777619 + 374761393) % 2**32
        state = (state ^ (state >> 15)) * 2246822519 % 2**32
    return state / 2**31 - 1


def training(steps: int, rate: float, best: float, number: int) -> list[Point]:
    """Return a loss that falls and an AUC that rises to ``best``, with noise."""
    points: list[Point] = []
    for step in range(steps):
        falling = math.exp(-rate * step)
        values = {
            "train/loss": round(0.08 + 0.9 * falling + 0.02 * noise(number, step), 5),
            "val/auc": round(best - (best - 0.5) * falling + 0.008 * noise(number, step, 7), 5),
        }
        points.append((step, BEGIN + 10 * step, values))
    return points


def write_trained(
    root: Path,
    number: int,
    params: Mapping[str, Any],
    *,
    steps: int = 60,
    rate: float = 0.08,
    best: float = 0.9,
    packages: Mapping[str, str] = PACKAGES,
    patch: bytes = b"",
    **card: Any,
) -> Built:
    """Write one run of a training, and the surroundings it recorded."""
    lines = training(steps, rate, best, number)
    rules = [
        {"time": BEGIN, "kind": "rule", "metric": name, "goal": goal}
        for name, goal in (("val/auc", "max"), ("train/loss", "min"))
    ]
    facts = {
        "dirty": bool(patch), "cpus": 8, "python": "3.11.7", "folder": ".",
        "invocation": ["python", "train.py", "--lr", str(params.get("lr", 0.1))],
    }  # fmt: skip
    told = [*rules, {"time": BEGIN, "kind": "fact", "facts": facts}]
    built = write_run(
        root, number=number, params=dict(params), metrics=lines, updates=told,
        ended=card.pop("ended", card.get("started", BEGIN) + 600 + 7 * number),
        **{"name": f"mlp-{number}", "command": ["train.py", "--config", "mlp.toml"],
           "git": {"commit": COMMIT, "branch": "main", "remote": None}} | card,
    )  # fmt: skip
    surroundings = {
        "python": "3.11.7", "implementation": "CPython", "platform": "Linux-6.1",
        "machine": "x86_64", "cpus": 8, "memory_mb": 32768, "packages": dict(packages),
    }  # fmt: skip
    (built.folder / "environment.json").write_text(json.dumps(surroundings), "utf-8")
    if patch:
        (built.folder / "source.diff").write_bytes(patch)
    return built


def seeds(root: Path) -> Path:
    """Eight runs of two learning rates, four seeds each; the second has other code and torch."""
    write_workspace(root)
    for number in range(8):
        second = number % 2
        write_trained(
            root, number,
            {"lr": (0.1, 0.03)[second], "seed": number // 2, "depth": 4},
            rate=(0.08, 0.06)[second], best=(0.893, 0.917)[second] + 0.004 * noise(number, 99),
            packages=PACKAGES | {"torch": ("2.8.0", "2.9.1")[second]},
            patch=PATCH if second else b"", tags={"team": "risk"},
            started=BEGIN + _HOUR / 3 * number,
        )  # fmt: skip
    return root


def search(root: Path) -> Path:
    """Forty runs of a search over three params, one every hour and a half."""
    write_workspace(root)
    for number in range(40):
        lr = round(10 ** (-2 + 1.5 * noise(number, 1)), 5)
        depth, optimizer = 2 + number * 5 % 7, ("adam", "sgd", "adamw")[number % 3]
        off = (math.log10(lr) + 2) ** 2
        best = 0.92 - 0.05 * off - 0.006 * abs(depth - 5) + 0.01 * noise(number, 3)
        write_trained(
            root, number, {"lr": lr, "model": {"depth": depth}, "optimizer": optimizer},
            best=round(best, 4), rate=0.03 + 0.02 * depth, started=BEGIN + 1.5 * _HOUR * number,
        )  # fmt: skip
    return root


def many_params(root: Path) -> Path:
    """Three runs of 300 params, twelve of which differ."""
    write_workspace(root)
    parts = ("encoder", "decoder", "optimizer", "augment", "schedule", "data")
    for number in range(3):
        values: dict[str, Any] = {part: {} for part in parts}
        for p in range(300):
            differs = p % 25 == 0
            name = f"{('width', 'rate', 'kind', 'bias', 'scale')[p % 5]}_{p // 6:02d}"
            values[parts[p % 6]][name] = 2**number * (p + 1) if differs else p + 1
        write_trained(root, number, values, best=0.88 + 0.01 * number)
    return root


def many_metrics(root: Path) -> Path:
    """Two runs of 2,000 metrics."""
    write_workspace(root)
    for number in range(2):
        lines: list[Point] = [
            (step, BEGIN + step, {
                f"layer_{m // 10:03d}/{('grad', 'act')[m % 2]}_{m % 10}":
                    round(1 / (step + 2 + m % 13) + 0.01 * noise(number, m), 5)
                for m in range(2_000)
            })
            for step in range(3)
        ]  # fmt: skip
        write_run(
            root, number=number, name=f"wide-{number}", params={"lr": 0.1 / (number + 1)},
            metrics=lines, tags={},
        )  # fmt: skip
    return root


def unlike(root: Path) -> Path:
    """Six runs with little in common: no git, no steps, one point, other metrics, still going."""
    write_workspace(root)
    write_trained(root, 0, {"lr": 0.1})
    short = training(20, 0.1, 0.8, 1)
    without_steps: list[Point] = [(None, time, values) for _, time, values in short]
    errors: list[Point] = [(k, BEGIN + k, {"rmse": round(3 / (k + 1), 4)}) for k in range(30)]
    write_run(root, number=1, name="laptop", params={"lr": 0.2}, git=None, metrics=short)
    write_run(root, number=2, name="stepless", params={"lr": 0.3}, metrics=without_steps)
    write_run(
        root, number=3, name="crashed", params={"lr": 0.4}, status="FAILED", metrics=short[:1],
        error=["ValueError: empty batch"],
    )  # fmt: skip
    write_run(root, number=4, name="regression", params={}, metrics=errors)
    write_run(root, number=5, name="going", params={"lr": 0.6}, status=None, metrics=short[:9])
    return root
