"""A few rows a model can be tried with, what it made of them, and the signature of both.

The model is asked here and nowhere else: in the script that trained it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workbench.client.checks import whole_text
from workbench.operations.registry.writing import is_estimator
from workbench.registry.signature import LABEL, MOST_CATEGORIES, NUMBER, signature_of
from workbench.runfolder import encode_number

MOST_ROWS: Final = 20
_LONGEST_TEXT: Final = 1_000
_MOST_CELLS: Final = 20_000
"""Of an example; wider ones keep fewer rows."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An example as an event keeps it."""

    signature: dict[str, Any] | None
    example: dict[str, Any] | None


def tried(model: Any, signature: Any, rows: Any, outputs: Any) -> Tried:
    """Return signature and example of a model.

    Args:
        model: An estimator, or a path, which is asked nothing.
        signature: A signature, or the whole table to make it from; None makes it from ``rows``,
            which say less.
        rows: Input rows, of which the first 20 are kept; None keeps none.
        outputs: What the model makes of ``rows``; None asks an estimator.

    Raises:
        UsageError: There is no table where one must be.
    """
    few = None if rows is None else _first(rows)
    made: Any = None if outputs is None else _first(outputs)
    by_class: Any = None
    if few is not None and made is None and hasattr(model, "predict"):
        made = model.predict(few)
        by_class = model.predict_proba(few) if hasattr(model, "predict_proba") else None
    whole = _signature(model, signature, rows, made)
    if few is None:
        return Tried(whole, None)
    output = None if made is None else _outputs(model, made, by_class)
    return Tried(whole, {"input": _rows(few), "output": output})


def _signature(model: Any, given: Any, rows: Any, made: Any) -> dict[str, Any] | None:
    if isinstance(given, Mapping) and isinstance(given.get("columns"), list):
        return dict(given)
    table = rows if given is None else given
    if table is None:
        return None
    shares = _are_probabilities(made)
    found = signature_of(table, made, probability=shares, example=given is None)
    return found | {"output": _output(model, found["output"])}


def _output(model: Any, seen: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what a model gives: an estimator knows it, whatever a few rows look like."""
    classes: Any = getattr(model, "classes_", None)
    if getattr(classes, "ndim", 0) == 1:
        known = {"categories": _rows(classes)} if len(classes) <= MOST_CATEGORIES else {}
        return {"kind": LABEL, "dtype": str(classes.dtype), **known}
    if is_estimator(model):
        from sklearn.base import is_regressor

        if is_regressor(model) and (seen is None or seen["kind"] == LABEL):
            return {"kind": NUMBER}
    return seen


def _are_probabilities(output: Any) -> bool:
    """Say whether an output has a row of shares a case."""
    shape: tuple[int, ...] = getattr(output, "shape", ())
    if len(shape) != 2 or shape[1] < 2 or not hasattr(output, "sum"):  # noqa: PLR2004 - rows of classes
        return False
    table = output.to_numpy() if hasattr(output, "to_numpy") else output
    if getattr(table.dtype, "kind", "") != "f":
        return False
    return bool((table >= 0).all() and abs(table.sum(axis=1) - 1).max() < 1e-6)  # noqa: PLR2004


def _first(rows: Any) -> Any:
    """Return the first rows of a table, an array, a mapping of columns or a list."""
    if isinstance(rows, Mapping):
        return {name: values[:MOST_ROWS] for name, values in rows.items()}
    if hasattr(rows, "head"):
        return rows.head(MOST_ROWS)
    return rows[:MOST_ROWS]


def _rows(table: Any) -> list[Any]:
    """Return a few rows as JSON: by column name where there are names."""
    if hasattr(table, "to_dicts"):
        rows: list[Any] = table.to_dicts()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = table.to_dict(orient="records")
    elif isinstance(table, Mapping):
        rows = [dict(zip(table, row, strict=False)) for row in zip(*table.values(), strict=False)]
    else:
        dense = table.toarray() if hasattr(table, "toarray") else table
        rows = dense.tolist() if hasattr(dense, "tolist") else list(dense)
    width = max((len(row) for row in rows if isinstance(row, dict | list)), default=1)
    return [_plain(row) for row in rows[: max(1, _MOST_CELLS // max(1, width))]]


def _outputs(model: Any, made: Any, by_class: Any) -> list[Any]:
    """Return what was made of each row; with a probability a class where there are such."""
    told = _rows(made)
    classes = getattr(model, "classes_", None)
    if by_class is None or classes is None or isinstance(by_class, list):
        return told
    return [
        {"prediction": one, **{f"probability_{name}": _plain(share) for name, share in shares}}
        for one, shares in zip(
            told,
            (zip(classes, row, strict=False) for row in by_class.tolist()),
            strict=False,
        )
    ]


def _plain(value: Any) -> Any:
    """Return a cell, or a row of cells, as JSON can hold it."""
    if isinstance(value, Mapping):
        return {whole_text(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return encode_number(value)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return _plain(value.item())
    return whole_text(str(value))[:_LONGEST_TEXT]
