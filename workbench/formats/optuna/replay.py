"""Optuna's journal played back: what every operation did to the studies and trials.

Trials and studies have no names in a journal: they are counted from its start. So a
line that may have begun one and cannot be read ends the reading, because everything
after it might be told of the wrong trial; Optuna itself refuses such a journal whole.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workbench.formats.contract import Fault
from workbench.formats.first_bytes import first_bytes, require_plain
from workbench.formats.optuna.trials import (
    DIRECTIONS,
    MOST_TRIALS,
    STATES,
    UNFINISHED,
    Distribution,
    Study,
    Trial,
    distribution,
)
from workbench.formats.signs import facts_of
from workbench.runfolder import Summary
from workbench.tail import START, read_tail

MOST_KEPT = 256 << 20
"""Bytes of params and attributes that are kept of a journal."""
_MOST_FAULTS = 20
_HEAD = 256
_BEGINS_NOTHING = re.compile(rb'\s*\{\s*"op_code":\s*([1-35-9]|10)\s*,')
"""A line of an operation after which studies and trials count on as before."""
_REPORT = re.compile(
    rb'\{"op_code":7,"worker_id":"[ !#-\[\]-~]*","trial_id":(\d{1,9}),"step":(-?\d{1,18}),'
    rb'"intermediate_value":(-?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|Infinity)|NaN)\}\n?'
)
"""A report as Optuna writes it, which nearly all lines are: understood without the detour."""
_WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)


class Kept:
    """A trial, and between which bytes of the journal it was written."""

    __slots__ = ("begins", "ends", "study", "trial")

    def __init__(self, trial: Trial, study: int, begins: int) -> None:
        self.trial = trial
        self.study = study
        self.begins = begins
        self.ends: int | None = None
        """Where the line begins that ended it; nothing after that counts."""


class Replay:
    """The state of a journal up to a place; `follow` brings it up to date."""

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.name = name
        self.restarts = -1
        """How often what was played back turned out to be another journal."""
        self._facts: tuple[int, int, int] | None = None
        self._start_over()

    def _start_over(self) -> None:
        self.restarts += 1
        self.place = START
        self.studies: dict[int, Study] = {}
        self.trials: list[Kept] = []
        self.faults: list[Fault] = []
        self.stopped: int | None = None
        """The offset from which on nothing can be understood."""
        self._head = b""
        self._lines = 0
        self._kept = 0
        self._next_study = 0
        self._numbers: dict[int, int] = {}
        self._first_seen: dict[tuple[int, str], Distribution] = {}

    def follow(self) -> None:
        """Play what was appended.

        Raises:
            FormatError: This is no plain file.
            OSError: The journal cannot be read now.
        """
        require_plain(self.path)
        head = first_bytes(self.path, _HEAD)
        if not head.startswith(self._head) or self._was_rewritten():
            self._start_over()
        self._head = head
        more = True
        while more:
            tail = read_tail(self.path, self.place, limit=8 << 20)
            if tail.restarted:
                self._start_over()
                self._head = head
            self.place, more = tail.place, tail.more
            if self.stopped is not None:
                continue
            if tail.skipped:
                self._lines += 1
                self._stop(f"a line of {tail.skipped:,} bytes", tail.start)
            self._play_all(tail.data, tail.start)

    def _was_rewritten(self) -> bool:
        """Say whether the file was written since the last look and has not grown by that."""
        before, self._facts = self._facts, facts_of(self.path)
        if before is None or self._facts is None:
            return False
        return before != self._facts and before[:2] == self._facts[:2]

    def _play_all(self, data: bytes, at: int) -> None:
        for line in data.splitlines(keepends=True):
            self._lines += 1
            if self.stopped is None:
                self._play(line, at)
            at += len(line)

    def _play(self, line: bytes, at: int) -> None:
        report = report_in(line)
        if report is not None:
            self._take(*report)
            return
        try:
            said = json.loads(line)
            number = said["op_code"]
            operation = _OPERATIONS[number]
        except (RecursionError, *_WRONG):
            if _BEGINS_NOTHING.match(line):
                self._fault("does not decode and was left out")
            else:
                self._stop("does not decode", at)
            return
        try:
            operation(self, said, at, len(line))
        except (RecursionError, *_WRONG) as problem:
            if number in (0, 4):
                self._stop("does not say what it must", at)
            else:
                self._fault(f"was left out: {type(problem).__name__} {problem}"[:200])

    def _fault(self, reason: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(self.name, reason, self._lines))

    def _stop(self, what: str, at: int) -> None:
        if self.stopped is not None:
            return
        self.stopped = at
        reason = f"{what}; studies and trials are counted, so what follows is not read"
        self.faults.append(Fault(self.name, reason, self._lines))

    # ------------------------------------------------------------ operations

    def _create_study(self, said: Mapping[str, Any], _at: int, _size: int) -> None:
        name = str(said["study_name"])
        if any(study.name == name for study in self.studies.values()):
            return
        directions = [DIRECTIONS[int(number)] for number in said["directions"]]
        self.studies[self._next_study] = Study(name, directions)
        self._next_study += 1

    def _delete_study(self, said: Mapping[str, Any], _at: int, _size: int) -> None:
        self.studies.pop(int(said["study_id"]), None)

    def _study_attribute(self, said: Mapping[str, Any], _at: int, size: int) -> None:
        study = self.studies.get(int(said["study_id"]))
        if study is not None and self._has_room(size):
            study.user.update(said.get("user_attr") or {})
            study.system.update(said.get("system_attr") or {})

    def _create_trial(self, said: Mapping[str, Any], at: int, size: int) -> None:
        study = int(said["study_id"])
        if study not in self.studies:
            return
        if len(self.trials) >= MOST_TRIALS:
            self._stop(f"there are more than {MOST_TRIALS:,} trials", at)
            return
        state = STATES[int(said.get("state", 0))]
        trial = Trial(self._numbers.get(study, 0), state, _seconds(said.get("datetime_start")))
        kept = Kept(trial, study, at)
        if "distributions" in said and self._has_room(size):
            self._fill(trial, said)
        if state not in UNFINISHED:
            kept.ends = at + size
            trial.ended = _seconds(said.get("datetime_complete"))
        self._numbers[study] = trial.number + 1
        self.trials.append(kept)

    def _fill(self, trial: Trial, said: Mapping[str, Any]) -> None:
        """Take what a trial was created with when it was copied or put in a queue."""
        kinds = {str(name): distribution(text) for name, text in said["distributions"].items()}
        trial.params = {n: kinds[n].external(p) for n, p in (said.get("params") or {}).items()}
        trial.user = dict(said.get("user_attrs") or {})
        trial.system = dict(said.get("system_attrs") or {})
        values = said.get("values") or [said.get("value")]
        trial.values = tuple(float(value) for value in values if value is not None)
        for step, value in reports_of(said):
            trial.intermediate = _added(trial.intermediate, step, value)

    def _param(self, said: Mapping[str, Any], _at: int, size: int) -> None:
        kept = self._open_trial(said)
        if kept is None or not self._has_room(size):
            return
        name, kind = str(said["param_name"]), distribution(said["distribution"])
        first = self._first_seen.setdefault((kept.study, name), kind)
        if (first.name, repr(first.choices)) == (kind.name, repr(kind.choices)):
            kept.trial.params[name] = kind.external(said["param_value_internal"])

    def _state(self, said: Mapping[str, Any], at: int, _size: int) -> None:
        kept = self._open_trial(said)
        state = STATES[int(said["state"])]
        if kept is None or state == kept.trial.state == STATES[0]:
            return
        values = said.get("values")
        found = () if values is None else tuple(float(value) for value in values)
        trial = kept.trial
        if state == STATES[0]:
            trial.started = _seconds(said.get("datetime_start"))
        if state not in UNFINISHED:
            trial.ended, kept.ends = _seconds(said.get("datetime_complete")), at
        trial.state, trial.values = state, found or trial.values

    def _report(self, said: Mapping[str, Any], _at: int, _size: int) -> None:
        self._take(int(said["trial_id"]), int(said["step"]), float(said["intermediate_value"]))

    def _take(self, number: int, step: int, value: float) -> None:
        kept = self._trial(number)
        if kept is not None:
            kept.trial.intermediate = _added(kept.trial.intermediate, step, value)

    def _trial_attribute(self, said: Mapping[str, Any], _at: int, size: int) -> None:
        kept = self._open_trial(said)
        if kept is not None and self._has_room(size):
            kept.trial.user.update(said.get("user_attr") or {})
            kept.trial.system.update(said.get("system_attr") or {})

    def _nothing(self, said: Mapping[str, Any], at: int, size: int) -> None:
        """Pass over an operation that other programs write and Optuna ignores."""

    def _open_trial(self, said: Mapping[str, Any]) -> Kept | None:
        """Return the trial an operation is about; None if nothing may be said of it any more."""
        return self._trial(int(said["trial_id"]))

    def _trial(self, number: int) -> Kept | None:
        if not 0 <= number < len(self.trials):
            return None
        kept = self.trials[number]
        return kept if kept.study in self.studies and kept.ends is None else None

    def _has_room(self, size: int) -> bool:
        if self._kept + size > MOST_KEPT:
            self._fault(f"was left out: more than {MOST_KEPT >> 20} MB of params and attributes")
            return False
        self._kept += size
        return True


_OPERATIONS: Mapping[object, Callable[[Replay, Mapping[str, Any], int, int], None]] = {
    0: Replay._create_study,  # noqa: SLF001 - the class's own table
    1: Replay._delete_study,  # noqa: SLF001
    2: Replay._study_attribute,  # noqa: SLF001
    3: Replay._study_attribute,  # noqa: SLF001
    4: Replay._create_trial,  # noqa: SLF001
    5: Replay._param,  # noqa: SLF001
    6: Replay._state,  # noqa: SLF001
    7: Replay._report,  # noqa: SLF001
    8: Replay._trial_attribute,  # noqa: SLF001
    9: Replay._trial_attribute,  # noqa: SLF001
    10: Replay._nothing,  # noqa: SLF001
}


def report_in(line: bytes) -> tuple[int, int, float] | None:
    """Return trial, step and value of a report that is written as Optuna does; else None."""
    found = _REPORT.fullmatch(line)
    return None if found is None else (int(found[1]), int(found[2]), float(found[3]))


def reports_of(said: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Return the reports that one operation brings: of a report, or of a trial copied whole."""
    if said.get("op_code") == 7:  # noqa: PLR2004 - as in the table above
        return [(int(said["step"]), float(said["intermediate_value"]))]
    found = said.get("intermediate_values") or {}
    return [(int(step), float(value)) for step, value in found.items()]


def _added(summary: Summary | None, step: int, value: float) -> Summary:
    return Summary.of(value, step) if summary is None else summary.add(value, step)


def _seconds(text: object) -> float | None:
    return None if text is None else datetime.fromisoformat(str(text)).timestamp()
