"""How much each input counts to a model: what the script says, else what the estimator knows.

Asked in the script that trained the model, as examples are. Of a pipeline the names that come
out of its first steps are led back to the columns that went in; where that cannot be done without
a guess nothing is kept, and every column counts alike.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from workbench.client.checks import whole_text
from workbench.errors import UsageError

TREES, WEIGHTS, GIVEN = "feature_importances_", "|coef_|", "importance"
"""Where they come from."""
MOST: Final = 5_000
"""Columns that are kept, those that count most."""


def importance_of(model: Any, given: Any, columns: Sequence[str] = ()) -> dict[str, Any] | None:
    """Return importances as an event keeps them; None where nobody knows any.

    Args:
        model: An estimator, or a path, which is asked nothing.
        given: Column to number; or numbers in the order of the columns; None asks the model.
        columns: The model's inputs, where the model does not know their names.

    Raises:
        UsageError: What was given cannot be meant.
    """
    if given is not None:
        return _kept(GIVEN, _given(model, given, columns))
    try:
        word, found = _asked(model, columns)
    except Exception:  # noqa: BLE001 - a model of any kind is asked; one that errs says none
        return None
    return _kept(word, found) if found and _are_meant(found.values()) else None


def _kept(word: str, found: Mapping[str, float]) -> dict[str, Any]:
    most = sorted(found, key=lambda name: -found[name])[:MOST]
    kept = set(most)
    return {
        "from": word,
        "values": {whole_text(name): found[name] for name in found if name in kept},
    }


def _given(model: Any, given: Any, columns: Sequence[str]) -> dict[str, float]:
    """Return what the script says.

    Raises:
        UsageError: It cannot be meant.
    """
    if hasattr(given, "to_dict") and not isinstance(given, Mapping):
        given = given.to_dict()
    if isinstance(given, Mapping):
        found = {str(name): _number(value) for name, value in given.items()}
    else:
        numbers = [_number(value) for value in _listed(given)]
        names = _names(model, columns)
        if len(names) != len(numbers):
            raise UsageError(
                f"These are {len(numbers):,} importances, and the model has {len(names):,} named "
                "columns.",
                hint="Say importance={'column': 0.7, …}.",
            )
        found = dict(zip(names, numbers, strict=True))
    if not _are_meant(found.values()):
        raise UsageError("Importances are numbers from 0 up, and not all of them 0.")
    return found


def _listed(given: Any) -> list[Any]:
    values = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise UsageError(
            "Importances are numbers by column.", hint="Say importance={'column': 0.7, …}."
        )
    return list(values)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _are_meant(values: Iterable[float]) -> bool:
    known = list(values)
    fit = all(math.isfinite(value) and value >= 0 for value in known)
    return bool(known) and fit and 0 < math.fsum(known) < math.inf


# -- asking an estimator -----------------------------------------------------------------


def _asked(model: Any, columns: Sequence[str]) -> tuple[str, dict[str, float]]:
    """Return what an estimator knows, by the names of its inputs; nothing where it knows none."""
    whole = getattr(model, "best_estimator_", model)
    steps = getattr(whole, "steps", None)
    last = steps[-1][1] if steps else whole
    last = getattr(last, "best_estimator_", last)
    word, numbers = _numbers(last)
    if not numbers:
        return word, {}
    inputs = _names(whole, columns)
    if not steps or len(steps) == 1:
        fits = len(inputs) == len(numbers)
        return word, dict(zip(inputs, numbers, strict=True)) if fits else {}
    made = [str(name) for name in whole[:-1].get_feature_names_out()]
    if len(made) != len(numbers):
        return word, {}
    return word, _led_back(made, numbers, inputs)


def _numbers(last: Any) -> tuple[str, list[float]]:
    """Return how much each input of the last step counts."""
    trees = getattr(last, "feature_importances_", None)
    if trees is not None:
        return TREES, [float(value) for value in trees]
    weights = getattr(last, "coef_", None)
    if weights is None:
        return "", []
    dense = weights.toarray() if hasattr(weights, "toarray") else weights
    rows = dense.tolist()
    if rows and not isinstance(rows[0], list):
        rows = [rows]
    return WEIGHTS, [
        math.fsum(abs(value) for value in column) for column in zip(*rows, strict=True)
    ]


def _names(model: Any, columns: Sequence[str]) -> list[str]:
    known = getattr(model, "feature_names_in_", None)
    return [str(name) for name in (columns if known is None else known)]


def _led_back(
    made: Sequence[str], numbers: Sequence[float], inputs: Sequence[str]
) -> dict[str, float]:
    """Return the sums by input; nothing where one name could come of several, or of none.

    ``names__carrier_AA`` comes of ``carrier``: the step before ``__`` is left out, and what
    follows the input begins with an underscore.
    """
    sums = dict.fromkeys(inputs, 0.0)
    for name, number in zip(made, numbers, strict=True):
        bare = name.partition("__")[2] if "__" in name and name not in sums else name
        fitting = [one for one in inputs if bare == one or bare.startswith(f"{one}_")]
        exact = [one for one in fitting if one == bare]
        found = exact or fitting
        if len(found) != 1:
            return {}
        sums[found[0]] += number
    return sums


def columns_in(signature: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the names of the inputs that a signature knows."""
    said = (signature or {}).get("columns")
    columns = said if isinstance(said, list) else []
    return tuple(str(one["name"]) for one in columns if isinstance(one, Mapping) and "name" in one)
