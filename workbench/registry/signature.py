"""What a model takes and gives, as values: columns, types, missing values, ranges, categories.

Made from whatever table the caller has, recognised by what it offers and never
imported. Two versions with the same hash can stand in for each other: it covers
columns, types and the kind of output, and nothing of values, missing ones neither,
because those move with every sample.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from workbench.errors import UsageError
from workbench.runfolder import encode_number
from workbench.words import plural, visible

MOST_CATEGORIES: Final = 50
_MOST_DETAILED: Final = 2_000
"""Columns that are looked into; of further ones only name and type are kept."""
_LONGEST: Final = 200
_MOST_SAID: Final = 20
LABEL, PROBABILITY, NUMBER = "class label", "probability", "number"


def signature_of(
    frame: Any, output: Any = None, *, probability: bool = False, example: bool = False
) -> dict[str, Any]:
    """Return the signature of a table and of what the model made of it; JSON values.

    Args:
        frame: A pandas or polars table, a numpy array, or a mapping of name to values.
        output: What `predict` returned for it; None leaves the output open.
        probability: The output is one probability a class.
        example: The table is some rows of a larger one: ``rows`` then says how many, and a
            column in which none is missing there has ``nullable`` null, which is unknown.

    Raises:
        UsageError: It is no table.
    """
    columns = [_column(name, values, at) for at, (name, values) in enumerate(_columns(frame))]
    made = {"columns": columns, "output": None if output is None else _output(output, probability)}
    if not example:
        return made
    columns = [one | {"nullable": one["nullable"] or None} for one in columns]
    return made | {"columns": columns, "rows": _rows(frame)}


def hash_of(signature: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of columns, types and output kind."""
    columns = [
        [one.get("name"), one.get("dtype")] for one in _listed(_checked(signature).get("columns"))
    ]
    text = json.dumps([columns, _kind(signature)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in sentences what ``after`` takes or gives otherwise than ``before``.

    Values are compared where both were made of whole tables, not of a few rows.
    """
    said = list(_differences(_checked(before), _checked(after)))
    if len(said) > _MOST_SAID:
        return (*said[:_MOST_SAID], f"{plural(len(said) - _MOST_SAID, 'more difference')}.")
    return tuple(said)


# -- tables ------------------------------------------------------------------------------


def _columns(frame: Any) -> Iterator[tuple[str, Any]]:
    """Yield names and values; a column without a name gets its number."""
    if isinstance(frame, Mapping):
        yield from ((_text(name), values) for name, values in frame.items())
    elif hasattr(frame, "columns") and hasattr(frame, "dtypes"):
        by_place = getattr(frame, "iloc", None)
        for at, name in enumerate(frame.columns):
            yield _text(name), frame[name] if by_place is None else by_place[:, at]
    elif len(getattr(frame, "shape", ())) == 2:  # noqa: PLR2004 - rows and columns
        dense = frame.toarray() if hasattr(frame, "toarray") else frame
        for at in range(dense.shape[1]):
            yield str(at), dense[:, at]
    elif len(getattr(frame, "shape", ())) == 1 and hasattr(frame, "dtype"):
        yield _text(getattr(frame, "name", None) or "0"), frame
    else:
        raise UsageError(
            f"A signature is made from a table, not from a {type(frame).__name__}.",
            hint="Pass a pandas or polars table, a numpy array or a mapping.",
        )


def _rows(frame: Any) -> int:
    """Return how many rows a table has."""
    if isinstance(frame, Mapping):
        return max(map(len, frame.values()), default=0)
    return int(frame.shape[0])


def _text(name: object) -> str:
    return str(name).encode("utf-8", "backslashreplace").decode()[:_LONGEST]


def _column(name: str, values: Any, at: int) -> dict[str, Any]:
    said: dict[str, Any] = {"name": name, "dtype": _dtype(values)}
    if at >= _MOST_DETAILED:
        return said | {"nullable": None}
    numbers = _numbers(values)
    if numbers is not None:
        there = numbers[numbers == numbers]  # noqa: PLR0124 - what NaN is not
        return said | {"nullable": len(there) < len(numbers), **_range(there)}
    known = _known(values)
    return said | {"nullable": len(known) < len(values), **_spread(known)}


def _numbers(values: Any) -> Any:
    """Return a column of numbers as an array, to be looked at a million rows at a time."""
    if not hasattr(values, "dtype"):
        return None
    array = values.to_numpy() if hasattr(values, "to_numpy") else values
    return array if getattr(array.dtype, "kind", "") in ("i", "u", "f") else None


def _range(there: Any) -> dict[str, Any]:
    if not len(there):
        return {}
    return {"min": encode_number(there.min().item()), "max": encode_number(there.max().item())}


def _dtype(values: Any) -> str:
    """Return a column's type as its library says it, without the categories of a categorical."""
    dtype = getattr(values, "dtype", None)
    if dtype is None:
        kinds = sorted({type(value).__name__ for value in values if value is not None})
        return "|".join(kinds) or "null"
    said = str(dtype)
    return said.partition("(")[0] if said.startswith(("Categorical(", "Enum(")) else said


def _known(values: Any) -> list[Any]:
    """Return the values that are there, as plain Python values."""
    plain = values.tolist() if hasattr(values, "tolist") else None
    if plain is None:
        plain = values.to_list() if hasattr(values, "to_list") else list(values)
    return [value for value in plain if value is not None and not _is_missing(value)]


def _is_missing(value: Any) -> bool:
    """Say whether a value is NaN, NaT or NA, which are not themselves."""
    try:
        return bool(value != value)  # noqa: PLR0124 - what tells them
    except (TypeError, ValueError):  # pandas.NA answers neither yes nor no; an array many times
        return type(value).__name__ == "NAType"


def _spread(known: Sequence[Any]) -> dict[str, Any]:
    """Return a range for numbers and times, categories for everything else."""
    if not known:
        return {}
    if all(isinstance(value, bool) for value in known):
        return _categories(known)
    if all(isinstance(value, int | float) for value in known):
        return {"min": encode_number(min(known)), "max": encode_number(max(known))}
    if all(hasattr(value, "isoformat") for value in known):
        told = sorted(value.isoformat() for value in known)
        return {"min": told[0], "max": told[-1]}
    return _categories(known)


def _categories(known: Sequence[Any]) -> dict[str, Any]:
    seen = {value if isinstance(value, bool | int) else _text(value) for value in known}
    if len(seen) > MOST_CATEGORIES:
        return {"distinct": len(seen)}
    return {"categories": sorted(seen, key=lambda one: (isinstance(one, str), one))}


def _output(output: Any, probability: bool) -> dict[str, Any]:
    """Return the kind of what a model gave, and what is known of its values."""
    shape = getattr(output, "shape", None)
    if probability:
        classes = shape[1] if shape is not None and len(shape) > 1 else 1
        return {"kind": PROBABILITY, "classes": int(classes)}
    if shape is not None and len(shape) > 1 and shape[1] != 1:
        return {"kind": NUMBER, "columns": int(shape[1]), "dtype": _dtype(output)}
    flat = output.ravel() if hasattr(output, "ravel") else output
    known, dtype = _known(flat), _dtype(flat)
    spread = _spread(known)
    kind = LABEL if "categories" in spread or "distinct" in spread or _whole(known) else NUMBER
    if kind == LABEL and "min" in spread:
        spread = _categories(known)
    return {"kind": kind, "dtype": dtype, **spread}


def _whole(known: Sequence[Any]) -> bool:
    return bool(known) and all(isinstance(value, int) for value in known)


# -- comparing ---------------------------------------------------------------------------


def _checked(signature: object) -> Mapping[str, Any]:
    return signature if isinstance(signature, Mapping) else {}


def _listed(columns: object) -> list[Mapping[str, Any]]:
    """Return columns as they stand in an event, which may be anybody's."""
    if not isinstance(columns, list):
        return []
    return [one for one in columns if isinstance(one, dict)]


def _kind(signature: Mapping[str, Any]) -> str:
    output = _checked(signature).get("output")
    if not isinstance(output, dict):
        return ""
    classes = output.get("classes")
    return f"{output.get('kind')}" + (f" of {classes} classes" if classes is not None else "")


def _named(signature: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {visible(str(one.get("name"))): one for one in _listed(signature.get("columns"))}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    was, now = _named(before), _named(after)
    yield from (f"Column {name} is no longer taken." for name in was if name not in now)
    yield from (f"Column {name} is new." for name in now if name not in was)
    shared = [name for name in was if name in now]
    if shared != [name for name in now if name in was]:
        yield "The columns stand in another order."
    whole = not before.get("rows") and not after.get("rows")
    for name in shared:
        yield from _of_column(name, was[name], now[name])
        yield from _of_values(name, was[name], now[name]) if whole else ()
    if _kind(before) != _kind(after):
        yield f"The output is {_said(_kind(after))} instead of {_said(_kind(before))}."


def _of_column(name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was.get("dtype") != now.get("dtype"):
        yield f"Column {name} is {_said(now.get('dtype'))} instead of {_said(was.get('dtype'))}."
    known = was.get("nullable"), now.get("nullable")
    if None not in known and known[0] != known[1]:
        may = "may be missing now" if known[1] else "may no longer be missing"
        yield f"Column {name} {may}."


def _of_values(name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    gone, new = _changed(was.get("categories"), now.get("categories"))
    if new:
        yield f"Column {name} has new categories: {new}."
    if gone:
        yield f"Column {name} lacks categories: {gone}."
    if "min" in was and "min" in now and (was["min"], was.get("max")) != (
        now["min"], now.get("max"),
    ):  # fmt: skip
        yield f"Column {name} runs {_span(now)} instead of {_span(was)}."


def _changed(was: object, now: object) -> tuple[str, str]:
    if not isinstance(was, list) or not isinstance(now, list):
        return "", ""
    gone = [_said(one) for one in was if one not in now]
    new = [_said(one) for one in now if one not in was]
    return ", ".join(gone[:_MOST_SAID]), ", ".join(new[:_MOST_SAID])


def _span(column: Mapping[str, Any]) -> str:
    return f"from {_said(column.get('min'))} to {_said(column.get('max'))}"


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return visible(str(value))[:_LONGEST] or "open"
