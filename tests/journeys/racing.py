"""Several processes that promote on one model while they are killed, and what they said."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from tests.journeys.surroundings import CHECKOUT, Surroundings

SCRIPT = Path(__file__).parent / "scripts" / "promoter.py"


class Race(NamedTuple):
    """How many promote how often, how often one is killed, and how slow the drive is."""

    processes: int
    promotions: int
    """Of each."""
    kills: int
    delay_ms: float = 0.0


@dataclass
class Told:
    """What all processes said in the whole race."""

    won: list[tuple[str, int]] = field(default_factory=list)
    """Id and number of each promotion that was acknowledged."""
    refused: list[dict[str, Any]] = field(default_factory=list)
    repeated: int = 0
    """Promotions said again after a kill, with the id of the first time."""
    found: int = 0
    """Those of them that were in the journal already."""
    kills: int = 0
    ready: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Runner:
    """One person, who is started again after each kill and goes on where they were."""

    def __init__(
        self, start: Callable[..., "subprocess.Popen[str]"], name: str, count: int
    ) -> None:
        self.name = name
        self.left = count
        self.trying = ""
        self.aimed_at = False
        self._start = start
        self.process = self.begin()

    def begin(self) -> "subprocess.Popen[str]":
        """Start, with what is left to do."""
        self.process = self._start(self.name, str(self.left), self.trying)
        return self.process

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self.aimed_at = True
        self.process.kill()

    def heard(self, line: dict[str, Any], told: Told) -> None:
        """Note what the process said."""
        if "ready" in line:
            told.ready += 1
        elif "tries" in line:
            self.trying = line["tries"]
        elif "won" in line:
            told.won.append((line["won"], line["seq"]))
            told.found += line["found"]
            self.left -= 1
            self.trying = ""
        else:
            told.refused.append(line)


def run(here: Surroundings, root: Path, model: str, race: Race) -> Told:
    """Let them race to the end; return all that was said."""
    random = np.random.default_rng(20_131_121)
    lines: Queue[tuple[int, str | None]] = Queue()
    told = Told()

    def start(name: str, count: str, trying: str) -> "subprocess.Popen[str]":
        words = [str(root), model, name, count, str(race.delay_ms), trying]
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *words], env=here.environment(), cwd=CHECKOUT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8",
        )  # fmt: skip
        Thread(target=_listen, args=(int(name[1:]), process, lines), daemon=True).start()
        return process

    runners = [Runner(start, f"p{k}", race.promotions) for k in range(race.processes)]
    every = race.processes * race.promotions / (race.kills + 1)
    for number, line in _heard(lines, race.processes):
        runner = runners[number]
        if line is None:
            _ended(runner, told, lines)
            continue
        runner.heard(json.loads(line), told)
        if told.ready == race.processes and not told.seconds:
            told.seconds = -perf_counter()
            for one in runners:
                one.go()
        planned = told.kills + sum(one.aimed_at for one in runners)
        if planned < race.kills and len(told.won) >= every * (planned + 1):
            Event().wait(float(random.exponential(0.02)))  # the random moment
            alive = [one for one in runners if one.left and not one.aimed_at]
            if alive:  # the last may have ended in that moment
                alive[random.integers(len(alive))].kill()
    told.seconds += perf_counter()
    return told


def _listen(
    number: int, process: "subprocess.Popen[str]", lines: "Queue[tuple[int, str | None]]"
) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.endswith("\n"):  # the last words of the dying are left out
            lines.put((number, line))
    lines.put((number, None))


def _heard(
    lines: "Queue[tuple[int, str | None]]", processes: int
) -> Iterator[tuple[int, str | None]]:
    """Yield what is said until everybody has gone for good; a second None means that."""
    while processes:
        number, line = lines.get(timeout=100)
        if line == "":
            processes -= 1
        else:
            yield number, line


def _ended(runner: Runner, told: Told, lines: "Queue[tuple[int, str | None]]") -> None:
    """Start a killed one again; note whoever ended otherwise."""
    _, errors = runner.process.communicate()
    code = runner.process.returncode
    if runner.aimed_at and code and not errors:
        told.kills += 1
        runner.aimed_at = False
        if runner.left:
            told.repeated += bool(runner.trying)
            runner.begin()
            runner.go()
            return
    elif code or runner.left:
        told.wrong.append(f"{runner.name} ended with {code}, {runner.left} to do: {errors}")
    runner.aimed_at = False
    lines.put((int(runner.name[1:]), ""))
