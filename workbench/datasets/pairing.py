"""Two versions' answers to the same rows, side by side, as numbers a metric can take."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from workbench import words
from workbench.datasets.prediction_rules import (
    LABEL,
    PREDICTION,
    PROBABILITY,
    ROW_ID,
    SCORE,
    kind_of,
    unequal_kinds,
)
from workbench.datasets.scoring import BINARY, Answers, Codes, Metric, Numbers
from workbench.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

OTHER: Final = "_challenger"
"""Behind the names of the challenger's columns in the joined table."""
MOST_CLASSES: Final = 1_000


class Pairs(NamedTuple):
    """The rows both versions answered and somebody labelled."""

    champion: Answers
    challenger: Answers
    rows: "pl.DataFrame"
    """The joined rows, in the order of the answers; for segments."""
    only_champion: int
    only_challenger: int
    unlabelled: int
    """Rows both answered whose label is not known."""
    labelled_once: int
    """Rows both answered whose label stands in one of the files alone."""
    assumed: bool
    """Nobody named the positive class."""


def pair(
    champion: "pl.DataFrame", challenger: "pl.DataFrame", metric: Metric, positive: str = ""
) -> Pairs:
    """Return both versions' answers to the rows they have in common.

    Args:
        champion: The one version's predictions, found to be in order.
        challenger: The other's.
        metric: What they are to be compared by.
        positive: The class that counts, where there are two; default the last in order.

    Raises:
        UsageError: They cannot be compared by this metric; says why.
    """
    champion, challenger = _without_empty_label(champion), _without_empty_label(challenger)
    faults = unequal_kinds(champion, challenger)
    if faults:
        raise UsageError(" ".join(faults))
    joined = champion.join(challenger, on=ROW_ID, how="inner", suffix=OTHER)
    if joined.is_empty():
        raise UsageError("The two files have no row_id in common.")
    labelled = _labelled(joined, LABEL in champion.columns, LABEL in challenger.columns)
    if labelled.is_empty():
        raise UsageError(
            f"None of the {words.count(len(joined))} rows both answered has a label.",
            hint="Log the predictions again once labels are known.",
        )
    made = _answers(labelled, champion, challenger, metric, positive)
    return Pairs(
        *made, labelled, len(champion) - len(joined), len(challenger) - len(joined),
        len(joined) - len(labelled), _labelled_once(joined), not positive,
    )  # fmt: skip


def _without_empty_label(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Leave out a label column nobody has written anything into: it has no type to compare."""
    import polars as pl

    return frame.drop(LABEL) if frame.schema.get(LABEL) == pl.Null else frame


def _labelled(joined: "pl.DataFrame", mine: bool, other: bool) -> "pl.DataFrame":
    """Return the rows with a label, which stands in `LABEL` whoever knew it."""
    import polars as pl

    if not mine and not other:
        raise UsageError("Neither file has a label.", hint="Log predictions with labels.")
    both = f"{LABEL}{OTHER}"
    if mine and other:
        unlike = joined.select((pl.col(LABEL) != pl.col(both)).fill_null(value=False).sum()).item()
        if unlike:
            raise UsageError(
                f"The labels of {words.plural(int(unlike), 'row')} are not the same in both "
                "files, so they are not of the same rows.",
                hint="Log both again on one dataset version.",
            )
        joined = joined.with_columns(pl.coalesce(LABEL, both).alias(LABEL))
    return joined.filter(pl.col(LABEL).is_not_null())


def _labelled_once(joined: "pl.DataFrame") -> int:
    known, other = joined[LABEL].is_not_null(), f"{LABEL}{OTHER}"
    return int((known ^ joined[other].is_not_null()).sum() if other in joined else known.sum())


def _answers(
    rows: "pl.DataFrame",
    champion: "pl.DataFrame",
    challenger: "pl.DataFrame",
    metric: Metric,
    positive: str,
) -> tuple[Answers, Answers]:
    names = [(name, name) for name in champion.columns]
    others = [
        (name, f"{name}{OTHER}" if f"{name}{OTHER}" in rows.columns else name)
        for name in challenger.columns
    ]
    sides = [rows.select(pl_as(side)) for side in (names, others)]
    label = rows[LABEL]
    if metric.needs == "numbers":
        return _numbers(label, sides)
    if metric.needs == "classes":
        return _classes(label, sides, metric, positive)
    return _scores(label, sides, metric, positive)


def pl_as(names: Iterable[tuple[str, str]]) -> list[Any]:
    """Return columns of the joined table under the names of their own file."""
    import polars as pl

    return [pl.col(there).alias(own) for own, there in names if own != ROW_ID]


# -- numbers -----------------------------------------------------------------------------


def _numbers(label: "pl.Series", sides: Sequence["pl.DataFrame"]) -> tuple[Answers, Answers]:
    for column in (label, sides[0][PREDICTION]):
        if not column.dtype.is_numeric():
            raise UsageError(f"This metric needs numbers; {column.name} is {column.dtype}.")
    true = _floats(label)
    one, other = (
        Answers(true, _floats(side[PREDICTION]), np.empty((len(true), 0))) for side in sides
    )
    return one, other


def _floats(column: "pl.Series") -> Numbers:
    return column.to_numpy().astype(np.float64)


# -- classes -----------------------------------------------------------------------------


def texts(column: "pl.Series") -> "pl.Series":
    """Return the names of classes: ``true``, ``1`` (also for 1.0), or the text itself."""
    import polars as pl

    if column.dtype.is_float() and bool((column == column.round()).all()):
        column = column.cast(pl.Int64, strict=False)
    return column.cast(pl.String)


def _named(column: str, kind: str) -> str:
    """Return the class of a probability column; ``True`` and ``1.0`` are how Python prints."""
    name = column.removeprefix(PROBABILITY)
    if kind == "true/false":
        return name.lower()
    return name.removesuffix(".0") if kind.endswith("number") else name


def _ordered(classes: Iterable[str], kind: str) -> tuple[str, ...]:
    """Return classes in the order of their values, as scikit-learn has them."""
    found = set(classes)
    if len(found) > MOST_CLASSES:
        raise UsageError(
            f"There are {words.count(len(found))} classes; at most {MOST_CLASSES:,} are compared.",
            hint="Compare numbers by rmse, mae or r2.",
        )
    if kind.endswith("number") and all(one.removeprefix("-").isdecimal() for one in found):
        return tuple(sorted(found, key=int))
    return tuple(sorted(found))


def _names(column: "pl.Series") -> set[str]:
    return set(texts(column.unique()).to_list())


def _codes(column: "pl.Series", classes: Sequence[str]) -> Codes:
    """Return the place of each row's class; names are made once a class, not once a row."""
    import polars as pl

    there = column.unique()
    places = [classes.index(name) for name in texts(there)]
    coded = column.replace_strict(there, places, return_dtype=pl.Int64)
    return coded.to_numpy().astype(np.int64)


def _positive(classes: Sequence[str], asked: str) -> int:
    if asked and asked not in classes:
        raise UsageError(
            f"There is no class {words.visible(asked)!r}.",
            hint=f"The classes are {words.visible(', '.join(classes[:10]))}.",
        )
    return classes.index(asked) if asked else len(classes) - 1


def _classes(
    label: "pl.Series", sides: Sequence["pl.DataFrame"], metric: Metric, positive: str
) -> tuple[Answers, Answers]:
    said = [side[PREDICTION] for side in sides]
    for column in said:
        if column.dtype.is_float() and bool((column != column.round()).any()):
            raise UsageError(
                f"{metric.name} needs classes; the predictions are decimal numbers.",
                hint="Log the class as prediction, and the number as score.",
            )
    classes = _ordered(set().union(*map(_names, (label, *said))), kind_of(label.dtype))
    codes, place = _codes(label, classes), _positive(classes, positive)
    one, other = (
        Answers(codes, _codes(each, classes), np.empty((len(codes), 0)), classes, place)
        for each in said
    )
    return one, other


# -- probabilities and scores ------------------------------------------------------------


def _scores(
    label: "pl.Series", sides: Sequence["pl.DataFrame"], metric: Metric, positive: str
) -> tuple[Answers, Answers]:
    kind = kind_of(label.dtype)
    labels = _names(label)
    found = [
        {_named(name, kind): name for name in side.columns if name.startswith(PROBABILITY)}
        for side in sides
    ]
    named = set().union(*found) if metric.needs == "probabilities" else set()
    classes = _ordered(labels | named, kind)
    codes, place = _codes(label, classes), _positive(classes, positive)
    one, other = (
        Answers(codes, codes, _matrix(side, names, classes, labels, place, metric), classes, place)
        for side, names in zip(sides, found, strict=True)
    )
    return one, other


def _matrix(
    side: "pl.DataFrame",
    names: Mapping[str, str],
    classes: Sequence[str],
    labels: set[str],
    positive: int,
    metric: Metric,
) -> Numbers:
    """Return a score for each row and class, shape ``(rows, classes)``."""
    missing = [one for one in classes if one not in names and one in labels]
    if len(classes) == BINARY and (missing or metric.needs == "scores"):
        return _two(side, names, classes, positive, metric)
    if missing:
        raise UsageError(
            f"{metric.name} needs a column {PROBABILITY}{words.visible(missing[0])}, "
            "which one of the files does not have."
        )
    empty = np.zeros(len(side))
    columns = [_floats(side[names[one]]) if one in names else empty for one in classes]
    made = np.stack(columns, axis=1)
    if metric.needs == "probabilities" and len(names) > 1:
        made /= made.sum(axis=1, keepdims=True)  # printed digits do not sum to 1 exactly
    return made


def _two(
    side: "pl.DataFrame",
    names: Mapping[str, str],
    classes: Sequence[str],
    positive: int,
    metric: Metric,
) -> Numbers:
    """Return scores of two classes of which one column may say everything."""
    against = classes[1 - positive]
    if classes[positive] in names:
        score = _floats(side[names[classes[positive]]])
    elif against in names:
        score = 1 - _floats(side[names[against]])
    elif metric.needs == "scores" and (SCORE in side.columns or side[PREDICTION].dtype.is_float()):
        score = _floats(side[SCORE if SCORE in side.columns else PREDICTION])
    else:
        raise UsageError(
            f"{metric.name} needs a column {PROBABILITY}{words.visible(classes[positive])}"
            + (
                ", a score, or predictions that are decimal numbers."
                if metric.needs == "scores"
                else "."
            )
        )
    made = np.empty((len(score), BINARY))
    made[:, positive], made[:, 1 - positive] = score, 1 - score
    return made
