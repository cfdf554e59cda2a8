"""What an event file says beside its curves: hyperparameters, how it ended, short texts.

Writers of hyperparameters say how a session ended in the same breath, be it at the
end of training or, as Lightning does, before it. So the word is kept with its time,
and whoever reads it may see what was logged after it.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats import plain_config, wire
from workbench.formats.tensorboard.events import HPARAMS, TEXT, Event
from workbench.runfolder import FAILED, FINISHED, RUNNING, encode_number

_ENDS = {1: FINISHED, 2: FAILED, 3: RUNNING}
_LONGEST = 500
"""Characters of a text that is shown among a run's facts."""
_MOST_TEXTS = 20
_MOST_PARAMS = 5_000
_DEEPEST = 8
_SUFFIX = "/text_summary"
_ARGUMENTS = "args"
"""Under which name the Hugging Face trainer logs all it was started with, as JSON."""


class Session(Struct):
    """What a file said so far."""

    params: dict[str, Any] = field(default_factory=dict)
    group: str = ""
    user: str = ""
    status: int = 0
    said: float = 0.0
    """When the status was written."""
    ended: float = 0.0
    first: float | None = None
    """When the first event was written."""
    last: float | None = None
    texts: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    """Steps at which the writer said that it begins again."""

    def take(self, event: Event) -> None:
        """Note what an event says."""
        if math.isfinite(event.wall):
            self.between(event.wall, event.wall)
        if event.begins_again and event.step > 0 and len(self.again) < _MOST_TEXTS:
            self.again.append(event.step)
        for value in event.values:
            if value.kind == HPARAMS and value.content is not None:
                self._hparams(value.content, event.wall)
            elif value.kind == TEXT and value.text is not None:
                self._text(value.tag.removesuffix(_SUFFIX), value.text)

    def between(self, first: float, last: float) -> None:
        """Note that events were written from ``first`` to ``last``."""
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def end(self) -> str:
        """Return how the session ended by its own word; empty if it did not say."""
        return _ENDS.get(self.status, "")

    def _hparams(self, content: memoryview, wall: float) -> None:
        try:
            for number, value in wire.fields(content):
                if isinstance(value, int):
                    continue
                if number == 2:  # noqa: PLR2004 - numbers of fields
                    self._experiment(value)
                elif number == 3:  # noqa: PLR2004
                    self._start(value)
                elif number == 4:  # noqa: PLR2004
                    self._end(value, wall)
        except FormatError:
            return  # another version of the plugin: its params are not known, all else is

    def _experiment(self, data: memoryview) -> None:
        for number, value in wire.fields(data):
            if number == 3 and isinstance(value, memoryview):  # noqa: PLR2004
                self.user = wire.text(value)

    def _start(self, data: memoryview) -> None:
        params: dict[str, Any] = {}
        for number, value in wire.fields(data):
            if number == 1 and isinstance(value, memoryview):
                name, found = _entry(value, _DEEPEST)
                if len(params) < _MOST_PARAMS:
                    params[name] = found
            elif number == 4 and isinstance(value, memoryview):  # noqa: PLR2004
                self.group = wire.text(value)
        self.params = {**self.params, **dotted(params)}

    def _end(self, data: memoryview, wall: float) -> None:
        for number, value in wire.fields(data):
            if number == 1 and isinstance(value, int):
                self.status, self.said = value, wall if math.isfinite(wall) else 0.0
            elif number == 2 and isinstance(value, int):  # noqa: PLR2004
                ended = wire.double(value)
                self.ended = ended if math.isfinite(ended) else 0.0

    def _text(self, name: str, text: str) -> None:
        if name == _ARGUMENTS:
            self.arguments = _arguments(text) or self.arguments
            if self.arguments:
                return
        if len(text) <= _LONGEST and (name in self.texts or len(self.texts) < _MOST_TEXTS):
            self.texts[name] = text


def dotted(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return params by dotted names, as all formats have them, if no two become one."""
    names = [name.replace("/", ".") for name in params]
    return dict(zip(names if len(set(names)) == len(names) else params, params.values(),
                    strict=True))  # fmt: skip


def _json(data: memoryview, depth: int) -> Any:
    """Return a value as JSON has it."""
    found: Any = None
    if depth == 0:
        raise FormatError("A value is nested too deep.")
    for number, value in wire.fields(data):
        if isinstance(value, int):
            if number == 2:  # noqa: PLR2004
                found = encode_number(wire.double(value))
            elif number == 4:  # noqa: PLR2004
                found = bool(value)
        elif number == 3:  # noqa: PLR2004
            found = wire.text(value)
        elif number == 5:  # noqa: PLR2004
            entries = [_entry(part, depth) for part in _parts(value)]
            found = dict(entries)
        elif number == 6:  # noqa: PLR2004
            found = [_json(part, depth - 1) for part in _parts(value)]
    return found


def _entry(data: memoryview, depth: int) -> tuple[str, Any]:
    name, found = "", None
    for number, value in wire.fields(data):
        if number == 1 and isinstance(value, memoryview):
            name = wire.text(value)
        elif number == 2 and isinstance(value, memoryview):  # noqa: PLR2004
            found = _json(value, depth - 1)
    return name, found


def _parts(data: memoryview) -> Sequence[memoryview]:
    return [part for number, part in wire.fields(data)
            if number == 1 and isinstance(part, memoryview)]  # fmt: skip


def _arguments(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    try:
        return plain_config.flat(found)
    except FormatError:
        return {}
