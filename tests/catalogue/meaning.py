"""What a filter means, by the rules alone: no SQL, run by run, value by value.

Written from what `workbench.filters.tree` says of missing values, NaN, numbers and
text, so that the catalogue's SQL has something to be equal to.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from workbench.catalogue.ingest import Arrival
from workbench.filters.quoting import reads_as_number
from workbench.filters.tree import (
    And,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truth,
    Value,
    Words,
)

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def matches(node: Node, run: Arrival, goals: Mapping[str, str], now: float) -> bool:
    """Say whether a run matches."""
    match node:
        case And(parts):
            return all(matches(part, run, goals, now) for part in parts)
        case Or(parts):
            return any(matches(part, run, goals, now) for part in parts)
        case Not(part):
            return not matches(part, run, goals, now)
        case Words(text):
            heard = [run.card.name, run.card.note, *run.card.tags.values()]
            return any(text.lower() in one.lower() for one in heard)
        case IsNull(field, negated):
            return _is_missing(field, run, goals) != negated
        case _:
            values = _values(node.field, run, goals)
            return any(value is not None and _holds(node, value, now) for value in values)


def _is_missing(field: Field, run: Arrival, goals: Mapping[str, str]) -> bool:
    values = [value for value in _values(field, run, goals) if value is not None]
    if field.kind == "attribute" and field.name in ("note", "error"):
        return values == [""]
    return not values


def _values(field: Field, run: Arrival, goals: Mapping[str, str]) -> list[Any]:
    """Return the values of a field: one, or one for each dataset; None where there is none."""
    card = run.card
    if field.kind == "param":
        return [card.params.get(field.name)]
    if field.kind == "tag":
        return [card.tags.get(field.name)]
    if field.kind == "dataset":
        names = {"name": "name", "digest": "hash", "context": "role"}
        return [getattr(one, names[field.name]) for one in card.datasets]
    if field.kind == "metric":
        part = field.part or "last"
        part = goals.get(field.name, "last") if part == "best" else part
        summary = card.metrics.get(field.name)
        return [None if summary is None else getattr(summary, part)]
    return [_attribute(field.name, run)]


def _attribute(name: str, run: Arrival) -> Any:
    card = run.card
    duration = None if card.ended is None or card.started is None else card.ended - card.started
    special = {
        "id": card.run_id, "duration": duration, "user": card.facts.get("user"),
        "host": card.facts.get("host"), "command": card.facts.get("command"),
        "git": card.facts.get("commit"), "branch": card.facts.get("branch"),
        "dirty": card.facts.get("dirty"), "archived": run.archived, "format": "native",
        "path": run.ref.key, "artifact_uri": run.ref.key, "source": ".",
        "faults": len(card.faults), "error": "\n".join(card.error),
        "size": sum(one.size for one in card.artifacts),
    }  # fmt: skip
    return special[name] if name in special else getattr(card, name)


def _holds(node: Compare | Like | Match | In, value: Any, now: float) -> bool:
    """Say whether a test is true of a value that is there."""
    if isinstance(node, Like):
        pattern = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in node.pattern)
        any_case = not node.case_sensitive or node.field.name == "status"
        flags = re.DOTALL | (re.IGNORECASE if any_case else 0)
        return (re.fullmatch(pattern, text_of(value), flags) is not None) != node.negated
    if isinstance(node, Match):
        return (re.search(node.regex, text_of(value)) is not None) != node.negated
    if isinstance(node, In):
        return any(_equal(value, one, now) for one in node.values) != node.negated
    if node.op in ("=", "!="):
        return _equal(value, node.value, now) == (node.op == "=")
    return _ordered(value, node.op, node.value, now)


def _equal(value: Any, wanted: Value, now: float) -> bool:
    if isinstance(wanted, Truth):
        return text_of(value).lower() == str(wanted.value).lower()
    if isinstance(wanted, Text):
        return text_of(value) == wanted.value
    number, asked = number_of(value), _asked(wanted, now)
    return number is not None and (number == asked or (math.isnan(number) and math.isnan(asked)))


def _ordered(value: Any, op: str, wanted: Value, now: float) -> bool:
    if isinstance(wanted, Text):
        return _ORDERS[op](text_of(value), wanted.value)
    number = number_of(value)
    return number is not None and _ORDERS[op](number, _asked(wanted, now))


def _asked(wanted: Value, now: float) -> float:
    assert isinstance(wanted, Number | Instant)
    return wanted.at(now) if isinstance(wanted, Instant) else wanted.value


def number_of(value: Any) -> float | None:
    """Return a stored value as a number, if it reads as one."""
    if isinstance(value, str):
        return float(value) if reads_as_number(value) else None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def text_of(value: Any) -> str:
    """Return a stored value as people write it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else repr(value)
