"""Which columns are shown, in which order, which are pinned: values and what is done to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workbench.operations.runs_table import Column, ColumnFacts

ATTRIBUTES = {
    "name": "what people call it",
    "status": "running, finished, failed, killed, stale",
    "started": "how long ago it began",
    "duration": "how long it took",
    "experiment": "where it belongs",
    "group": "as the script said",
    "parent": "the run it belongs to",
    "note": "what people wrote about it",
    "user": "who started it",
    "host": "on which machine",
    "command": "what was typed",
    "commit": "of git",
    "branch": "of git",
    "dirty": "uncommitted changes",
    "size": "of all its files",
    "faults": "what could not be read",
    "ended": "how long ago it ended",
    "id": "never changes",
    "path": "of its folder",
    "format": "who wrote it",
    "archived": "put away",
}
_KINDS = ("metric", "param", "attribute", "tag")


class ColumnsChosen(NamedTuple):
    """What somebody chose."""

    columns: tuple[Column, ...]
    pinned: int
    """How many of the first columns stay put."""


class Offer(NamedTuple):
    """A column on the list, shown or not."""

    column: Column
    facts: ColumnFacts | None
    """None for what every run has."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns shown so far, in order."""

    columns: tuple[Column, ...]
    pinned: int

    def toggled(self, column: Column) -> "Choice":
        """Show a column after all others, or hide it."""
        if column not in self.columns:
            return replace(self, columns=(*self.columns, column))
        place = self.columns.index(column)
        left = tuple(each for each in self.columns if each != column)
        return Choice(left, self.pinned - (place < self.pinned))

    def moved(self, column: Column, by: int) -> "Choice":
        """Move a column; at the edge of the pinned ones it joins or leaves them."""
        if column not in self.columns:
            return self
        place = self.columns.index(column)
        if by < 0 and place == self.pinned > 0:
            return replace(self, pinned=self.pinned + 1)
        if by > 0 and place == self.pinned - 1:
            return replace(self, pinned=self.pinned - 1)
        goal = max(0, min(place + by, len(self.columns) - 1))
        rest = [each for each in self.columns if each != column]
        rest.insert(goal, column)
        return replace(self, columns=tuple(rest))

    def pinned_or_not(self, column: Column) -> "Choice":
        """Pin a column after those pinned before, or let it go."""
        shown = self if column in self.columns else self.toggled(column)
        place = shown.columns.index(column)
        rest = [each for each in shown.columns if each != column]
        pinned = shown.pinned - 1 if place < shown.pinned else shown.pinned + 1
        rest.insert(min(pinned, shown.pinned) if place >= shown.pinned else pinned, column)
        return Choice(tuple(rest), pinned)

    def parted(self, column: Column, goal: str) -> tuple["Choice", Column]:
        """Show the next value of a metric that is not shown yet; return it as well."""
        if column.kind != "metric" or column not in self.columns:
            return self, column
        parts = parts_for(goal)
        start = parts.index(column.part) if column.part in parts else -1
        turned = [parts[(start + step) % len(parts)] for step in range(1, len(parts) + 1)]
        other = next(
            (
                each
                for each in (column._replace(part=part) for part in turned)
                if each not in self.columns
            ),
            column,
        )
        return replace(
            self, columns=tuple(other if each == column else each for each in self.columns)
        ), other


def parts_for(goal: str) -> tuple[str, ...]:
    """Return the values of a metric in the order they are worth having."""
    best = ("best", "step_of_min" if goal == "min" else "step_of_max") if goal else ()
    rest = ("min", "max", "first", "step_of_min", "step_of_max", "last_step", "count", "nans")
    return ("last", *best, *(part for part in rest if part not in best))


def part_word(part: str, goal: str = "") -> str:
    """Return a value of a metric in words: ``step of best``."""
    if goal and part == f"step_of_{goal}":
        return "step of best"
    return {"nans": "NaN values", "count": "points"}.get(part, part.replace("_", " "))


def shown_offers(choice: Choice, facts: Sequence[ColumnFacts]) -> list[Offer]:
    """Return the columns shown, in order."""
    by_name = {(fact.column.kind, fact.column.name): fact for fact in facts}
    return [Offer(column, by_name.get((column.kind, column.name))) for column in choice.columns]


def hidden_offers(choice: Choice, facts: Sequence[ColumnFacts]) -> tuple[list[Offer], list[Offer]]:
    """Return the columns not shown: those worth it, and those that are the same in every run."""
    shown = {(column.kind, column.name) for column in choice.columns}
    offers = [Offer(fact.column, fact) for fact in facts]
    offers += [Offer(Column("attribute", name), None) for name in ATTRIBUTES]
    hidden = [offer for offer in offers if (offer.column.kind, offer.column.name) not in shown]
    hidden.sort(key=_rank)
    same = [offer for offer in hidden if is_constant(offer.facts)]
    return [offer for offer in hidden if offer not in same], same


def is_constant(fact: ColumnFacts | None) -> bool:
    """Say whether several runs have a column and all of them the same value."""
    return fact is not None and fact.distinct == 1 and fact.runs > 1


def _rank(offer: Offer) -> tuple[int, bool]:
    # Facts come sorted by name; sorting is stable.
    return _KINDS.index(offer.column.kind), offer.column.name.startswith("system/")
