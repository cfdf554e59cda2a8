"""Sensitive columns hidden wherever rows or values are shown."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import msgspec

from workbench.datasets.profile import Column, Profile

if TYPE_CHECKING:
    import polars as pl

MASK: Final = "•••"
FEWEST: Final = 5
"""A value that fewer rows have is not kept in the summary of a sensitive column."""


def mask(frame: "pl.DataFrame", sensitive: Collection[str]) -> "pl.DataFrame":
    """Return a frame whose sensitive columns hold `MASK` for every value; nulls stay nulls."""
    import polars as pl

    hidden = [
        pl.when(pl.col(name).is_not_null()).then(pl.lit(MASK)).otherwise(None).alias(name)
        for name in frame.columns
        if name in sensitive
    ]
    return frame.with_columns(hidden) if hidden else frame


def masked(profile: Profile, sensitive: Collection[str]) -> Profile:
    """Return a profile that shows of sensitive columns what it would if it were made now."""
    columns = tuple(
        _masked(one) if one.name in sensitive and not one.sensitive else one
        for one in profile.columns
    )
    return msgspec.structs.replace(profile, columns=columns)


def _masked(column: Column) -> Column:
    kept = tuple((value, count) for value, count in column.top if count >= FEWEST)
    gone = sum(count for _, count in column.top) - sum(count for _, count in kept)
    return msgspec.structs.replace(column, top=kept, other=column.other + gone, sensitive=True)
