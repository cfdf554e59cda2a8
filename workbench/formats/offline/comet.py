"""Comet's offline experiments: a zip file each, written when the experiment ends."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import FormatError
from workbench.formats.contract import Artifact, Fault, Folder, RunCard
from workbench.formats.offline import zipped
from workbench.formats.offline.left import (
    LONGEST,
    Left,
    LeftBehind,
    fault,
    mapping,
    number,
    only,
    said_in,
    seconds_of,
)
from workbench.formats.plain_config import flat, load
from workbench.formats.series import Series
from workbench.runfolder import FAILED, FINISHED

_CARD, _MESSAGES = "experiment.json", "messages.json"
_MOST_FILES = 1_000
_LARGEST_CARD = 16 << 20
_LARGEST_MESSAGES = 4 << 30
_MOST_FACTS = 500
_LONGEST_TEXT = 4_000
_DURATION = "process duration"
"""A metric that Comet adds by itself: the seconds the script took."""
_NO_ERROR = "its archive, in which no error is told"
_COUNTERS = frozenset(["curr_step", "curr_epoch"])
"""Params that Comet logs by itself at every step: they are the steps of the metrics."""


class CometReader(LeftBehind):
    """One Comet offline experiment; the root is its zip file."""

    name: ClassVar[str] = "comet"
    title: ClassVar[str] = "Comet offline experiment"
    live: ClassVar[str] = "after the run has ended, when its zip file is written"
    verified: ClassVar[str] = "archives written by comet_ml 3.58, against what the script logged"

    def roots(self, folder: Folder) -> list[str]:
        """Return the names of the zip files with an experiment in them."""
        names = sorted(name for name in folder.files if name.endswith(".zip"))[:_MOST_FILES]
        return [name for name in names if zipped.lists(folder.path / name, _CARD, _MESSAGES)]

    def _keys(self, root: Path) -> Mapping[str, bool]:
        root.stat()
        return {".": False}

    def _files(self, root: Path, key: str) -> list[str]:
        del key
        return [str(root)]

    def _load(self, root: Path, key: str, now: float) -> Left:
        del now  # it says when it ended
        only(key)
        said = _Said(root.name)
        with zipped.opened(root) as archive:
            card = load(_CARD, zipped.member(archive, _CARD, _LARGEST_CARD))
            messages = zipped.pieces(archive, _MESSAGES, _LARGEST_MESSAGES)
            said.take_all(zipped.lines(messages, LONGEST))
            artifacts = [
                Artifact(name, info.file_size)
                for name, info in zipped.members(archive).items()
                if name not in (_CARD, _MESSAGES) and zipped.is_inside(name)
            ]
        return Left(_card(root, card, said, artifacts), said.series)


class _Said:
    """What the messages of an experiment come to."""

    def __init__(self, shown: str) -> None:
        self.series = Series()
        self.params: dict[str, Any] = {}
        self.others: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self._shown = shown

    def take_all(self, lines: Any) -> None:
        for said in said_in(lines, self._shown, self.faults):
            message = mapping(said)
            payload = mapping(message.get("payload"))
            if message.get("type") == "metric_msg":
                self._metric(mapping(payload.get("metric")), payload)
            elif message.get("type") == "parameter_msg":
                self._param(mapping(payload.get("param")))
            elif message.get("type") == "log_other" and len(self.others) < _MOST_FACTS:
                self.others[str(payload.get("key"))] = payload.get("value")

    def _metric(self, metric: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
        name, value = metric.get("metricName"), number(metric.get("metricValue"))
        if not isinstance(name, str) or value is None:
            fault(self.faults, self._shown, f"a value of metric {name!r} is no number")
            return
        if name == _DURATION:
            self.others[name] = value
            return
        time = seconds_of(payload.get("local_timestamp"))
        self.series.add(name, value, number(metric.get("step")), time)

    def _param(self, param: Mapping[str, Any]) -> None:
        name = param.get("paramName")
        counter = name in _COUNTERS and param.get("source") == "auto-logged"
        if isinstance(name, str) and not counter:
            self.params[name] = param.get("paramValue")


def _card(root: Path, card: Mapping[str, Any], said: _Said, artifacts: list[Artifact]) -> RunCard:
    identity = str(card.get("offline_id") or "")
    failed = card.get("customer_error_reported") is True
    message = card.get("customer_error_message")
    try:
        params = flat(said.params)
    except FormatError as problem:
        params = {}
        fault(said.faults, root.name, f"the params cannot be read: {problem}")
    return RunCard(
        run_id=identity,
        name=str(said.others.get("Name") or identity or root.stem),
        experiment=str(card.get("project_name") or root.parent.name),
        status=FAILED if failed else FINISHED,
        inferred=not failed,
        started=seconds_of(card.get("start_time")),
        ended=seconds_of(card.get("stop_time")),
        params=params,
        tags={str(tag): "true" for tag in card.get("tags") or () if isinstance(tag, str)},
        artifacts=tuple(artifacts),
        facts={**_facts(card, said), **({} if failed else {"concluded": _NO_ERROR})},
        error=str(message).splitlines()[:1_000] if message else (),
        faults=tuple(said.faults),
    )


def _facts(card: Mapping[str, Any], said: _Said) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if card.get("workspace"):
        facts["workspace"] = str(card["workspace"])
    for name, value in said.others.items():
        if name not in ("Name", "offline_experiment") and value is not None:
            text = value if isinstance(value, int | float | str) else str(value)
            facts[name] = text[:_LONGEST_TEXT] if isinstance(text, str) else text
    return facts
