"""MLflow's own words, in files and in databases alike, and what they mean here."""

import math
from collections.abc import Mapping
from typing import Any

from workbench.runfolder import FAILED, FINISHED, KILLED, RUNNING, UNKNOWN

_RAW = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_STATUS = {
    "RUNNING": RUNNING, "SCHEDULED": RUNNING, "FINISHED": FINISHED, "FAILED": FAILED,
    "KILLED": KILLED,
}  # fmt: skip
_MODEL_STATUS = {0: "UNSPECIFIED", 1: "PENDING", 2: "READY", 3: "FAILED"}
DELETED_VERSION = "Deleted_Internal"
"""The stage of a version that MLflow no longer shows."""
_FACTS = {
    "mlflow.user": "user",
    "mlflow.source.name": "script",
    "mlflow.source.git.commit": "commit",
    "mlflow.source.git.branch": "branch",
    "mlflow.source.git.repoURL": "remote",
}
Point = tuple[int, int, float]
"""Step, time in milliseconds, value."""


def rank(point: Point) -> tuple[int, int, bool, float]:
    """Return what orders points as MLflow does: the greatest is the latest."""
    step, time, value = point
    return step, time, value == value, value  # noqa: PLR0124 - NaN is below all


def raw_status(status: object) -> str:
    """Return MLflow's own word for a status, which is a number in files."""
    return _RAW.get(status, str(status)) if isinstance(status, int) else str(status)


def status_of(status: object) -> str:
    """Return what a status means."""
    return _STATUS.get(raw_status(status), UNKNOWN)


def model_status(status: object) -> str:
    """Return MLflow's own word for the status of a logged model or a version."""
    return _MODEL_STATUS.get(status, str(status)) if isinstance(status, int) else str(status)


def stage_of(stage: object) -> str:
    """Return the stage of a version, empty for none."""
    return "" if stage in (None, "None", "") else str(stage)


def seconds(milliseconds: object) -> float | None:
    """Return a time in seconds since 1970; None for what is none."""
    if isinstance(milliseconds, int) and not isinstance(milliseconds, bool):
        return milliseconds / 1000
    return None


def facts_of(meta: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    """Return what a run says of itself beside params and metrics."""
    facts: dict[str, Any] = {}
    user = meta.get("user_id")
    if user not in (None, "", "unknown"):
        facts["user"] = user
    for tag, name in _FACTS.items():
        if tag in tags:
            facts[name] = tags[tag]
    if meta.get("status") is not None:
        facts["raw_status"] = raw_status(meta["status"])
    for name in ("lifecycle_stage", "experiment_id", "artifact_uri"):
        if meta.get(name) is not None:
            facts[name] = meta[name]
    if meta.get("lifecycle_stage") == "deleted":
        facts["deleted"] = True
    return facts


def finite_or_not(value: float) -> float:
    """Return a number of a database, which holds an infinity as the largest number there is."""
    if value in (_LARGEST, -_LARGEST):
        return math.copysign(math.inf, value)
    return value


_LARGEST = 1.7976931348623157e308
