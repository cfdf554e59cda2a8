"""A workspace with models that have a past: files on disk, events in journals, settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.registry_building import draft as any_draft
from tests.registry_building import registration, summary, write_journal
from workbench.registry import manifest
from workbench.registry.event import (
    FROZEN,
    PROMOTED,
    REGISTERED,
    REQUESTED,
    RETIRED,
    ROLLED_BACK,
    Draft,
)

ODD = "odd [bold]reason[/] \x1b[2J\x1b]0;gone\x07 図"
SETTINGS = """\
[user]
name = "ana"

[stages.staging]

[stages.production]
after = "staging"

[[stages.production.checks]]
name = "good enough"
rule = "metrics.`val/auc` >= 0.85"

[[stages.production.checks]]
name = "not worse than today"
rule = "metrics.`val/auc` >= champion.metrics.`val/auc` - 0.002"

[[stages.production.checks]]
name = "model card read"
kind = "manual"
item = "The model card was read"
by = ["ana", "dee@lab"]

[[stages.production.checks]]
name = "second pair of eyes"
kind = "approval"
count = 1
"""
SIGNATURE = {
    "columns": [
        {"name": "age", "dtype": "int64", "nullable": False, "min": 17, "max": 90},
        {"name": "plan", "dtype": "string", "nullable": True, "categories": ["basic", "pro"]},
    ],
    "output": {"kind": "binary"},
}
AUC = (0.861, 0.884, 0.879, 0.912)


def draft(kind: str, number: int, **fields: Any) -> Draft:
    """Return what happened ``number`` times ten minutes after the first, all before now."""
    return any_draft(kind, number, time=BEGIN - (200 - number) * 600, **fields)


def put_files(root: Path, model: str, number: int) -> Mapping[str, Any]:
    """Put a version's files into the registry and return what its event says of them."""
    source = root / "made" / f"{model}-{number}"
    source.mkdir(parents=True)
    (source / "model.skops").write_bytes(f"{model} {number}\n".encode() * 200)
    (source / "schema.json").write_text('{"made": true}', "utf-8")
    staged = manifest.stage(source, root)
    try:
        whole = manifest.publish(staged, root, model)
    finally:
        manifest.discard(staged)
    return {"manifest": whole.hash, "size": whole.size, "files": len(whole.files)}


def churn_version(root: Path, number: int, at: int, **said: Any) -> Draft:
    """Return the event that registers a version of churn."""
    auc = AUC[number - 1]
    details = registration(
        "churn", number, **put_files(root, "churn", number),
        run={"id": run_id(number), "name": f"gbm-{number}", "experiment": "churn",
             "path": f"runs/churn/{run_id(number)}"},
        metrics={"val/auc": summary(auc), "val/loss": summary(round(1.2 - auc, 3))},
        goals={"val/auc": "max", "val/loss": "min"}, signature=SIGNATURE,
        signature_hash=f"s{number}", params={"lr": 0.1 / number, "depth": 4 + number},
        example={"input": [{"age": 41, "plan": "pro"}], "output": [0.31]},
        environment={"python": "3.11.7", "platform": "Linux",
                     "packages": {"scikit-learn": "1.7.0", "skops": "0.16"}},
        **said,
    )  # fmt: skip
    actor = ("bob@lab", "ana", "bob@lab", "carla@lab")[number - 1]
    return draft(REGISTERED, at, version=number, details=details, actor=actor, reason="")


def churn(root: Path) -> Iterator[Draft]:
    """Yield four versions: v1, then v2 in production, v3 rolled away, v4 asked for."""
    types = ["lightgbm.basic.Booster", "numpy.random._pickle.__generator_ctor"]
    yield churn_version(root, 1, 1, description="the first that beats the rule of thumb")
    yield draft(PROMOTED, 2, version=1, stage="staging", reason="try it")
    yield draft(PROMOTED, 3, version=1, stage="production", reason="better than nothing")
    yield churn_version(root, 2, 10, tags={"team": "risk"})
    yield draft(PROMOTED, 11, version=2, stage="staging", actor="ana", reason="new features")
    yield draft(PROMOTED, 12, version=2, stage="production", actor="ana", reason="+0.02 AUC")
    yield churn_version(
        root, 3, 20, rung="code", format="joblib", why_format="skops refused: a lambda"
    )
    yield draft(
        PROMOTED, 21, version=3, stage="production", actor="bob@lab", reason=ODD,
        details={"overrides": {"not worse than today": "the fall is within noise"},
                 "checks": [{"name": "good enough", "text": "metrics.`val/auc` >= 0.85",
                             "outcome": "holds", "observed": "0.879", "required": "≥ 0.85",
                             "sentence": ""},
                            {"name": "not worse than today", "text": "", "outcome": "fails",
                             "observed": "0.879", "required": "≥ 0.882", "sentence": ""}]},
    )  # fmt: skip
    yield draft(
        ROLLED_BACK, 22, version=2, stage="production", actor="ana",
        reason="alerts since 14:02: twice the churners missed",
    )  # fmt: skip
    yield churn_version(root, 4, 30, rung="data with extra types", types=types,
                        description="more data, calibrated")  # fmt: skip
    yield draft(PROMOTED, 31, version=4, stage="staging", actor="carla@lab", reason="for a week")
    yield draft(
        REQUESTED, 32, version=4, stage="production", actor="carla@lab", reason="a week is over"
    )  # fmt: skip


def fraud(root: Path) -> Iterator[Draft]:
    """Yield a model whose production is frozen and whose first version is retired."""
    for number in (1, 2):
        details = registration("fraud", number, **put_files(root, "fraud", number))
        yield draft(REGISTERED, 100 + number, version=number, details=details, reason="")
    yield draft(PROMOTED, 104, version=2, stage="production", reason="first one")
    yield draft(FROZEN, 105, stage="production", actor="dee@lab", reason="audit",
                details={"until": None})  # fmt: skip
    yield draft(RETIRED, 106, version=1, reason="trained on leaked labels")


def workspace(root: Path, settings: str = SETTINGS) -> Path:
    """Write the workspace: the models churn, fraud and tips, and churn's four runs."""
    write_workspace(root)
    (root / "workbench.toml").write_text(settings, "utf-8")
    for number in range(1, 5):
        write_run(root, number=number, name=f"gbm-{number}", params={"lr": 0.1 / number})
    write_journal(root, "churn", churn(root))
    write_journal(root, "fraud", fraud(root))
    details = registration("tips", 1, **put_files(root, "tips", 1), description=ODD)
    write_journal(root, "tips", [draft(REGISTERED, 90, version=1, details=details)])
    return root
