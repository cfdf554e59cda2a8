"""Rules for a dataset: what must be true of its data, and what came of asking.

`parse` and `read` read them from the tables of ``workbench.toml``, `words` says them, `check` asks
a table all of them in one pass. A rule that could not be decided is never taken for one that
holds; `workbench.datasets.rules.rule` says the four states.
"""

from workbench.datasets.rules.checking import check
from workbench.datasets.rules.parsing import parse, read
from workbench.datasets.rules.rule import (
    Allowed,
    Example,
    Rule,
    RuleResult,
)
from workbench.datasets.rules.wording import words

__all__ = [
    "Allowed",
    "Example",
    "Rule",
    "RuleResult",
    "check",
    "parse",
    "read",
    "words",
]
