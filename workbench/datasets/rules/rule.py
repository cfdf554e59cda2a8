"""What a rule for a dataset is, and what came of it.

Four states, never fewer. *holds*: every value there is was looked at and none is against the
rule. *fails*: some are. *undecided*: nothing is against it and something could not be told, such
as an empty table. *error*: it cannot be asked of this table, such as a column that is not there.
The last two never count as holding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "type", "not_null", "unique", "range", "set", "regex", "rows", "freshness", "foreign_key",
    "expression",
]  # fmt: skip
State: TypeAlias = Literal["holds", "fails", "undecided", "error"]
MOST_EXAMPLES: Final = 5


class Allowed(NamedTuple):
    """How many rows may be against a rule before it fails."""

    rows: int = 0
    share: float = 0.0
    """Of the rows that were looked at, 0 to 1."""

    def least(self, looked_at: int) -> int:
        """Return how many of so many rows may be against the rule."""
        return max(self.rows, int(self.share * looked_at + 1e-9))


NOTHING_ALLOWED: Final = Allowed()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: of one column, of several together, or of the whole table."""

    kind: Kind
    columns: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """What else was said, by its key in the settings; never a missing one with a default."""
    name: str = ""
    """What it is called; its words where nobody named it."""
    where: str = ""
    """A filter; rows it does not match are not looked at."""
    allowed: Allowed = NOTHING_ALLOWED
    line: int = 0
    """Where it stands in the settings, from 1; 0 if it stands in none."""
    fault: str = ""
    """Why it is no rule: it is then only reported."""


class Example(NamedTuple):
    """A row that is against a rule."""

    row: int
    """From 1, in the order of the table."""
    values: tuple[tuple[str, str], ...]
    """Columns and what stands there, as text; `MASK` where it is sensitive."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What came of one rule."""

    rule: Rule
    words: str
    """What is asked: ``age from 0 to 120``."""
    state: State
    failed: int | None = None
    """Rows against the rule; None where it is not of rows, or could not be told."""
    rows: int | None = None
    """Rows that were looked at; missing values and rows outside `Rule.where` are not."""
    examples: tuple[Example, ...] = ()
    observed: str = ""
    """What was seen, in words."""
    reason: str = ""
    """Why it could not be told; empty where the rule holds or fails."""
    left_out: int = 0
    """Rows that were not looked at, for want of a value."""

    @property
    def name(self) -> str:
        """Return what to call it."""
        return self.rule.name or self.words
