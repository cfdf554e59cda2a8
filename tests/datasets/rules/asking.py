"""Asking small tables rules, as tests write them."""

from datetime import datetime
from typing import Any

import polars as pl

from workbench.datasets.reading import of_frame
from workbench.datasets.rules import RuleResult, check, parse
from workbench.datasets.table import Table
from workbench.errors import NotFoundError

NOW = 1_795_000_000.0
"""2026-11-18 11:06:40 UTC."""


def ask(frame: pl.DataFrame, *, context: dict[str, Any] | None = None, **rule: Any) -> RuleResult:
    """Return what comes of one rule, written as in the settings; ``in_`` is its key ``in``."""
    table = {key.rstrip("_"): value for key, value in rule.items()}
    (result,) = ask_all(frame, [table], **(context or {}))
    return result


def ask_all(frame: pl.DataFrame, rules: list[dict[str, Any]], **context: Any) -> list[RuleResult]:
    """Return what comes of several rules."""
    return list(check(of_frame(frame), parse(rules), now=NOW, **context))


def at(*parts: int) -> datetime:
    """Return a moment on the clock of a column without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - many columns have none


class Parts:
    """A table that comes in parts, and may break off."""

    def __init__(self, *frames: pl.DataFrame, fault: Exception | None = None) -> None:
        self._frames = frames
        self._fault = fault
        whole = of_frame(frames[0])
        self.columns, self.format, self.said, self.columnar = whole.columns, "parts", (), False
        self.rows = None

    def batches(self, columns: Any = None) -> Any:
        """Yield the parts, then break off if there is a fault."""
        for frame in self._frames:
            yield frame if columns is None else frame.select(columns)
        if self._fault is not None:
            raise self._fault

    def head(self, rows: int) -> pl.DataFrame:
        """Return the first rows of the first part."""
        return self._frames[0].head(rows)


def lookup(tables: dict[str, pl.DataFrame]) -> Any:
    """Return what finds other tables by name."""

    def find(name: str) -> Table:
        if name not in tables:
            raise NotFoundError(f"There is no {name}.")
        return of_frame(tables[name])

    return find
