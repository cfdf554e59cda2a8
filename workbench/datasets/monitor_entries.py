"""One entry ``[monitor.X]`` of the settings, key by key: what it means, and what is wrong with it.

Only the shape is looked at here. Whether there is such a dataset, model or column is found out
when it is checked, for they may come later than the settings.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import structs

from workbench.datasets.declared import is_day
from workbench.datasets.drift.limits import LIMITS, limit_of, no_limit
from workbench.datasets.drift.monitor import (
    MOST_SEGMENTS,
    OPINIONS,
    PREDICTIONS,
    TRAINING,
    Monitor,
    Mute,
)
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import ROLES
from workbench.errors import UsageError
from workbench.ids import is_path_name, is_stage_name
from workbench.settings_lines import Place
from workbench.words import visible

KEYS: Final = (
    "model", "data", "reference", "chunks", "time", "columns", "exclude", "segments", "roles",
    "read", "measures", "opinions", "thresholds", "alert", "severity", "every", "follow", "mutes",
)  # fmt: skip
SEVERITIES: Final = ("note", "warning", "critical")
_MUTE_KEYS: Final = ("column", "until", "reason")
_LONGEST: Final = 10_000
_SHOWN: Final = 80
_ALERT: Final = re.compile(r"(\d{1,3}) of (\d{1,3})\Z")
_EVERY: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(m|h|d|w)\Z")
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class EntryFault(NamedTuple):
    """What is wrong, and at which place below the entry."""

    place: Place
    message: str


class Entry:
    """One reading of an entry: its monitor, as far as it can be read, and its faults."""

    def __init__(self, name: str, said: Any) -> None:
        self.faults: list[EntryFault] = []
        self._name = name
        self._said: Mapping[str, Any] = {}
        if isinstance(said, dict):
            self._said = said
        else:
            self._wrong((), f"[monitor.{name}] must be a table.")
        self._unknown(self._said, KEYS, (), f"A monitor has no {{!r}} ({name})")
        self.monitor = self._monitor()
        if isinstance(said, dict):
            self._require_sense(self.monitor)

    def _monitor(self) -> Monitor:
        model, data = self._model(), self._text("data")
        return Monitor(
            self._name,
            data.replace("\\", "/"),
            model=model,
            reference=self._reference(model),
            chunks=self._chunks(),
            time=self._text("time"),
            columns=self._texts("columns"),
            exclude=self._texts("exclude"),
            segments=self._segments(),
            roles=MappingProxyType(self._roles()),
            options=MappingProxyType(self._options()),
            measures=self._measures(),
            opinions=self._choices("opinions", OPINIONS),
            thresholds=self._thresholds(),
            alert=self._alert(data),
            severity=self._choice("severity", SEVERITIES, "warning"),
            every_s=self._every(),
            mutes=tuple(self._mutes()),
            follow=self._switch("follow", otherwise=True),
        )

    def _require_sense(self, made: Monitor) -> None:
        """Note what cannot be meant together."""
        if not made.data:
            self._wrong((), f"{self._name} does not say what to watch.", 'Write data = "census".')
        if made.data == PREDICTIONS and not made.model:
            self._wrong(("data",), f"{self._name} watches predictions and names no model.")
        if made.model or "model" in self._said:
            return
        if made.reference == TRAINING:
            self._wrong(("reference",), f"{self._name} means training data and names no model.")
        elif not made.reference and "reference" not in self._said:
            self._wrong(
                (), f"{self._name} names neither a model nor a reference to compare with.",
                'Write reference = "previous", or a dataset.',
            )  # fmt: skip

    # -- what each key holds -------------------------------------------------------------

    def _model(self) -> str:
        text = self._text("model")
        name, sign, of = text.partition("@")
        number = of.isascii() and of.isdigit() and 0 < len(of) <= 9 and int(of) > 0  # noqa: PLR2004
        if not text or (sign and is_path_name(name) and (number or is_stage_name(of))):
            return text
        self._wrong(
            ("model",),
            f"model of {self._name} must name a stage or a version, not {_shown(text)}.",
            'Write "churn@production" or "churn@3".',
        )  # fmt: skip
        return ""

    def _reference(self, model: str) -> str:
        text = self._text("reference").replace("\\", "/")
        return text or (TRAINING if model else "")

    def _chunks(self) -> str:
        from workbench.datasets.drift.chunking import parse_chunks  # noqa: PLC0415 - with polars

        said = self._said.get("chunks", "")
        if not said:
            return ""
        if not isinstance(said, str):
            self._wrong(("chunks",), f"chunks of {self._name} must be text.", 'Write "month".')
            return ""
        try:
            parse_chunks(said)
        except UsageError as error:
            self._wrong(("chunks",), error.message, error.hint)
            return ""
        return said

    def _segments(self) -> tuple[str, ...]:
        found = self._texts("segments")
        if len(found) > MOST_SEGMENTS:
            self._wrong(
                ("segments",), f"{self._name} may be told apart by {MOST_SEGMENTS} columns at most."
            )
        return found[:MOST_SEGMENTS]

    def _roles(self) -> dict[str, str]:
        roles = {}
        for column, role in self._table("roles").items():
            if role in ROLES:
                roles[column] = role
            else:
                self._wrong(
                    ("roles", column),
                    f"The role of {_shown(column)} must be one of {', '.join(ROLES)}.",
                )
        return roles

    def _options(self) -> dict[str, str]:
        from workbench.datasets.reading.options import OPTIONS  # noqa: PLC0415 - seldom needed

        said = self._table("read")
        self._unknown(said, OPTIONS, ("read",), "There is no reading option {!r}")
        made = {}
        for key, value in said.items():
            if isinstance(value, bool):
                made[key] = "yes" if value else "no"
            elif isinstance(value, str):
                made[key] = value
            else:
                self._wrong(("read", key), f"read.{key} of {self._name} must be text.")
        return {key: value for key, value in made.items() if key in OPTIONS}

    def _measures(self) -> tuple[str, ...]:
        from workbench.datasets.drift.judging import MEASURES  # noqa: PLC0415 - with numpy

        return self._choices("measures", MEASURES) if "measures" in self._said else ()

    def _thresholds(self) -> Thresholds:
        said = self._table("thresholds")
        self._unknown(said, tuple(LIMITS), ("thresholds",), "There is no threshold {!r}")
        kept = {}
        for key, value in said.items():
            if key not in LIMITS:
                continue
            fault = no_limit(key, value)
            if fault:
                self._wrong(("thresholds", key), f"{key} of {self._name} must be {fault}.")
            else:
                kept[key] = limit_of(key, value)
        return structs.replace(Thresholds(), **kept)

    def _alert(self, data: str) -> tuple[int, int]:
        usual = "2 of 3" if self._said.get("chunks") or _is_dataset(data) else "1 of 1"
        said = self._said.get("alert", usual)
        found = _ALERT.match(said) if isinstance(said, str) else None
        few, many = (int(found[1]), int(found[2])) if found else (0, 0)
        if 1 <= few <= many:
            return few, many
        self._wrong(("alert",), f'alert of {self._name} must be such as "2 of 3".')
        return 2, 3

    def _every(self) -> float | None:
        said = self._said.get("every", "")
        if said == "":
            return None
        found = _EVERY.match(said) if isinstance(said, str) else None
        seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
        if seconds > 0:
            return seconds
        self._wrong(
            ("every",), f'every of {self._name} must be a length of time such as "1d".',
            "Count in m, h, d or w.",
        )  # fmt: skip
        return None

    def _mutes(self) -> Sequence[Mute]:
        said = self._said.get("mutes", [])
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            self._wrong(("mutes",), f"Write each mute as [[monitor.{self._name}.mutes]].")
            return ()
        made = (self._mute(number, one) for number, one in enumerate(said))
        return [one for one in made if one is not None]

    def _mute(self, number: int, said: Mapping[str, Any]) -> Mute | None:
        place = ("mutes", number)
        self._unknown(said, _MUTE_KEYS, place, "A mute has no {!r}")
        column, reason = said.get("column", ""), said.get("reason", "")
        until = said.get("until", "")
        day = until.isoformat()[:10] if isinstance(until, date) else until
        for key, value in (("column", column), ("reason", reason)):
            if not isinstance(value, str) or not value or len(value) > _LONGEST:
                self._wrong((*place, key), f"A mute of {self._name} needs a {key}.")
                return None
        if not is_day(day):
            self._wrong(
                (*place, "until"), f"A mute of {self._name} needs the day it ends.",
                "Write until = 2026-12-31.",
            )  # fmt: skip
            return None
        return Mute(column, str(day), reason)

    # -- kinds of values -----------------------------------------------------------------

    def _text(self, key: str) -> str:
        value = self._said.get(key, "")
        if isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value:
            return value.strip()
        self._wrong((key,), f"{key} of {self._name} must be text.")
        return ""

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self._said.get(key, [])
        listed = [value] if isinstance(value, str) and value else value or []
        if isinstance(listed, list) and all(isinstance(one, str) and one for one in listed):
            return tuple(dict.fromkeys(listed))
        self._wrong((key,), f"{key} of {self._name} must be a list of texts.")
        return ()

    def _choices(self, key: str, there: Sequence[str]) -> tuple[str, ...]:
        kept = []
        for one in self._texts(key):
            if one in there:
                kept.append(one)
            else:
                self._no_choice(key, one, there)
        return tuple(kept)

    def _choice(self, key: str, there: Sequence[str], otherwise: str) -> str:
        value = self._text(key) or otherwise
        if value in there:
            return value
        self._no_choice(key, value, there)
        return otherwise

    def _no_choice(self, key: str, value: str, there: Sequence[str]) -> None:
        near = get_close_matches(value, there, n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        listed = ", ".join(there)
        self._wrong((key,), f"{key} of {self._name} may be {listed}, not {_shown(value)}.", hint)

    def _switch(self, key: str, *, otherwise: bool) -> bool:
        value = self._said.get(key, otherwise)
        if isinstance(value, bool):
            return value
        self._wrong((key,), f"{key} of {self._name} must be true or false.")
        return otherwise

    def _table(self, key: str) -> Mapping[str, Any]:
        said = self._said.get(key, {})
        if isinstance(said, dict):
            return said
        self._wrong((key,), f"{key} of {self._name} must be a table.")
        return {}

    def _unknown(
        self, said: Mapping[str, Any], known: Sequence[str], place: Place, message: str
    ) -> None:
        for key in said:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
                self._wrong((*place, key), f"{message.format(visible(key)[:_SHOWN])}.", hint)

    def _wrong(self, place: Place, message: str, hint: str = "") -> None:
        self.faults.append(EntryFault(place, f"{message} {hint}".strip()))


def _shown(text: str) -> str:
    return repr(visible(text)[:_SHOWN])


def _is_dataset(data: str) -> bool:
    """Say whether data are a dataset's, whose versions are chunks: files are one, that of now."""
    return is_path_name(data.removeprefix("datasets:/")) and "." not in data and data != PREDICTIONS
