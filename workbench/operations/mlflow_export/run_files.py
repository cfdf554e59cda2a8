"""One run as a folder of MLflow's file store."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.errors import FormatError, NotFoundError
from workbench.operations.importing.files import copy
from workbench.operations.importing.fitting import file_names
from workbench.operations.importing.values import Lost, Stop
from workbench.operations.mlflow_export import curves, naming
from workbench.operations.mlflow_export.files import (
    milliseconds,
    uri,
    write,
    write_card,
    write_values,
)
from workbench.operations.mlflow_export.starting import Start, start_of
from workbench.runfolder import ENDS, FAILED, FINISHED, KILLED

_LAYOUT: Final = 2
"""Another one than that of what is there: it is written anew."""
_STATUS: Final = {FINISHED: 3, FAILED: 4, KILLED: 5}
_RUNNING: Final = 1
_LOCAL: Final = 4
DIGEST: Final = "workbench.digest"
RUN_ID: Final = "workbench.run_id"
_START: Final = "workbench.start"
"""What stands for a start that nobody wrote down."""
_FROM_FACTS: Final = {
    "user": "mlflow.user", "script": "mlflow.source.name", "command": "workbench.command",
    "host": "workbench.host", "commit": "mlflow.source.git.commit",
    "branch": "mlflow.source.git.branch", "remote": "mlflow.source.git.repoURL",
}  # fmt: skip


class Order(NamedTuple):
    """A run to write, and where."""

    record: RunRecord
    place: curves.Place
    folder: Path
    """The draft."""
    final: Path
    """Where it will be."""
    experiment_id: str
    parent: str | None
    """The parent's id in MLflow."""
    artifacts: bool
    stop: Stop


def digest_of(record: RunRecord, *, artifacts: bool) -> str:
    """Return a hash of all that a run's folder is made of; equal means nothing to do."""
    said = [
        _LAYOUT, record.run_id, record.name, record.experiment, record.status, record.parent,
        record.started, record.ended, record.note, sorted(record.params.items()),
        sorted(record.tags.items()), sorted(record.metrics.items()), sorted(record.artifacts),
        sorted(record.facts.items()), record.archived, artifacts,
    ]  # fmt: skip
    return blake2b(repr(said).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def write_run(order: Order) -> list[Lost]:
    """Write a run; return what is not as it was.

    Raises:
        FormatError: The run cannot be read.
        OSError: It cannot be written.
        StoppedError: A person asked for the end.
    """
    record, folder = order.record, order.folder
    lost: list[Lost] = []
    start = start_of(record, order.place, order.stop)
    tags = _tags(order, lost)
    if start.instead:
        tags[_START] = start.instead
        lost.append(Lost("starts nobody wrote down", f"{start.instead} stands for it"))
    names = naming.keys(record.metrics)
    _tell_names("metric", names, tags, lost)
    curved = curves.write(
        folder / "metrics", order.place, record.metrics, names, start.at, order.stop
    )
    _tell_curves(curved, tags, lost)
    _params(order, tags, lost)
    if order.artifacts:
        _artifacts(order, lost)
    elif record.artifacts:
        lost.append(Lost("artifacts left out", "", len(record.artifacts)))
    tag_names = naming.keys(tags)
    write_values(
        folder / "tags", {tag_names[name]: _cut(text, lost, name) for name, text in tags.items()}
    )
    for name in ("metrics", "params", "artifacts"):
        (folder / name).mkdir(exist_ok=True)
    write_card(folder, _card(order, start))  # last: a folder without it is no run
    return lost


def _card(order: Order, start: Start) -> dict[str, Any]:
    record = order.record
    ended = record.ended if record.status in ENDS else None
    return {
        "artifact_uri": uri(order.final / "artifacts"), "end_time": milliseconds(ended),
        "entry_point_name": "", "experiment_id": order.experiment_id,
        "lifecycle_stage": "deleted" if record.facts.get("deleted") else "active",
        "run_id": order.final.name, "run_name": record.name, "run_uuid": order.final.name,
        "source_name": "", "source_type": _LOCAL, "source_version": "",
        "start_time": milliseconds(start.at),
        "status": _STATUS.get(record.status, _RUNNING), "tags": [], "user_id": record.user or "",
    }  # fmt: skip


def _tags(order: Order, lost: list[Lost]) -> dict[str, str]:
    """Return the run's own tags, and what MLflow has no other place for."""
    record = order.record
    optional = {
        "mlflow.note.content": record.note, "mlflow.parentRunId": order.parent,
        "workbench.group": record.group, "workbench.archived": "true" if record.archived else "",
        "workbench.error": "\n".join(record.error), "workbench.status": _status(record),
    }  # fmt: skip
    if record.status not in _STATUS:
        lost.append(Lost("status", f"{record.status} is RUNNING in MLflow"))
    return {
        **record.tags, "mlflow.runName": record.name, "mlflow.source.type": "LOCAL",
        **_of_facts(record),
        **{name: text for name, text in optional.items() if text},
        **_of_datasets(record),
        RUN_ID: record.run_id, DIGEST: digest_of(record, artifacts=order.artifacts),
    }  # fmt: skip


def _status(record: RunRecord) -> str:
    """Return the status where MLflow's says less."""
    if record.inferred:
        return f"{record.status} (inferred)"
    return "" if record.status in _STATUS else record.status


def _of_facts(record: RunRecord) -> dict[str, str]:
    facts = {
        **record.facts, "user": record.user, "host": record.host, "command": record.command,
        "commit": record.commit, "branch": record.branch,
    }  # fmt: skip
    return {name: str(facts[fact]) for fact, name in _FROM_FACTS.items() if facts.get(fact)}


def _of_datasets(record: RunRecord) -> dict[str, str]:
    return {
        f"workbench.dataset.{one.role or 'used'}.{one.name}": _json(
            {name: value for name, value in one._asdict().items() if value}
        )
        for one in record.datasets
    }


def _tell_names(
    what: str, names: Mapping[str, str], tags: dict[str, str], lost: list[Lost]
) -> None:
    """Keep the names MLflow does not take."""
    for name, fit in names.items():
        if name != fit:
            tags[f"workbench.name.{what}.{fit}"[:250]] = name
            lost.append(Lost("names changed", f"{what} {name!r} is {fit!r}"))


def _tell_curves(curved: curves.Curved, tags: dict[str, str], lost: list[Lost]) -> None:
    if curved.counted:
        tags["workbench.metrics_without_steps"] = _json(sorted(curved.counted))
        lost.append(Lost("metrics without steps", "points are numbered", len(curved.counted)))
    if curved.timed:
        lost.append(Lost("points without times", "at the run's start", curved.timed))
    if curved.moved:
        lost.append(Lost("equal points", "a millisecond apart", curved.moved))


def _params(order: Order, tags: dict[str, str], lost: list[Lost]) -> None:
    """Write the params as text; values that MLflow would cut stand whole in a file."""
    params = {name: spelled(value) for name, value in order.record.params.items()}
    names = naming.keys(params)
    _tell_names("param", names, tags, lost)
    long = sorted(name for name, text in params.items() if len(text) > naming.MOST_OF_PARAM)
    if long:
        whole = {name: order.record.params[name] for name in long}
        write(order.folder / "artifacts" / "workbench" / "long_params.json", _json(whole))
        lost.append(Lost("params cut", f"{', '.join(long)}: whole in an artifact", len(long)))
    write_values(
        order.folder / "params",
        {names[name]: text[: naming.MOST_OF_PARAM] for name, text in params.items()},
    )


def spelled(value: object) -> str:
    """Return a param as MLflow's client would write it."""
    return _json(value) if isinstance(value, dict | list) else str(value)


def _cut(text: str, lost: list[Lost], name: str) -> str:
    if len(text) <= naming.MOST_OF_TAG:
        return text
    lost.append(Lost("tags cut", name))
    return text[: naming.MOST_OF_TAG]


def _artifacts(order: Order, lost: list[Lost]) -> None:
    place = order.place
    names = file_names(one.path for one in order.record.artifacts)
    for one in order.record.artifacts:
        target = order.folder / "artifacts" / names[one.path]
        try:
            source = place.reader.artifact(place.root, place.key, one.path)
            copy(source, target, order.stop)
        except (NotFoundError, FormatError) as problem:
            target.unlink(missing_ok=True)
            lost.append(Lost("artifacts unreadable", f"{one.path}: {problem.message}"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
