"""Columns that a check names, held against those there are before anything is read.

One that is misspelt would be left in, left out or tested otherwise than somebody meant, and the
verdict would not show it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from workbench.errors import UsageError
from workbench.operations.datasets.named_columns import near
from workbench.words import visible

_SHOWN = 80


class Naming(Protocol):
    """What of a check names columns."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the only ones to judge; empty for all."""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Return those to leave out."""

    @property
    def roles(self) -> Mapping[str, str]:
        """Return how columns are tested."""


def require_named(asked: Naming, there: Iterable[str]) -> None:
    """Do nothing if every column that is named is on one of the sides.

    Args:
        asked: The check.
        there: The columns of both sides; empty where nobody knows.

    Raises:
        UsageError: One is not; names what is near.
    """
    known = sorted(set(there))
    kinds: tuple[tuple[str, Sequence[str]], ...] = (
        ("judged", asked.columns),
        ("left out", asked.exclude),
        ("given a role", tuple(asked.roles)),
    )
    for what, names in kinds:
        for name in names:
            if known and name not in known:
                raise UsageError(
                    f"There is no column {visible(name)[:_SHOWN]!r}, and it cannot be {what}.",
                    hint=near(name, known),
                )
