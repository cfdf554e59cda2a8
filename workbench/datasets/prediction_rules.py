"""What a table of predictions must be, one sentence a fault.

Rules do not raise: a script, a gate and a screen show the same sentences.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workbench import words

if TYPE_CHECKING:
    import polars as pl

ROW_ID, TIME, PREDICTION, SCORE, LABEL = "row_id", "time", "prediction", "score", "label"
PROBABILITY: Final = "probability_"
TOLERANCE: Final = 1e-3
"""How far the probabilities of a row may sum from 1: three printed digits of each."""

Kind = str
_KINDS_THAT_FIT: Final = frozenset(
    {("decimal number", "text"), ("decimal number", "true/false"),
     ("decimal number", "whole number"), ("whole number", "decimal number")}
)  # fmt: skip
"""Prediction and label of unequal kinds that mean something: a decimal number is a score of a
class, or a whole number came back from a library that knows no missing integers."""


def objections(frame: "pl.DataFrame", *, timed: bool = False) -> tuple[str, ...]:
    """Return what keeps ``frame`` from being a prediction file; empty if nothing does.

    Args:
        frame: The rows.
        timed: Every row must say when it was predicted, as in production.
    """
    missing = [name for name in (ROW_ID, PREDICTION) if name not in frame.columns]
    if missing:
        return tuple(f"There is no column {name}." for name in missing)
    if frame.is_empty():
        return ("There are no rows.",)
    return (
        *_of_ids(frame), *_of_time(frame, timed=timed), *_of_predictions(frame),
        *_of_probabilities(frame), *_of_kinds(frame),
    )  # fmt: skip


def kind_of(dtype: "pl.DataType") -> Kind:
    """Return the kind of a column's values, in words."""
    import polars as pl

    if dtype == pl.Boolean:
        return "true/false"
    if dtype.is_integer():
        return "whole number"
    if dtype.is_numeric():
        return "decimal number"
    return "text" if dtype in (pl.String, pl.Categorical, pl.Enum) else str(dtype)


def unequal_kinds(one: "pl.DataFrame", other: "pl.DataFrame") -> tuple[str, ...]:
    """Return what keeps the rows of two files from being compared, by the types of columns.

    Whole and decimal numbers are equal but for row ids: a library without missing integers
    writes 1 as 1.0.
    """
    faults = []
    for name in (ROW_ID, PREDICTION, LABEL):
        if name in one.columns and name in other.columns:
            kinds = kind_of(one.schema[name]), kind_of(other.schema[name])
            alike = set(kinds) <= {"whole number", "decimal number"} and name != ROW_ID
            if kinds[0] != kinds[1] and not alike:
                faults.append(
                    f"Column {name} holds {kinds[0]}s in the one file and {kinds[1]}s in the other."
                )
    return tuple(faults)


def _of_ids(frame: "pl.DataFrame") -> Iterator[str]:
    ids = frame[ROW_ID]
    if kind_of(ids.dtype) not in ("text", "whole number"):
        yield f"{ROW_ID} must be text or whole numbers, not {ids.dtype}."
        return
    if ids.null_count():
        yield f"{_have(ids.null_count())} no {ROW_ID}."
        return
    again = ids.filter(~ids.is_first_distinct())
    if len(again):
        first = words.value(again[0])[:40]
        rows = words.plural(len(again), "row") + (" repeats" if len(again) == 1 else " repeat")
        yield f"{ROW_ID} {first} stands more than once; {rows} an earlier one."


def _of_time(frame: "pl.DataFrame", *, timed: bool) -> Iterator[str]:
    if TIME not in frame.columns:
        if timed:
            yield f"There is no column {TIME}, which production needs: when each was predicted."
        return
    if not frame.schema[TIME].is_temporal():
        yield f"{TIME} must be times or seconds since 1970, not {frame.schema[TIME]}."
    elif timed and frame[TIME].null_count():
        yield f"{_have(frame[TIME].null_count())} no {TIME}."


def _of_predictions(frame: "pl.DataFrame") -> Iterator[str]:
    for name in (PREDICTION, SCORE, LABEL):
        if name not in frame.columns:
            continue
        column = frame[name]
        if column.null_count() and name != LABEL:  # labels may come later
            yield f"{_have(column.null_count())} no {name}."
        if column.dtype.is_float() and not _finite(column):
            yield f"{name} is NaN or infinite in {words.plural(_infinite(column), 'row')}."
    if SCORE in frame.columns and not frame.schema[SCORE].is_numeric():
        yield f"{SCORE} must be numbers, not {frame.schema[SCORE]}."


def _have(count: int) -> str:
    return f"{words.plural(count, 'row')} {'has' if count == 1 else 'have'}"


def _finite(column: "pl.Series") -> bool:
    return bool(column.drop_nulls().is_finite().all())


def _infinite(column: "pl.Series") -> int:
    return int((~column.drop_nulls().is_finite()).sum())


def _of_probabilities(frame: "pl.DataFrame") -> Iterator[str]:
    import polars as pl

    names = [name for name in frame.columns if name.startswith(PROBABILITY)]
    faults = [fault for name in names for fault in _of_probability(frame[name])]
    yield from faults
    if faults or len(names) < 2:  # noqa: PLR2004 - one alone is that of the positive class
        return
    off = (frame.select(pl.sum_horizontal(names)).to_series() - 1).abs()
    wrong = int((off > TOLERANCE).sum())
    if wrong:
        yield (
            f"The probabilities of {words.plural(wrong, 'row')} do not sum to 1 "
            f"(off by {words.number(off.max(), 2)} at most)."  # type: ignore[arg-type]
        )


def _of_probability(column: "pl.Series") -> Iterator[str]:
    name = words.visible(column.name)
    if not column.dtype.is_numeric():
        yield f"{name} must be numbers, not {column.dtype}."
    elif column.null_count():
        yield f"{_have(column.null_count())} no {name}."
    else:
        outside = int((~column.is_between(0.0, 1.0)).sum())  # NaN is outside too
        if outside:
            yield f"{name} is outside 0 to 1 in {words.plural(outside, 'row')}."


def _of_kinds(frame: "pl.DataFrame") -> Iterator[str]:
    import polars as pl

    kinds = []
    for name in (PREDICTION, LABEL):
        if name not in frame.columns or frame.schema[name] == pl.Null:
            continue
        kinds.append(kind_of(frame.schema[name]))
        if kinds[-1] == str(frame.schema[name]):
            yield f"{name} must be text, numbers or true/false, not {frame.schema[name]}."
            return
    if len(set(kinds)) > 1 and tuple(kinds) not in _KINDS_THAT_FIT:
        yield (
            f"{PREDICTION} holds {kinds[0]}s and {LABEL} {kinds[1]}s; both must say the same thing."
        )
