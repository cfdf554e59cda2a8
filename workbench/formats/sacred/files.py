"""What stands in the files of Sacred's FileStorageObserver, as plain values.

Sacred writes what ``jsonpickle`` makes of the script's objects: beside the data stand
keys that begin with ``py/`` and say which class to build. Nothing is built here; what
such an object holds is kept, and its class is left away.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats import plain_config
from workbench.formats.contract import Points
from workbench.opening import read_small
from workbench.runfolder import encode_number

RUN, CONFIG, METRICS, INFO = "run.json", "config.json", "metrics.json", "info.json"
CONSOLE = "cout.txt"
_LARGEST = 4 << 20
LARGEST_METRICS = 64 << 20
"""Bytes of ``metrics.json``: it is one document, so it is read whole or not at all."""
_DEEPEST = 32
_CONTENTS = ("py/tuple", "py/set", "py/iterator", "py/type", "py/function", "py/repr", "py/b64",
             "py/b85", "py/ref", "py/id", "py/class", "py/module", "py/seq")  # fmt: skip
"""Keys under which an object's only content stands."""
_NAMED_CONTENTS = ("values", "value", "data")
"""Names arrays and numbers of other libraries keep theirs under, beside ``py/object``."""


class About(Struct):
    """What ``run.json`` says, as far as it is shown."""

    status: str = ""
    name: str = ""
    named: bool = False
    """The script was given the name for this run alone."""
    started: float | None = None
    stopped: float | None = None
    beat: float | None = None
    beats_every: float | None = None
    note: str = ""
    result: Any = None
    artifacts: list[str] = field(default_factory=list)
    error: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def load(path: str, limit: int = _LARGEST) -> dict[str, Any]:
    """Return a document of names.

    Raises:
        FileNotFoundError: There is none.
        FormatError: It does not decode; Sacred writes over it in place, so it may be half of one.
        OSError: It cannot be read.
    """
    try:
        found = plain_config.load_json(read_small(path, limit))
    except (ValueError, RecursionError) as problem:
        raise FormatError(f"it does not decode: {' '.join(str(problem).split())[:200]}") from None
    if not isinstance(found, dict):
        raise FormatError(f"it holds {type(found).__name__}, not names with values")
    return found


def about(told: Mapping[str, Any]) -> About:
    """Return what is shown of ``run.json``."""
    experiment, host, meta = (_names(told.get(key)) for key in ("experiment", "host", "meta"))
    options = _names(meta.get("options"))
    trace = told.get("fail_trace")
    lines = "".join(map(str, trace)).splitlines() if isinstance(trace, list) else []
    artifacts = told.get("artifacts")
    return About(
        status=_text(told.get("status")),
        name=_text(experiment.get("name")),
        named=bool(options.get("--name")),
        started=moment(told.get("start_time") or told.get("queue_time")),
        stopped=moment(told.get("stop_time")),
        beat=moment(told.get("heartbeat")),
        beats_every=_seconds(options.get("--beat-interval")),
        note=_text(options.get("--comment") or meta.get("comment")),
        result=_finite(plain(told.get("result"))),
        artifacts=[name for one in artifacts if (name := _file_name(one))]
        if isinstance(artifacts, list)
        else [],
        error=lines[-200:],
        facts=_facts(told, experiment, host),
    )


def _facts(
    told: Mapping[str, Any], experiment: Mapping[str, Any], host: Mapping[str, Any]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "raw_status": _text(told.get("status")),
        "host": _text(host.get("hostname")),
        "python": _text(host.get("python_version")),
        "command": " ".join(filter(None, map(_text, (experiment.get("mainfile"),
                                                      told.get("command"))))),
        "sources": ", ".join(_pairs(experiment.get("sources"))),
    }  # fmt: skip
    repositories = experiment.get("repositories")
    for repository in repositories[:1] if isinstance(repositories, list) else ():
        said = _names(repository)
        facts["commit"] = _text(said.get("commit"))
        if isinstance(said.get("dirty"), bool):
            facts["dirty"] = said["dirty"]
    return {name: value for name, value in facts.items() if value != ""}


def plain(value: Any, depth: int = _DEEPEST) -> Any:
    """Return what an object holds, without what it was made of."""
    if depth == 0:
        raise FormatError("it is nested too deep")
    if isinstance(value, list):
        return [plain(one, depth - 1) for one in value]
    if not isinstance(value, dict):
        return value
    for key in _CONTENTS:
        if key in value and all(name.startswith("py/") for name in value):
            return plain(value[key], depth - 1)
    said = {name: one for name, one in value.items() if not name.startswith("py/")}
    if "py/object" in value:
        for key in _NAMED_CONTENTS:
            if key in said:
                return plain(said[key], depth - 1)
        if not said:
            return value["py/object"] if isinstance(value["py/object"], str) else None
    return {name: plain(one, depth - 1) for name, one in said.items()}


def points_of(told: Any) -> tuple[Points, str]:
    """Return one metric's points and what is wrong with them, or an empty text."""
    found = [_names(told).get(key) for key in ("steps", "timestamps", "values")]
    columns = [column for column in found if isinstance(column, list)]
    if len(columns) < len(found):
        return Points([], [], []), "is not three columns"
    steps, times, values = columns
    points = Points([], [], [])
    wrong = 0
    for step, time, value in zip(steps, times, values, strict=False):
        number = _number(plain(value))
        if number is None:
            wrong += 1
            continue
        at = _number(plain(step))
        points.steps.append(math.nan if at is None else at)
        points.times.append(moment(time) or math.nan)
        points.values.append(number)
    lengths = {len(steps), len(times), len(values)}
    if len(lengths) > 1:
        return points, f"has columns of {', '.join(map(str, sorted(lengths)))} values"
    return points, f"has {wrong:,} values that are no numbers" if wrong else ""


def moment(told: object) -> float | None:
    """Return seconds since 1970; Sacred writes the time of Greenwich without saying so."""
    if not isinstance(told, str):
        return None
    try:
        found = datetime.fromisoformat(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _number(value: object) -> float | None:
    if isinstance(value, str) and value.lower() in ("nan", "inf", "-inf", "infinity", "-infinity"):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _finite(value: Any) -> Any:
    return encode_number(value) if isinstance(value, float) else value


def _seconds(told: object) -> float | None:
    try:
        return float(told)  # type: ignore[arg-type]  # typed on a command line, or absent
    except (TypeError, ValueError):
        return None


def _names(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _text(told: object) -> str:
    return told if isinstance(told, str) else ""


def _file_name(told: object) -> str:
    return _text(told) or _text(_names(told).get("name"))


def _pairs(told: object) -> Sequence[str]:
    pairs = told if isinstance(told, list) else []
    return [pair[0] for pair in pairs if isinstance(pair, list) and pair and _text(pair[0])]
