"""What a caller may hand in: numbers, steps, params, tags.

Every sentence a person reads after a wrong call is made here, at the call, and
names the thing that is wrong.
"""

import os
from collections.abc import Mapping
from typing import Any

from workbench.errors import UsageError
from workbench.runfolder import Goal, checked_name, encode_number

_SUMMARIES = ("last", "min", "max", "best", None)
_DEEPEST = 32
"""Levels of nesting in params; deeper ones are a cycle or not a param."""


def metric_value(name: str, value: object) -> float:
    """Return a metric's value as a number.

    Takes whatever stands for one number: ints, bools, NumPy and torch scalars.

    Raises:
        UsageError: It is text, nothing, or more than one number.
    """
    if isinstance(value, int | float):
        return _as_float(name, value)
    if value is None or isinstance(value, str | bytes | complex):
        raise _not_a_number(name, value)
    return _as_float(name, _scalar(value))


def _as_float(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        raise _not_a_number(name, value) from None


def _scalar(value: object) -> object:
    """Return what a one-number array or tensor holds, or the value itself."""
    item = getattr(value, "item", None)
    if item is None:
        return value
    try:
        return item()
    except (TypeError, ValueError, RuntimeError):
        return None


def _not_a_number(name: str, value: object) -> UsageError:
    shown = repr(value)[:60]
    return UsageError(
        f"The metric {name!r} must be a number, not {type(value).__name__} {shown}.",
        hint="Log text with set_tags or log_params.",
    )


def step_number(step: object) -> int:
    """Return a step as a whole number.

    Raises:
        UsageError: It is not one.
    """
    try:
        number = int(step)  # type: ignore[call-overload]
        whole = number == step and not isinstance(step, str)
    except (TypeError, ValueError, OverflowError):
        whole, number = False, 0
    if not whole:
        raise UsageError(f"A step must be a whole number or None, not {step!r}.")
    return int(number)


def plain_params(params: object) -> dict[str, Any]:
    """Return params as JSON can hold them, nested mappings kept.

    Raises:
        UsageError: They are no mapping, or a value is of a kind that cannot be kept.
    """
    if not isinstance(params, Mapping):
        raise UsageError(
            f"Params must be a mapping of name to value, not {type(params).__name__}.",
            hint="Pass vars(args) for a namespace.",
        )
    return {
        checked_name(_key(key), "param"): plain(value, str(key)) for key, value in params.items()
    }


def plain(value: object, where: str, depth: int = 0) -> Any:
    """Return a value as JSON can hold it; ``where`` is its dotted name."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return encode_number(float(value))
    if depth >= _DEEPEST:
        raise UsageError(f"The param {where[:80]!r} is nested too deeply to be kept.")
    return _plain_compound(value, where, depth)


def _plain_compound(value: object, where: str, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {
            checked_name(_key(key), "param"): plain(item, f"{where}.{key}", depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{at}]", depth + 1) for at, item in enumerate(value)]
    if isinstance(value, os.PathLike):
        return whole_text(os.fsdecode(value))
    scalar = _scalar(value)
    if scalar is not None and scalar is not value:
        return plain(scalar, where, depth + 1)
    raise UsageError(
        f"The param {where!r} cannot be written as JSON: it is a {type(value).__name__}.",
        hint="Pass text, numbers, lists or mappings of them.",
    )


def _key(key: object) -> object:
    """Return a mapping's key as a name; JSON has only text there."""
    return str(key) if isinstance(key, int | float) else key


def whole_text(text: str) -> str:
    r"""Return text that UTF-8 can hold; half characters become ``\udc80`` spelled out."""
    if text.isascii():
        return str(text)
    return text.encode("utf-8", "backslashreplace").decode()


def tag_texts(tags: object) -> dict[str, str | None]:
    """Return tags as name to text; None takes a tag away.

    Raises:
        UsageError: They are no mapping, or a value is not text, a number or None.
    """
    if not isinstance(tags, Mapping):
        raise UsageError(f"Tags must be a mapping of name to text, not {type(tags).__name__}.")
    texts: dict[str, str | None] = {}
    for name, value in tags.items():
        if value is not None and not isinstance(value, str | int | float):
            raise UsageError(f"The tag {name!r} must be text, not {type(value).__name__}.")
        texts[checked_name(name, "tag")] = None if value is None else whole_text(str(value))
    return texts


def note_text(note: object) -> str:
    """Return a note.

    Raises:
        UsageError: It is not text.
    """
    if not isinstance(note, str):
        raise UsageError(f"A note must be text, not {type(note).__name__}.")
    return whole_text(note)


def metric_rule(goal: object, summary: object, step_metric: object) -> dict[str, Any]:
    """Return what is said of a metric: its good direction, what stands for it, its x-axis.

    Raises:
        UsageError: A word is not one of those that can be said.
    """
    if goal not in (Goal.MIN, Goal.MAX, None):
        raise UsageError(f'The goal of a metric is "min" or "max", not {goal!r}.')
    if summary not in _SUMMARIES:
        raise UsageError(
            f'The summary of a metric is "last", "min", "max" or "best", not {summary!r}.'
        )
    against = None if step_metric is None else checked_name(step_metric, "metric")
    return {"goal": goal, "summary": summary, "step_metric": against}


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Merge nested params by name, the later one winning."""
    for name, value in more.items():
        old = into.get(name)
        if isinstance(old, dict) and isinstance(value, Mapping):
            merge(old, value)
        else:
            into[name] = dict(value) if isinstance(value, Mapping) else value
