"""The run folder's contract: names, lines and versions.

The client writes by it and the native reader reads by it; neither knows the
other. ``docs/formats/run-folder.md`` says the same in prose. Standard library
only, because a training script imports it.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import UsageError
from workbench.ids import slug

FORMAT = 1
"""The version of what is written by these rules. A reader keeps what it does not know."""

RUNS = "runs"
WORKSPACE_CARD = ".workbench/workspace.json"
TEMPORARY = ".workbench/tmp"
CARD = "run.json"
ENVIRONMENT = "environment.json"
SOURCE_DIFF = "source.diff"
WRITERS = "writers"
UPDATES = "updates.jsonl"
METRICS = "metrics.jsonl"
CONSOLE = "console.log"
FINAL = "final.json"
ARTIFACTS = "artifacts"
DONE = ".done"
ALIVE = ".alive"
NEW_PREFIX = ".new-"

FINISHED, FAILED, KILLED, RUNNING, STALE = "FINISHED", "FAILED", "KILLED", "RUNNING", "STALE"
UNKNOWN = "UNKNOWN"
ENDS = (FINISHED, FAILED, KILLED)
LAST_WORDS = (*ENDS, STALE, UNKNOWN)
"""What an end card may say. The last two only that of a copy: whatever wrote the run that was
copied never said how it ended, and a copy shows no sign of life."""
STALE_AFTER = 600.0
"""Seconds without a sign of life after which a run without an end is STALE."""
HEARTBEAT_EVERY = 60.0

REPRODUCES = "reproduces"
"""The tag of a run that repeats another one: its id."""
REPRODUCES_VARIABLE = "WORKBENCH_REPRODUCES"
"""Names that id to a script that is run again; every run it starts is tagged with it."""


class Goal:
    """The two directions a metric can be good in."""

    MIN = "min"
    MAX = "max"


class Summary(NamedTuple):
    """What is kept of a metric without its curve.

    ``min`` and ``max`` skip NaN and keep infinities; they are NaN when every value is.
    ``last`` is the last value written, ``count`` counts every value, NaN too.
    """

    last: float
    min: float
    max: float
    first: float
    count: int  # type: ignore[assignment]  # the field's word; nobody counts in a tuple of numbers
    nans: int
    step_of_min: int | None
    step_of_max: int | None
    first_step: int | None
    last_step: int | None

    @classmethod
    def of(cls, value: float, step: int | None) -> "Summary":
        """Return the summary of a single point."""
        nan = math.isnan(value)
        at = None if nan else step
        return cls(value, value, value, value, 1, int(nan), at, at, step, step)

    def add(self, value: float, step: int | None) -> "Summary":
        """Return the summary with one more point, in the order of writing."""
        nan = math.isnan(value)
        low, low_at, high, high_at = self.min, self.step_of_min, self.max, self.step_of_max
        if not nan and not value >= low:  # also when ``low`` is NaN
            low, low_at = value, step
        if not nan and not value <= high:
            high, high_at = value, step
        return Summary(
            value, low, high, self.first, self.count + 1, self.nans + nan,
            low_at, high_at, self.first_step, step,
        )  # fmt: skip

    def join(self, later: "Summary") -> "Summary":
        """Return the summary of this series followed by a ``later`` one."""
        low_first = math.isnan(later.min) or self.min <= later.min
        high_first = math.isnan(later.max) or self.max >= later.max
        return Summary(
            later.last,
            self.min if low_first else later.min,
            self.max if high_first else later.max,
            self.first,
            self.count + later.count,
            self.nans + later.nans,
            self.step_of_min if low_first else later.step_of_min,
            self.step_of_max if high_first else later.step_of_max,
            self.first_step,
            later.last_step,
        )


def experiment_folder(workspace: Path, experiment: str) -> Path:
    """Return the folder of an experiment."""
    return workspace / RUNS / slug(experiment)


def done_marker(run_id: str, writer: int, status: str) -> str:
    """Return the name of the empty file that says a writer has ended."""
    return f"{run_id}.{writer}.{status.lower()}"


def read_done_marker(name: str) -> tuple[str, int, str] | None:
    """Return (run id, writer, status) of a marker's name, or None if it is not one."""
    run_id, _, rest = name.partition(".")
    writer, _, status = rest.partition(".")
    if not run_id or not writer.isdigit() or status.upper() not in LAST_WORDS:
        return None
    return run_id, int(writer), status.upper()


def alive_marker(run_id: str, writer: int) -> str:
    """Return the name of a writer's heartbeat file."""
    return f"{run_id}.{writer}"


def encode_number(value: float) -> float | str:
    """Return a number as JSON can hold it: NaN and the infinities by name."""
    if value != value:  # noqa: PLR0124 - the fastest NaN test there is
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def decode_number(value: object) -> float:
    """Return the number a JSON value stands for.

    Raises:
        ValueError: It stands for none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        message = f"{value!r} is not a number"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for one kind of fault
    if isinstance(value, str) and value not in ("NaN", "Infinity", "-Infinity"):
        message = f"{value!r} is not a number"
        raise ValueError(message)
    return float(value)


def encode_line(fields: Mapping[str, Any]) -> bytes:
    """Return one line of JSON, newline included.

    Raises:
        ValueError: A value is not finite or not of a kind JSON has.
        TypeError: A value is of a kind JSON does not have.
    """
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def encode_summary(summary: Summary) -> dict[str, Any]:
    """Return a summary as the end card holds it."""
    return {
        name: encode_number(value) if isinstance(value, float) else value
        for name, value in summary._asdict().items()
    }


def checked_name(name: object, what: str) -> str:
    """Return ``name`` if a metric, param or tag may have it.

    Raises:
        UsageError: It is not text, empty, longer than 500 characters or holds control characters.
    """
    if not isinstance(name, str):
        raise UsageError(f"A {what} name must be text, not {type(name).__name__}.")
    if not name or name != name.strip():
        raise UsageError(f"A {what} name must not be empty or begin or end with a space: {name!r}.")
    if len(name) > 500:  # noqa: PLR2004 - longer ones are values in the wrong place
        raise UsageError(f"A {what} name may have 500 characters; {name[:40]!r}… has {len(name)}.")
    if not name.isprintable():
        raise UsageError(f"A {what} name must not hold control characters: {name!r}.")
    return name


def flatten(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested params as one level with dotted names; lists stay values."""
    flat: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Mapping) and value:
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = value
    return flat
