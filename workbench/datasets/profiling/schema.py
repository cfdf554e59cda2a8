"""One hash of names and types, so that two tables can be told apart without their rows."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Protocol


class Named(Protocol):
    """A column of any kind: of a table, a manifest or a profile."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def type(self) -> str:
        """One of `workbench.datasets.table.TYPES`."""


def schema_hash(columns: Iterable[Named]) -> str:
    """Return ``sha256:`` of names and types, in order.

    Types are the words all formats share: a CSV file and its copy in Parquet have one schema.
    """
    text = json.dumps([[column.name, column.type] for column in columns], ensure_ascii=True)
    return f"sha256:{sha256(text.encode()).hexdigest()}"
