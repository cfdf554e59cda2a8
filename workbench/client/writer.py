"""One process's share of a run: two line files, and what they add up to.

A writer trusts its caller with every value and meets every trouble of the disk
with an ``OSError``; `workbench.client.keeper` decides what happens then.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench import durable
from workbench.client.checks import merge
from workbench.client.linefile import LineFile
from workbench.client.place import Place
from workbench.client.points import Point, Series
from workbench.clock import SYSTEM
from workbench.runfolder import FINAL, FINISHED, FORMAT, METRICS, UPDATES, encode_line

_BEFORE = 0.001
"""A helper counts as started this much before the process it helps, so that the run's
end is the end of that process and not of its last worker."""


def start_time(helps: float | None) -> float:
    """Return when a writer starts; ``helps`` is when the process it helps did, if it helps one."""
    return round(SYSTEM.now() if helps is None else helps - _BEFORE, 3)


class Ledger:
    """What a writer's lines add up to; it becomes the end card."""

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.params: dict[str, Any] = {}
        self.tags: dict[str, str | None] = {}
        self.note: str | None = None
        self.name: str | None = None
        self.rules: dict[str, dict[str, Any]] = {}
        self.artifacts: dict[str, int | None] = {}
        self.datasets: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {}

    def take(self, kind: str, fields: Mapping[str, Any]) -> None:
        """Add up one update."""
        match kind:
            case "params":
                merge(self.params, fields["params"])
            case "tags":
                self.tags.update(fields["tags"])
            case "note" | "name":
                setattr(self, kind, fields[kind])
            case "rule":
                rule = {key: fields[key] for key in ("goal", "summary", "step_metric")}
                self.rules[fields["metric"]] = rule
            case "artifact":
                self.artifacts[fields["path"]] = fields["size"]
            case "dataset":
                self.datasets.append(dict(fields))
            case "fact":
                self.facts.update(fields["facts"])

    def fields(self) -> dict[str, Any]:
        """Return the part of the end card that is added up."""
        return {
            "metrics": {name: series.encoded() for name, series in self.series.items()},
            "params": self.params,
            "tags": self.tags,
            "note": self.note,
            "name": self.name,
            "rules": self.rules,
            "artifacts": [[path, size] for path, size in self.artifacts.items()],
            "datasets": self.datasets,
            "facts": self.facts,
        }


class Writer:
    """The open files of one writer."""

    def __init__(self, place: Place, started: float) -> None:
        self.place = place
        self.started = started
        self.ledger = Ledger()
        self.settled = True
        self.whole = True
        self.open(place)

    def open(self, place: Place) -> None:
        """Open the files of a place."""
        updates = LineFile(place.writer / UPDATES)
        try:
            metrics = LineFile(place.writer / METRICS)
        except OSError:
            updates.close()
            raise
        self.updates, self.metrics = updates, metrics
        self.place = place

    def move(self, place: Place) -> None:
        """Go on writing where the files were brought; stay where they are if that fails."""
        before = (self.updates, self.metrics)
        self.open(place)
        for file in before:
            file.close()

    def go_on_from(self, old: "Writer") -> None:
        """Take over what the lines carried over from another writer add up to."""
        self.started, self.ledger = old.started, old.ledger
        self.settled, self.whole = old.settled, old.whole

    def leave_out(self, started: float) -> None:
        """Go on as a writer that started later, without lines that were added up before."""
        self.started, self.whole = started, False

    def points(self, line: bytes, points: Iterable[Point], step: int | None) -> None:
        """Write a line of metrics and add it up."""
        self.settled = False  # a signal between here and the end must not publish a half sum
        try:
            self.metrics.append(line)
        except OSError:
            self.settled = True
            raise
        known = self.ledger.series
        for name, value in points:
            series = known.get(name)
            if series is None:
                known[name] = Series(value, step)
            else:
                series.add(value, step)
        self.settled = True

    def update(self, line: bytes, kind: str, fields: Mapping[str, Any]) -> None:
        """Write a line of updates and add it up."""
        self.settled = False
        try:
            self.updates.append(line)
        except OSError:
            self.settled = True
            raise
        self.ledger.take(kind, fields)
        self.settled = True

    def sync(self) -> None:
        """Flush the lines to the disk."""
        self.updates.sync()
        self.metrics.sync()

    def is_in_place(self) -> bool:
        """Say whether both files are still where they were made."""
        return self.updates.is_in_place() and self.metrics.is_in_place()

    def end_card(self, status: str, ended: float, error: list[str]) -> bytes:
        """Return the end card for what was written so far."""
        sizes = {"metrics": self.metrics.size, "updates": self.updates.size}
        if not (self.settled and self.whole):  # then the lines count, whatever this card adds up to
            sizes = dict.fromkeys(sizes, -1)
        card = {"format": FORMAT, "status": status, "started": self.started, "ended": ended}
        return encode_line({**card, "error": error, **self.ledger.fields(), "bytes": sizes})

    def finish(self, status: str, ended: float, error: list[str]) -> None:
        """Flush the lines, publish the end card, then the marker."""
        self.sync()
        card = self.end_card(status, ended, error)
        durable.replace(self.place.writer / FINAL, card, temp=self.place.temp)
        self.place.mark_done(status)

    def promise_end(self) -> None:
        """Publish an end card at the start of a helper.

        Pools kill their workers as they like, and a run must not wait for one that is
        gone or sits idle. While the lines are longer than the card says, they count.
        """
        card = self.end_card(FINISHED, self.started, [])
        durable.replace(self.place.writer / FINAL, card, temp=self.place.temp)

    def close(self) -> None:
        """Let go of the files."""
        self.updates.close()
        self.metrics.close()
