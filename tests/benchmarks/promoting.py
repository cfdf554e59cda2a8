"""How soon a promotion is where consumers and colleagues look."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple, Self

from tests.benchmarks.place import CHECKOUT, Place, program
from tests.benchmarks.rows import Row, figure, of_many, share, spread
from tests.benchmarks.starting import NO_TERMINAL
from tests.operations.registry.serving import Serving
from workbench.clock import SYSTEM

_SEEN = "promotion -> a second person's Models screen tells it, p95"
_WITHIN_S = 2.0
_QUIET_S = 0.3


class _Promoted(NamedTuple):
    """A promotion in another process; moments by the clock of this machine."""

    called: float
    returned: float
    """Pointer and copy were read back and verified by then."""


def rows(place: Place) -> Iterator[Row]:
    """Let another process promote while the Models screen is on a terminal."""
    home = place.folder / "promoted"
    place.workspace("promoted", _make)
    with _Person(place, home / "workspace") as person:
        if os.name == "nt":
            done = [person.promotes("because") for _ in range(place.scale.finishes)]
        else:
            done, delays = _watched(place, home / "workspace", person)
        took = [one.returned - one.called for one in done]
        yield of_many("promotion -> recorded, pointer and copy outside verified", took, "s",
                      _WITHIN_S, f"p95 {figure(share(took, 0.95), 's')}")  # fmt: skip
        if os.name == "nt":
            yield Row(_SEEN, None, note=NO_TERMINAL)
        else:
            note = f"p50 {median(delays):.2f} s; {spread(delays, 's')}; from the call of promote()"
            yield Row(_SEEN, share(delays, 0.95), "s", _WITHIN_S, note)
    yield _looks(place, home / "workspace")


def _looks(place: Place, workspace: Path) -> Row:
    found = place.run("overdue", workspace, place.scale.few)
    first = figure(found["first"], "ms")
    return Row(
        f"what is overdue of {place.scale.few} models, all in order", median(found["ms"]), "ms",
        note=f"{spread(found['ms'], 'ms')}; the first look takes {first}",
    )  # fmt: skip


def _make(home: Path) -> None:
    """Make a workspace with two versions, one of them deployed, and a folder it is deployed to."""
    serving = Serving(home, SYSTEM)
    serving.settings()
    serving.register()
    serving.register()
    serving.promoted(1)
    serving.session.close()


class _Person:
    """Somebody at another process who promotes when told to."""

    def __init__(self, place: Place, workspace: Path) -> None:
        self._process = subprocess.Popen(
            [*program("promoting"), str(workspace)], env=place.environment("other"), cwd=CHECKOUT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def promotes(self, reason: str) -> _Promoted:
        """Return when the version that does not hold the stage was promoted."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{reason}\n")
        self._process.stdin.flush()
        return _Promoted(*json.loads(self._process.stdout.readline()))


def _watched(place: Place, workspace: Path, person: _Person) -> tuple[list[_Promoted], list[float]]:
    """Return promotions, and the seconds from the call of each to its reason on the screen."""
    from tests.benchmarks.screen import Screen, opening

    done, delays = [], []
    with Screen(opening(workspace), place.environment()) as screen:
        screen.until("watching")
        screen.press(b"5", _QUIET_S)
        screen.until("production")
        for turn in range(place.scale.finishes):
            reason = f"turn-{turn:03}"
            one = person.promotes(reason)
            screen.until(reason)
            delays.append(SYSTEM.steady() - one.called)
            screen.settle(_QUIET_S)
            done.append(one)
    return done, delays
