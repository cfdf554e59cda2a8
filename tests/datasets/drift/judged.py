"""Tables judged in a line, for tests: small frames, a part, one column's judgement."""

from typing import Any

import polars as pl

from tests.datasets.profiling.tables import summary
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Judged, Part
from workbench.datasets.drift.report import ColumnDrift, Finding, Measure
from workbench.datasets.profile import Profile

Values = Any


def profiled(values: Values, **asked: Any) -> Profile:
    """Return the profile of a frame, or of values as the column ``x``."""
    frame = values if isinstance(values, pl.DataFrame) else pl.DataFrame({"x": values})
    return summary(frame, correlations=False, **asked)


def beside(reference: Values, current: Values, **asked: Any) -> Judged:
    """Return the judgement on two tables, or on two columns ``x``."""
    return judge(profiled(reference), [Part("all", profiled(current))], **asked)


def column(reference: Values, current: Values, **asked: Any) -> ColumnDrift:
    """Return the judgement on two columns of values."""
    return named(beside(reference, current, **asked), "x")


def named(found: Judged, name: str, chunk: int = 0) -> ColumnDrift:
    """Return the judgement on a column."""
    return next(one for one in found.chunks[chunk].columns if one.name == name)


def measure(found: ColumnDrift, name: str) -> Measure:
    """Return a measure of a column."""
    return next(one for one in found.measures if one.name == name)


def value(found: ColumnDrift, name: str) -> float:
    """Return the value of a measure."""
    return measure(found, name).value


def findings(found: ColumnDrift) -> dict[str, Finding]:
    """Return a column's findings by kind."""
    return {one.kind: one for one in found.findings}
