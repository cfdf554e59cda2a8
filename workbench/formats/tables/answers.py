"""What people said of tables nobody's library wrote: which column is the step, or that none is.

Asked once for a shape, and kept in a small file that may be edited by hand::

    [shapes.1a2b3c4d]
    table = "log_#.csv"
    columns = ["t", "loss"]
    step = "t"

``rows = true`` in place of ``step`` counts rows; ``runs = false`` says that these are no runs;
``time`` names the column that holds the time. A workspace may hold the same tables in its
``workbench.toml``; what a person's own file says counts first.

A reader is made without arguments and knows no configuration, so whoever opens
something says here which files hold the answers.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.clock import SYSTEM, Clock
from workbench.errors import FormatError
from workbench.formats import signs
from workbench.formats.contract import Fault
from workbench.formats.tables.shapes import Guess, Shape
from workbench.formats.tables.state import TIMES, Roles
from workbench.formats.undecoded import reason_of
from workbench.opening import read_small

TABLE = "shapes"
_LOOK_EVERY = 1.0
_LARGEST = 1 << 20


class Answer(NamedTuple):
    """What a person said of a shape; exactly one of the first three is set."""

    step: str = ""
    rows: bool = False
    """The number of the row is the step."""
    no: bool = False
    """These are no runs."""
    time: str = ""

    def roles(self) -> Roles:
        """Return which columns are no metrics."""
        times = (self.time,) if self.time else TIMES
        if self.rows:
            return Roles((), times, numbered=True)
        return Roles((self.step,), times)

    def words(self) -> str:
        """Return the answer as people read it."""
        if self.no:
            return "no runs"
        said = "rows are counted" if self.rows else f"the step is {self.step}"
        return f"{said}, the time is {self.time}" if self.time else said


class Answers:
    """The answers in some files, read again when one of them changes."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._files: tuple[Path, ...] = ()
        self._seen: object = None
        self._looked_at = -_LOOK_EVERY
        self._found: Mapping[str, Answer] = {}
        self.faults: tuple[Fault, ...] = ()

    def follow(self, *files: Path) -> None:
        """Take the answers from these files, the first one's before those of the others."""
        if files != self._files:
            self._files = files
            self._looked_at = -_LOOK_EVERY

    def look_now(self) -> None:
        """See at the next question whether a file changed."""
        self._looked_at = -_LOOK_EVERY

    def found(self) -> Mapping[str, Answer]:
        """Return the answers by the shape's id; the same mapping while nothing changed."""
        at = self._clock.steady()
        if at - self._looked_at < _LOOK_EVERY:
            return self._found
        self._looked_at = at
        seen = [(file, signs.facts_of(str(file))) for file in self._files]
        if seen != self._seen:
            self._seen = seen
            self._read()
        return self._found

    def _read(self) -> None:
        found: dict[str, Answer] = {}
        faults: list[Fault] = []
        for file in reversed(self._files):
            try:
                found.update(answers_in(read_small(str(file), _LARGEST).decode("utf-8-sig")))
            except FileNotFoundError:
                continue
            except (FormatError, OSError, ValueError, RecursionError) as problem:
                reason = getattr(problem, "message", reason_of(problem, "TOML"))
                faults.append(
                    Fault(str(file), f"cannot be read, and nothing in it counts: {reason}")
                )
        self.faults = tuple(faults)
        if found != self._found:
            self._found = found


ANSWERS = Answers()
"""Those that count in this process."""


def answers_in(text: str) -> dict[str, Answer]:
    """Return the answers in a file, by the shape's id; an entry that says nothing is left out.

    Raises:
        FormatError: It is no TOML.
    """
    try:
        tables = tomllib.loads(text).get(TABLE, {})
    except (ValueError, RecursionError) as problem:
        raise FormatError(f"{reason_of(problem, 'TOML')}.") from None
    if not isinstance(tables, dict):
        return {}
    found = {str(name): _answer(said) for name, said in tables.items()}
    return {name: answer for name, answer in found.items() if answer is not None}


def _answer(said: Any) -> Answer | None:
    if not isinstance(said, dict):
        return None
    time = said.get("time", "")
    time = time if isinstance(time, str) else ""
    if said.get("runs") is False:
        return Answer(no=True)
    if said.get("rows") is True:
        return Answer(rows=True, time=time)
    step = said.get("step")
    return Answer(step=step, time=time) if isinstance(step, str) and step else None


def objection(guess: Guess, answer: Answer) -> str:
    """Return why an answer cannot be of such tables, or nothing: people write it by hand."""
    there = {*guess.shape.columns, *guess.numeric}
    for name in filter(None, (answer.step, answer.time)):
        if name not in there:
            return f"{guess.shape.table} has no column {name!r}"
    if answer.step and answer.step not in guess.numeric:
        return f"the column {answer.step!r} of {guess.shape.table} holds no numbers"
    return ""


def entry(shape: Shape, answer: Answer) -> str:
    """Return an answer as it stands in a file."""
    if answer.no:
        said = "runs = false"
    else:
        said = "rows = true" if answer.rows else f"step = {_text(answer.step)}"
        said += f"\ntime = {_text(answer.time)}" if answer.time else ""
    columns = ", ".join(map(_text, shape.columns[:50]))
    return f"[{TABLE}.{shape.id}]\ntable = {_text(shape.table)}\ncolumns = [{columns}]\n{said}\n"


def without(text: str, shape_id: str) -> str:
    """Return a file's text without the entry of a shape."""
    lines, kept, skipping = text.splitlines(keepends=True), list[str](), False
    for line in lines:
        if line.lstrip().startswith("["):
            skipping = _names(line, shape_id)
        if not skipping:
            kept.append(line)
    return "".join(kept)


def _names(line: str, shape_id: str) -> bool:
    bare = line.partition("#")[0].strip()
    return bare.replace(" ", "").replace('"', "").replace("'", "") == f"[{TABLE}.{shape_id}]"


def _text(value: str) -> str:
    """Return a basic string of TOML: as JSON has it, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def mark_of(answers: Mapping[str, Answer], ids: Sequence[str]) -> str:
    """Return what changes when the answers to these shapes do; empty without any."""
    said = [(one, answers[one]) for one in ids if one in answers]
    return f"{signs.stamp(said):x}" if said else ""
