"""What a team says of a dataset: who owns it, what it may be used for, what must be hidden."""

from collections.abc import Iterable
from typing import Final

import msgspec

MASK: Final = "•••"
"""What stands for a value of a sensitive column."""
FEWEST: Final = 5
"""Rows that whatever is kept of a sensitive column stands for, at the least."""
PERSONAL = ("none", "pseudonymous", "personal", "special")
"""Whether it holds personal data, in rising order; ``""`` where nobody has said."""


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything people say of a dataset; what nobody said is empty."""

    owner: str = ""
    description: str = ""
    source: str = ""
    licence: str = ""
    personal: str = ""
    """One of `PERSONAL`."""
    purposes: tuple[str, ...] = ()
    """Purposes it may be used for; empty: nobody has restricted it."""
    retention_until: str = ""
    """A day, ``YYYY-MM-DD``: from the next day on it should be gone."""
    sensitive: tuple[str, ...] = ()
    """Columns that are masked in every preview."""
    key: tuple[str, ...] = ()
    """Columns that name a row."""
    label: str = ""
    time: str = ""
    segments: tuple[str, ...] = ()
    roles: dict[str, str] = msgspec.field(default_factory=dict)
    """Column to a role of `workbench.datasets.profile.ROLES`, where the inferred one is wrong."""
    all_sensitive: bool = False
    """Every column of every version counts as sensitive, as it is in doubt which are."""

    def hidden_among(self, columns: Iterable[str]) -> frozenset[str]:
        """Return which of these columns are sensitive."""
        return frozenset(name for name in columns if self.all_sensitive or name in self.sensitive)
