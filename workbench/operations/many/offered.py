"""The columns an axis may have, for a person to choose from."""

from collections.abc import Sequence
from typing import Final

from workbench.catalogue.query import Column, ColumnFacts
from workbench.operations.runs_table import columns as all_columns
from workbench.operations.runs_table import default_columns
from workbench.operations.session import Session

_ATTRIBUTES: Final = ("started", "duration", "size", "experiment", "status", "user", "host")


def choices(session: Session) -> tuple[ColumnFacts, ...]:
    """Return the columns an axis may have: metrics that count first, then params, then the rest."""
    facts = all_columns(session)
    first = default_columns(facts)
    rank = {column: place for place, column in enumerate(first)}
    kinds = ("metric", "param", "tag")

    def order(one: ColumnFacts) -> tuple[int, int, int, str]:
        place = rank.get(one.column, len(rank))
        return (kinds.index(one.column.kind), place, -one.runs, one.column.name)

    return (*sorted(facts, key=order), *_attributes(facts))


def _attributes(facts: Sequence[ColumnFacts]) -> tuple[ColumnFacts, ...]:
    runs = max((one.runs for one in facts), default=0)
    numeric = frozenset(("started", "duration", "size"))
    return tuple(
        ColumnFacts(Column("attribute", name), runs, 2, "", name in numeric) for name in _ATTRIBUTES
    )
